"""A clock that tests control."""

from __future__ import annotations

from datetime import datetime, timedelta


class SettableClock:
    """A `Clock` that stands still until a test moves it.

    It starts at the real time because the S3 server compares signatures with its own clock.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        """Move the clock forward; `by` takes the arguments of `timedelta`, such as `seconds=5`."""
        self.now += timedelta(**by)
