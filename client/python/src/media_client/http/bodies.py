"""Request bodies that are sent piece by piece, with a callback per piece."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileSlice:
    """A range of an open file. `on_sent` is called with the size of each chunk sent."""

    file: int
    offset: int
    size: int
    on_sent: Callable[[int], None] | None = None


@dataclass(frozen=True, slots=True)
class BytesSlice:
    """Bytes in memory. `on_sent` is called with the size of each chunk sent."""

    data: memoryview
    on_sent: Callable[[int], None] | None = None

    @property
    def size(self) -> int:
        """The size in bytes."""
        return self.data.nbytes


Body = bytes | FileSlice | BytesSlice
