"""What each visible change of an upload adds to the update of its record: version, time and event.

- `changes` is one less than the version. Records of a release before 4 lack it: they have version
  1, like new ones.
- `changed_at` is the time of the change by the service's clock, for clients.
- `changed` is the place of the change in the feed: the cluster time, by which MongoDB orders the
  writes of a replica set. The server sets it, so the clocks of this service do not matter. It never
  decreases, not even when another member with another clock becomes primary.
- `outbox` has the events that wait to be handed over. Each update appends one and raises the
  version by one, so the last event is that of the present version, and each other one is that of
  the version before the next. They need no number, so the update needs none: it is not
  conditional on a version, and a rename makes no other change fail.
- `relay_at` is when the sweep hands them over.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gql_api.domain.clock import Clock, utc_now
from gql_api.domain.outbox import OUTBOX_MAX, OVERDUE_AFTER, EventSwitch
from gql_api.domain.upload_events import UploadEventType

Document = dict[str, Any]
Update = Mapping[str, Document]
"""`$set` and `$unset`, as returned by `documents.set_or_unset`, and what `Versions` adds."""

FIELDS = frozenset({"changed_at", "outbox", "relay_at"})
"""The fields that `Versions` sets or removes in an update."""

_STAMP: Document = {"changed": {"$type": "timestamp"}}


class Versions:
    """Adds to updates what each visible change of an upload needs."""

    def __init__(self, clock: Clock = utc_now, wants_events: EventSwitch | None = None) -> None:
        """Without `wants_events`, no events are written."""
        self._clock = clock
        self._wants_events = wants_events

    async def raised(
        self, update: Update, event: UploadEventType, at: datetime | None = None
    ) -> Update:
        """Return the update with the next version, the time of the change and its event."""
        at = at or self._clock()
        raised = {
            **update,
            "$set": {**update.get("$set", {}), "changed_at": at},
            "$inc": {"changes": 1},
            "$currentDate": _STAMP,
        }
        if self._wants_events is not None and await self._wants_events():
            written = {"type": event.value, "at": at}
            # If more are waiting, the oldest go: see `OUTBOX_MAX`.
            raised["$push"] = {"outbox": {"$each": [written], "$slice": -OUTBOX_MAX}}
            raised["$min"] = {"relay_at": at + OVERDUE_AFTER}
        else:
            # An event of an earlier version, without those since, would get a wrong number.
            gone = {"outbox": "", "relay_at": ""}
            raised["$unset"] = {**update.get("$unset", {}), **gone}
        return raised
