"""The port of the clock, and the clock of the system."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Returns the current time in UTC. Never raises."""

    def __call__(self) -> datetime: ...


def utc_now() -> datetime:
    """Return the current time, truncated to milliseconds, MongoDB's precision."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
