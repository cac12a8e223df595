"""Unknown objects: bytes in the bucket that no record in the database names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol


class UnknownObject(NamedTuple):
    """An object, or a multipart upload in progress, that no record names.

    `mark` tells it from others under the same key: the object's ETag and time of modification.
    `multipart_id` is None for an object.
    """

    key: str
    mark: str
    multipart_id: str | None = None


class Note(NamedTuple):
    """An unknown object, and when a sweep first found it with this mark."""

    found: UnknownObject
    first_seen: datetime


class UnknownObjects(Protocol):
    """Remembers a bounded number of unknown objects from one sweep to the next."""

    async def note(self, found: Sequence[UnknownObject], now: datetime) -> None:
        """Note objects; each keeps the time when it was first seen with the same mark."""
        ...

    async def seen_before(self, moment: datetime, limit: int) -> Sequence[Note]:
        """Return notes of objects first seen before `moment`, the oldest first."""
        ...

    async def take(self, note: Note) -> bool:
        """Remove the note; returns False if it has changed or another process has taken it."""
        ...

    async def clear(self) -> None:
        """Remove all notes."""
        ...
