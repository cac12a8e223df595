"""The request log: what is known about a request, and its line in the log.

    {"operation": "requestUpload", "type": "mutation", "outcome": "failed",
     "codes": ["QUOTA_EXCEEDED"], "status": 200, "milliseconds": 12.3, "user": "01a2…",
     "request_id": "6f…"}

On AWS, the line also carries the metrics (`gql_api/adapters/metrics.py`). The operation is the name
of the document's root field, which comes from the schema. Documents, variables, the name that the
client gave the operation, and headers are not logged: clients put secrets into them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum

from gql_api.domain.metrics import INTERNAL_ERRORS, OPERATION, OUTCOME, REQUESTS, MetricsWriter

UNKNOWN_OPERATION = "unknown"
SEVERAL_OPERATIONS = "several"


class Outcome(StrEnum):
    """How a request ended; a dimension of the metric REQUESTS. The log has the codes, too."""

    OK = "ok"
    FAILED = "failed"  # At least one result is a failure, such as QuotaExceeded.
    REFUSED = "refused"  # At least one error is the client's, such as UNAUTHENTICATED.
    INTERNAL = "internal"  # At least one error is ours.


class RequestRecord:
    """What is known about a request, filled in while it is answered.

    `operations` are root fields of the schema, or the path's name, such as `health`. `codes` are
    those of failures and errors in the response.
    """

    def __init__(self, request_id: str) -> None:
        self.request_id = request_id
        self.operations: tuple[str, ...] = ()
        self.type: str | None = None
        self.user: str | None = None
        self.status: int | None = None
        self.outcome = Outcome.OK
        self.codes: dict[str, None] = {}
        self._began = time.perf_counter()

    @property
    def operation(self) -> str:
        """One name for the metrics, so that the schema limits the number of names."""
        if len(self.operations) > 1:
            return SEVERAL_OPERATIONS
        return self.operations[0] if self.operations else UNKNOWN_OPERATION

    def note(self, code: str, outcome: Outcome) -> None:
        """Record an error or a failure in the response; the worst outcome remains."""
        self.codes[code] = None
        if _SEVERITY[outcome] > _SEVERITY[self.outcome]:
            self.outcome = outcome

    def finish(self, metrics: MetricsWriter) -> None:
        """Count the request and write its line."""
        if (self.status or 0) >= 500:
            self.outcome = Outcome.INTERNAL
        metrics.count(REQUESTS, 1, **{OPERATION: self.operation, OUTCOME: self.outcome.value})
        if self.outcome is Outcome.INTERNAL:
            metrics.count(INTERNAL_ERRORS)
        metrics.flush(self._line())

    def _line(self) -> dict[str, object]:
        line = {
            "operation": ",".join(self.operations) or UNKNOWN_OPERATION,
            "type": self.type,
            "outcome": self.outcome.value,
            "codes": list(self.codes) or None,
            "status": self.status,
            "milliseconds": round((time.perf_counter() - self._began) * 1000, 1),
            "user": self.user,
            "request_id": self.request_id,
        }
        return {name: value for name, value in line.items() if value is not None}


_SEVERITY = {outcome: rank for rank, outcome in enumerate(Outcome)}
_current: ContextVar[RequestRecord] = ContextVar("_current")


def current() -> RequestRecord:
    """Return the record of the current request; outside of a request, one that is discarded."""
    record = _current.get(None)
    return RequestRecord("") if record is None else record


@contextmanager
def recording(record: RequestRecord) -> Iterator[None]:
    """Make `record` the current one in the block."""
    token = _current.set(record)
    try:
        yield
    finally:
        _current.reset(token)
