"""Metrics: the numbers that alarms and dashboards are made of.

A value has a name from this module and a few dimensions. Each combination of dimension values is a
separate series, which AWS bills, so the values come from the code and the schema, never from a
client. Metrics without dimensions and those with dimensions have different names. Alarms watch
these names in template.yaml; a test compares them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

# Each request, by the dimensions OPERATION and OUTCOME.
REQUESTS = "Requests"
# Each request that failed unexpectedly: its client got an INTERNAL error.
INTERNAL_ERRORS = "InternalErrors"
# Each file that was refused because it exceeds its user's quota.
QUOTA_REFUSED = "QuotaRefused"
# The time in seconds from the request of an upload until it was STORED.
SECONDS_TO_STORED = "SecondsToStored"
# Each file from which the media function derived facts, and each from which it could not.
MEDIA_PROCESSED = "MediaProcessed"
MEDIA_FAILED = "MediaFailed"
# Each file of facts that is not valid: the media function has an error, or was taken over.
FACTS_INVALID = "FactsInvalid"
# The time in seconds from STORED until the facts were recorded.
SECONDS_TO_PROCESSED = "SecondsToProcessed"
# Each storage event and each object to read back, by its result.
EVENTS_HANDLED = "EventsHandled"
EVENTS_FAILED = "EventsFailed"
# Each sweep that ran to its end, whether or not its steps succeeded. An alarm reports their
# absence.
SWEEP_COMPLETED = "SweepCompleted"
# Each step of a sweep that stopped with an error.
SWEEP_STEP_FAILED = "SweepStepFailed"
# Objects in the bucket that the database does not know, each time a sweep or an event finds one.
UNKNOWN_OBJECTS = "UnknownObjects"
# Each request to a receiver of webhooks, by its result, and each event that was given up.
WEBHOOKS_DELIVERED = "WebhooksDelivered"
WEBHOOKS_FAILED = "WebhooksFailed"
WEBHOOKS_DEAD = "WebhooksDead"
# The time in seconds from the change of an upload until a receiver accepted its event.
SECONDS_TO_DELIVERED = "SecondsToDelivered"

OPERATION = "Operation"
OUTCOME = "Outcome"


class Metrics(Protocol):
    """Records values. Neither method fails or waits."""

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """Add `value` to a counter."""
        ...

    def duration(self, name: str, seconds: float, **dimensions: str) -> None:
        """Record one duration in seconds."""
        ...


class MetricsWriter(Metrics, Protocol):
    """Collects values until they are written, at the end of each request or invocation."""

    def flush(self, properties: Mapping[str, object] | None = None) -> None:
        """Write what was recorded since the last call; does not fail.

        `properties` describe what happened, for the log; they are not metrics. Their values are
        those of JSON.
        """
        ...


class NoMetrics:
    """Records nothing."""

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """Do nothing."""

    def duration(self, name: str, seconds: float, **dimensions: str) -> None:
        """Do nothing."""

    def flush(self, properties: Mapping[str, object] | None = None) -> None:
        """Do nothing."""
