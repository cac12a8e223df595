"""Delays between retries: exponential backoff with jitter and an upper bound.

Jitter (a random fraction of the bound) spreads out clients that failed at the same moment; see
"Exponential Backoff And Jitter" in the AWS Architecture Blog.
"""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Event

from media_client.errors import Stopped

FIRST_SECONDS = 0.25
LONGEST_SECONDS = 20.0


def delay_seconds(attempt: int, at_least: float = 0.0) -> float:
    """Return the delay after failure number `attempt` (from 1), at least a server's Retry-After."""
    bound = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(attempt, 16))
    return max(at_least, random.uniform(bound / 4, bound))  # noqa: S311  # nosec B311


def wait(seconds: float, stop: Event | None) -> None:
    """Sleep, but wake up as soon as `stop` is set.

    Raises:
        Stopped: `stop` was set.
    """
    if (stop or Event()).wait(seconds):
        raise Stopped


def retry_after_seconds(value: str | None, now: datetime | None = None) -> float:
    """Parse a Retry-After header (RFC 9110, section 10.2.3), capped at 300 s.

    It has seconds, or a date, which counts from `now`. Invalid values count as 0.
    """
    try:
        seconds = float(value or 0)
    except ValueError:
        seconds = _seconds_until(value or "", now or datetime.now(UTC))
    return min(300.0, max(0.0, seconds)) if math.isfinite(seconds) else 0.0


def _seconds_until(date: str, now: datetime) -> float:
    try:
        return (parsedate_to_datetime(date).astimezone(UTC) - now).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return 0.0
