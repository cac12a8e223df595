"""Local files to upload, and detecting that one has changed."""

from __future__ import annotations

import mimetypes
import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from media_client.errors import SourceChanged, SourceError
from media_client.names import visible

_FALLBACK_TYPE = "application/octet-stream"
_TYPE = re.compile(
    r"\s*[!#$%&'+.^_`|~0-9A-Za-z-]+/[!#$%&'+.^_`|~0-9A-Za-z-]+\s*(;[ -~]*)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Metadata that changes when a file does. `size` is in bytes."""

    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Fingerprint:
        """Return the fingerprint from a stat result."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ino)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to upload, with the name, media type and tags that the upload will have.

    `sha256`: the base64 SHA-256 of the whole file, if known. It is declared to the service, which
    verifies it.
    """

    path: Path
    filename: str
    content_type: str
    tags: Sequence[str] = ()
    sha256: str | None = None

    @classmethod
    def at(
        cls,
        path: str | os.PathLike[str],
        *,
        filename: str | None = None,
        content_type: str | None = None,
        tags: Sequence[str] = (),
    ) -> Source:
        """Create a source. The name defaults to the file's; the media type is guessed from it.

        A `content_type` that is not a media type, such as `foo`, is replaced by
        application/octet-stream.
        """
        path = Path(path)
        name = path.name if filename is None else filename
        content_type = content_type or guess_type(name)
        if not _TYPE.fullmatch(content_type):
            content_type = _FALLBACK_TYPE
        return cls(path, as_text(name), content_type, tuple(tags))

    def fingerprint(self) -> Fingerprint:
        """Return the file's current fingerprint.

        Raises:
            SourceError: the file can't be read, or is not a regular file.
        """
        try:
            status = os.stat(self.path)
        except (OSError, ValueError) as error:
            raise unreadable(self.path, error) from error
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(f"{shown(self.path)} is not a regular file.")
        return Fingerprint.of(status)

    def open(self, expected: Fingerprint) -> int:
        """Open the file and return its descriptor.

        Raises:
            SourceError: the file can't be read.
            SourceChanged: its fingerprint is not `expected`.
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
    """Raise SourceChanged if the open file no longer has the expected fingerprint."""
    now = Fingerprint.of(os.fstat(file))
    if now == expected:
        return
    how = f"it has {now.size} bytes instead of {expected.size}"
    if now.size == expected.size:
        how = "it was modified or replaced"
    raise SourceChanged(f"{shown(path)} changed while it was being sent: {how}.")


def guess_type(name: str) -> str:
    """Guess the media type from a name's extension."""
    guessed, encoding = mimetypes.guess_type(name)
    # For "archive.tar.gz" the guess is a tar with gzip encoding, but the bytes are not a tar.
    return _FALLBACK_TYPE if encoding or guessed is None else guessed


def as_text(name: str) -> str:
    """Replace invalid Unicode in a file name: Linux allows it, the service does not."""
    # Not os.fsencode: in a locale that is not UTF-8, it fails for names that the service sends.
    try:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:  # Unpaired surrogates, which Windows allows in names.
        return name.encode("utf-8", "replace").decode("utf-8")


def shown(path: str | os.PathLike[str]) -> str:
    """Format a path or a name for printing: on one line, with nothing hidden in it."""
    text = as_text(os.fspath(path))
    return visible(text) if text else ""


def unreadable(path: Path, error: OSError | ValueError) -> SourceError:
    """Create the error that says why a file can't be read."""
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return SourceError(f"{shown(path)} can't be read: {reason}.")
