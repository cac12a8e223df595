"""Local files that are to be sent, and how to tell that one is not what it was."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from media_client.errors import SourceChanged, SourceError

_HASH_BYTES = 1024 * 1024
_FALLBACK_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What changes when a file does. Times are in nanoseconds."""

    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Fingerprint:
        """The fingerprint that a stat shows."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ino)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be sent, under the name and type that the service will know it by."""

    path: Path
    filename: str
    content_type: str
    tags: Sequence[str] = ()

    @classmethod
    def at(
        cls,
        path: str | os.PathLike[str],
        *,
        filename: str | None = None,
        content_type: str | None = None,
        tags: Sequence[str] = (),
    ) -> Source:
        """A file, with its name and the type that its ending stands for, unless given."""
        path = Path(path)
        name = path.name if filename is None else filename
        return cls(path, as_text(name), content_type or guess_type(name), tuple(tags))

    def fingerprint(self) -> Fingerprint:
        """The fingerprint of the file as it is now.

        Raises:
            SourceError: it is not there, or is no regular file.
        """
        try:
            status = os.stat(self.path)
        except (OSError, ValueError) as error:
            raise unreadable(self.path, error) from error
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(f"{shown(self.path)} is not a regular file.")
        return Fingerprint.of(status)

    def open(self, expected: Fingerprint) -> int:
        """A file descriptor, of the file as it was when it had this fingerprint.

        Raises:
            SourceError: it can't be read.
            SourceChanged: it is another one now.
        """
        try:
            file = os.open(self.path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        except OSError as error:
            raise unreadable(self.path, error) from error
        try:
            check_unchanged(file, expected, self.path)
        except BaseException:
            os.close(file)
            raise
        return file


def check_unchanged(file: int, expected: Fingerprint, path: Path) -> None:
    """Raise SourceChanged if the open file is not what it was."""
    now = Fingerprint.of(os.fstat(file))
    if now == expected:
        return
    how = f"it has {now.size} bytes instead of {expected.size}"
    if now.size == expected.size:
        how = "it was written to"
    raise SourceChanged(f"{shown(path)} changed while it was being sent: {how}.")


def sha256(file: int, offset: int, size: int) -> str:
    """The Base64 SHA-256 of a slice, through one small buffer.

    Raises:
        SourceChanged: the file ends too early.
    """
    digest, buffer = hashlib.sha256(), memoryview(bytearray(min(_HASH_BYTES, max(1, size))))
    end = offset + size
    while offset < end:
        piece = buffer[: min(len(buffer), end - offset)]
        count = os.preadv(file, [piece], offset)
        if count == 0:
            raise SourceChanged("The file became shorter while it was read.")
        digest.update(piece[:count])
        offset += count
    return base64.b64encode(digest.digest()).decode()


def guess_type(name: str) -> str:
    """The media type that a name's ending stands for."""
    guessed, encoding = mimetypes.guess_type(name)
    # "archive.tar.gz" is guessed to be a tar; what is sent is its compressed form.
    return _FALLBACK_TYPE if encoding or guessed is None else guessed


def as_text(name: str) -> str:
    """A file name as the service takes it: names need not be Unicode on Linux, texts must be."""
    return os.fsencode(name).decode("utf-8", "replace")


def shown(path: str | os.PathLike[str]) -> str:
    """A path as it can be printed, on one line and without control characters."""
    text = as_text(os.fspath(path))
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def unreadable(path: Path, error: OSError | ValueError) -> SourceError:
    """The error that says why a file can't be read."""
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return SourceError(f"{shown(path)} can't be read: {reason}.")
