"""How long to wait before another try: exponential, with full jitter, in bounds.

Full jitter (a random time from 0 to the bound) spreads clients that failed at the same moment;
see "Exponential Backoff And Jitter" in the AWS Architecture Blog.
"""

from __future__ import annotations

import random
from threading import Event

from media_client.errors import Stopped

FIRST_SECONDS = 0.25
LONGEST_SECONDS = 20.0


def delay_seconds(attempt: int, at_least: float = 0.0) -> float:
    """The wait after failure number `attempt` (from 1); a server's Retry-After is kept."""
    bound = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(attempt, 16))
    return max(at_least, random.uniform(bound / 4, bound))  # noqa: S311  # nosec B311


def wait(seconds: float, stop: Event | None) -> None:
    """Sleep, unless or until the caller stops the transfer.

    Raises:
        Stopped: the caller asked for it.
    """
    if (stop or Event()).wait(seconds):
        raise Stopped("The transfer was stopped.")


def retry_after_seconds(value: str | None) -> float:
    """The seconds of a Retry-After header; dates and nonsense count as none."""
    try:
        return min(300.0, max(0.0, float(value or 0)))
    except ValueError:
        return 0.0
