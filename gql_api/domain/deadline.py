"""The time limit of the current request.

The HTTP layer sets a limit for each request; adapters query the remaining time before they wait.
Tasks that the request starts inherit the limit. Work without a limit, such as the sweep, is
subject only to the timeouts of the adapters.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# A client waits 10 s for a response. The remaining two are for the network, for the start of a
# Lambda environment, and for reporting the error.
REQUEST_SECONDS = 8.0

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Limit the time of the block, unless an outer limit ends sooner."""
    deadline = time.monotonic() + seconds
    outer = _deadline.get()
    token = _deadline.set(deadline if outer is None else min(outer, deadline))
    try:
        yield
    finally:
        _deadline.reset(token)


def seconds_left() -> float | None:
    """Return the seconds left, at least 0; None if there is no limit."""
    deadline = _deadline.get()
    return None if deadline is None else max(0.0, deadline - time.monotonic())
