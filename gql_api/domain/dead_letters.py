"""The port of a queue of messages that could not be handled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol


class DeadLetter(NamedTuple):
    """A message that could not be handled."""

    id: str
    sent_at: datetime
    body: str


class Redrive(NamedTuple):
    """The progress of moving messages back. `failure` is set if it ended early."""

    moved: int
    running: bool
    failure: str | None = None


class DeadLetters(Protocol):
    """A dead-letter queue."""

    async def count(self) -> int:
        """Return the approximate number of messages."""
        ...

    async def peek(self, limit: int) -> Sequence[DeadLetter]:
        """Return up to `limit` messages, and leave them in the queue."""
        ...

    async def start_redrive(self) -> None:
        """Start to move all messages back to the queue that they came from."""
        ...

    async def redrive(self) -> Redrive:
        """Return the progress of the last redrive."""
        ...
