"""How much time is left for what is being done.

Whoever answers a request sets a limit; adapters ask what is left of it before they wait for
something. It goes along into the tasks that are started meanwhile. Work without a limit, such as
the sweep, has the time-outs of the adapters only.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# A client waits 10 s for an answer. Two of them are left for the way, for the start of a Lambda
# environment, and for telling what went wrong.
REQUEST_SECONDS = 8.0

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Limit what is done inside, unless an outer limit ends sooner."""
    deadline = time.monotonic() + seconds
    outer = _deadline.get()
    token = _deadline.set(deadline if outer is None else min(outer, deadline))
    try:
        yield
    finally:
        _deadline.reset(token)


def seconds_left() -> float | None:
    """What is left of the limit, 0 or more; None where there is no limit."""
    deadline = _deadline.get()
    return None if deadline is None else max(0.0, deadline - time.monotonic())
