"""Local files to upload, and detecting that one has changed."""

from __future__ import annotations

import errno
import mimetypes
import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from media_client.errors import SourceChanged, SourceError
from media_client.names import visible
from media_client.transfer.readable import Readable, Stream, stream_of

STDIN = Path("-")
# Not blocking: the path may have become a pipe since its type was checked. Files ignore the flag.
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)
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
    `stream`: the bytes, if they are not in a file. `path` is `-` then.
    `upload_id`: a pending upload of the same file, such as one that was begun on another machine.
    Only the missing parts are sent, and `filename`, `content_type` and `tags` are ignored.
    """

    path: Path
    filename: str
    content_type: str
    tags: Sequence[str] = ()
    sha256: str | None = None
    stream: Stream | None = None
    upload_id: str | None = None

    @classmethod
    def at(
        cls,
        path: str | os.PathLike[str],
        *,
        filename: str | None = None,
        content_type: str | None = None,
        tags: Sequence[str] = (),
        upload_id: str | None = None,
    ) -> Source:
        """Create a source. The name defaults to the file's; the media type is guessed from it.

        A `content_type` that is not a media type, such as `foo`, is replaced by
        application/octet-stream.

        Raises:
            SourceError: the path is empty.
        """
        if not os.fspath(path):
            raise empty_path()
        path = Path(path)
        name = path.name if filename is None else filename
        return cls(
            path, as_text(name), _type(name, content_type), tuple(tags), None, None, upload_id
        )

    @classmethod
    def of(
        cls,
        data: bytes | Readable,
        *,
        filename: str,
        size: int | None = None,
        content_type: str | None = None,
        tags: Sequence[str] = (),
    ) -> Source:
        """Create a source from bytes, or from a binary file object from its position on.

        A file object that can't seek needs its `size` in bytes. It must end after that many. It is
        read part by part while the upload runs, by another thread, and is not closed.

        Raises:
            TypeError: a text file.
            ValueError: the size is unknown or negative.
        """
        stream = stream_of(data, size, shown(filename))
        media_type = _type(filename, content_type)
        return cls(STDIN, as_text(filename), media_type, tuple(tags), stream=stream)

    def fingerprint(self) -> Fingerprint:
        """Return the file's current fingerprint.

        Raises:
            SourceError: the file can't be read, is not a regular file, or does not have the size
                that the system reports.
        """
        if self.stream is not None:
            return Fingerprint(self.stream.size, 0, 0)
        try:
            status = os.stat(self.path)
        except (OSError, ValueError) as error:
            raise unreadable(self.path, error) from error
        if not stat.S_ISREG(status.st_mode):
            raise _special(self.path, status.st_mode)
        if not getattr(status, "st_blocks", 1):
            self._check_size(status.st_size)
        return Fingerprint.of(status)

    def open(self, expected: Fingerprint) -> int:
        """Open the file and return its descriptor.

        Raises:
            SourceError: the file can't be read.
            SourceChanged: its fingerprint is not `expected`.
        """
        file = self._open()
        try:
            check_unchanged(file, expected, self.path)
        except BaseException:
            os.close(file)
            raise
        return file

    def _open(self) -> int:
        try:
            return os.open(self.path, _OPEN_FLAGS)
        except OSError as error:
            raise unreadable(self.path, error) from error

    def _check_size(self, size: int) -> None:
        """Compare a file without blocks on disk with its size.

        An empty or sparse file has none, and passes. Neither have the files of /proc and /sys: the
        kernel writes them when they are read, and their sizes are wrong (proc(5), sysfs).
        """
        file = self._open()
        try:
            os.lseek(file, max(0, size - 1), os.SEEK_SET)
            last = os.read(file, 1)
        except OSError as error:
            raise unreadable(self.path, error) from error
        finally:
            os.close(file)
        if bool(last) is not bool(size):
            raise SourceError(
                f"{shown(self.path)} does not have the {size} bytes that the system says it has. "
                f"{_pipe_hint(self.path)}"
            )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source, and the fingerprint that it had when the run reached it."""

    source: Source
    fingerprint: Fingerprint


def _special(path: Path, mode: int) -> SourceError:
    """Create the error for what is not a regular file."""
    if stat.S_ISDIR(mode):
        return SourceError(f"{shown(path)} is a folder, not a file.")
    if stat.S_ISFIFO(mode) or stat.S_ISCHR(mode):
        kind = "pipe" if stat.S_ISFIFO(mode) else "device"
        return SourceError(f"{shown(path)} is a {kind}, not a file. {_pipe_hint(path)}")
    return SourceError(f"{shown(path)} is not a regular file.")


def _pipe_hint(path: Path) -> str:
    """Say how to upload what a path of unknown size contains."""
    return (
        f"To upload what it contains, pass it as stdin: media upload - --name NAME < {shown(path)}"
    )


def _type(name: str, given: str | None) -> str:
    content_type = given or guess_type(name)
    return content_type if _TYPE.fullmatch(content_type) else _FALLBACK_TYPE


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


def empty_path() -> SourceError:
    """Create the error for an empty path, which names no file (POSIX), not the current folder."""
    return SourceError(f"'' can't be read: {os.strerror(errno.ENOENT)}.")


def unreadable(path: Path, error: OSError | ValueError) -> SourceError:
    """Create the error that says why a file can't be read."""
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return SourceError(f"{shown(path)} can't be read: {reason}.")
