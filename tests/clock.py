"""A clock that tests set."""

from __future__ import annotations

from datetime import datetime, timedelta


class SettableClock:
    """`Clock`; stands still until it is moved.

    It begins at the real time, since the S3 server compares signatures with its own clock.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        """Move the clock; `by` is as for `timedelta`, such as `seconds=5`."""
        self.now += timedelta(**by)
