"""What a job sends: a range of an open file, or a part of a stream that was read into memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from media_client.http.bodies import Body, BytesSlice, FileSlice
from media_client.transfer import checksums
from media_client.transfer.source import Fingerprint, check_unchanged

OnSent = Callable[[int], None]


class Content(Protocol):
    """The bytes of a part, or of the whole file. Offsets count from the start of the file."""

    def body(self, offset: int, size: int, on_sent: OnSent) -> Body:
        """Return a request body with these bytes."""

    def sha256(self, offset: int, size: int) -> str:
        """Return the Base64 SHA-256 of these bytes."""

    def check_unchanged(self) -> None:
        """Raise SourceChanged if the bytes have changed since the upload began."""


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that was opened for sending. `expected` is its fingerprint from before."""

    file: int
    path: Path
    expected: Fingerprint

    def body(self, offset: int, size: int, on_sent: OnSent) -> Body:
        """See `Content`."""
        return FileSlice(self.file, offset, size, on_sent)

    def sha256(self, offset: int, size: int) -> str:
        """See `Content`."""
        return checksums.sha256(self.file, offset, size)

    def check_unchanged(self) -> None:
        """See `Content`."""
        check_unchanged(self.file, self.expected, self.path)

    def close(self) -> None:
        """Close the file."""
        os.close(self.file)


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of a stream from `start` on."""

    start: int
    data: memoryview

    def body(self, offset: int, size: int, on_sent: OnSent) -> Body:
        """See `Content`."""
        return BytesSlice(self._range(offset, size), on_sent)

    def sha256(self, offset: int, size: int) -> str:
        """See `Content`."""
        return checksums.of_pieces(checksums.SHA256, [self._range(offset, size)])

    def check_unchanged(self) -> None:
        """See `Content`: bytes in memory do not change."""

    def _range(self, offset: int, size: int) -> memoryview:
        return self.data[offset - self.start : offset - self.start + size]
