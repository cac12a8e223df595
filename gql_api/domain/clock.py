"""The port of the clock."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Returns the current time in UTC. Never raises."""

    def __call__(self) -> datetime: ...
