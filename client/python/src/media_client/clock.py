"""The service's clock, as far as its answers show it.

Sessions and signed URLs expire by the service's clock. The clock of this machine may differ, so
times are converted before they are compared.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_FRESH = timedelta(seconds=20)


class Clock:
    """Converts between the service's time and that of this machine. Safe to use from threads."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def observe(self, date: str | None) -> None:
        """Learn from the Date header of an answer. Invalid values are ignored."""
        try:
            there = parsedate_to_datetime(date or "")
            self._ahead = there.astimezone(UTC) - datetime.now(UTC)
        except (TypeError, ValueError, OverflowError):
            return

    def now(self) -> datetime:
        """Return the service's time."""
        return datetime.now(UTC) + self._ahead

    def is_fresh(self, expires_at: datetime) -> bool:
        """Return whether a signed URL with this expiry is valid long enough to send a request."""
        return expires_at - _FRESH > self.now()

    def local(self, there: datetime) -> datetime:
        """Convert a time of the service's clock to one of this machine's clock."""
        return there - self._ahead
