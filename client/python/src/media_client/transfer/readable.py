"""Bytes to upload that are not in a file on disk."""

from __future__ import annotations

import io
import select
import sys
import threading
from collections.abc import Iterator
from typing import Any, Protocol

from media_client.errors import SourceChanged, SourceError, Stopped

_READ_BYTES = 1024 * 1024
_POLL_MILLISECONDS = 200
_NOT_BINARY = "it returns text. Open it in binary mode"


class Readable(Protocol):
    """A binary file object: an open file, a pipe, the response of an HTTP library."""

    def read(self, size: int, /) -> bytes | None:
        """Read at most `size` bytes; returns nothing at the end."""


class Stream:
    """A binary file object of `size` bytes, counted from its current position. Thread-safe.

    Ranges are read in order, or in any order if it can seek. `name` is for messages. The file
    object may come from any library, so its type is not checked.
    """

    def __init__(self, file: Any, size: int, name: str) -> None:
        self.size = size
        self._file = file
        self._name = name
        self._position = 0
        self._lock = threading.Lock()
        self.can_seek = _can_seek(file)
        self._start: int = self._file.tell() if self.can_seek else 0

    def read(self, offset: int, size: int, stop: threading.Event) -> memoryview:
        """Read a range into memory.

        Raises:
            SourceError: it can't be read, or can't be read again, or has more than `size` bytes.
            SourceChanged: it ends too early.
            Stopped: `stop` was set.
        """
        data, filled = memoryview(bytearray(size)), 0
        for piece in self.pieces(offset, size, stop):
            data[filled : filled + len(piece)] = piece
            filled += len(piece)
        return data

    def pieces(self, offset: int, size: int, stop: threading.Event) -> Iterator[memoryview]:
        """Yield a range piece by piece. Raises the same errors as `read`."""
        with self._lock:
            self._seek(offset)
            end = offset + size
            while self._position < end:
                if stop.is_set():
                    raise Stopped
                piece = self._read(min(_READ_BYTES, end - self._position), stop)
                if not piece:
                    raise SourceChanged(
                        f"{self._name} ended after {self._position} bytes instead of {self.size}."
                    )
                self._position += len(piece)
                yield memoryview(piece)
            if end == self.size and self._read(1, stop):
                self._position += 1
                raise SourceError(f"{self._name} has more than {self.size} bytes.")

    def keep(self, stop: threading.Event) -> None:
        """Read everything into memory if that is needed to read it twice. Raises as `read` does."""
        if not self.can_seek:
            self._file = io.BytesIO(self.read(0, self.size, stop))
            self._start, self.can_seek = 0, True
            self._position = 0

    def _seek(self, offset: int) -> None:
        if offset == self._position:
            return
        if not self.can_seek:
            raise SourceError(f"{self._name} can't be sent again: it can be read only once.")
        try:
            self._file.seek(self._start + offset)
        except (OSError, ValueError) as error:
            raise self._unreadable(error) from error
        self._position = offset

    def _read(self, size: int, stop: threading.Event) -> bytes:
        """Read at most `size` bytes; returns nothing at the end."""
        while not _is_ready(self._file):
            if stop.is_set():
                raise Stopped
        try:
            piece: bytes | str | None = self._file.read(size)
        except Exception as error:  # File objects of other libraries raise their own errors.
            raise self._unreadable(error) from error
        if piece is None:
            raise self._unreadable("it does not block")
        if isinstance(piece, str):
            raise self._unreadable(_NOT_BINARY)
        return piece

    def _unreadable(self, reason: object) -> SourceError:
        if isinstance(reason, OSError) and reason.strerror:
            reason = reason.strerror
        return SourceError(f"{self._name} can't be read: {str(reason).rstrip('.')}.")


def stream_of(data: bytes | Readable, size: int | None, name: str) -> Stream:
    """Return a stream of bytes, or of a binary file object from its current position on.

    Raises:
        TypeError: a text file.
        ValueError: the size is unknown, negative, or not that of the bytes.
    """
    given: Any = data
    if isinstance(given, io.TextIOBase):
        raise TypeError(f"{name}: {_NOT_BINARY}.")
    file = io.BytesIO(data) if isinstance(data, bytes | bytearray | memoryview) else data
    known = _rest_of(file)
    if size is None and known is None:
        raise ValueError(f"{name}: pass size, the number of bytes, because it can't seek.")
    stated = known if size is None else size
    if stated is None or stated < 0:
        raise ValueError(f"{name}: size is {stated}; it can't be negative.")
    return Stream(file, stated, name)


def _rest_of(file: Any) -> int | None:
    """Return the number of bytes from the current position to the end; None if it can't seek."""
    if not _can_seek(file):
        return None
    position: int = file.tell()
    size: int = file.seek(0, io.SEEK_END) - position
    file.seek(position)
    return max(0, size)


def _can_seek(file: Any) -> bool:
    seekable = getattr(file, "seekable", None)
    return bool(seekable is not None and seekable())


def _is_ready(file: Any) -> bool:
    """Wait a moment for bytes or the end, so that a silent pipe does not delay the end of a run.

    Only for files without a buffer: what is in a buffer, select does not know.
    """
    if sys.platform == "win32" or not isinstance(file, io.FileIO) or file.closed:
        return True  # Windows can only poll sockets.
    poll = select.poll()
    poll.register(file, select.POLLIN)
    return bool(poll.poll(_POLL_MILLISECONDS))
