"""The download of one upload to a file: the partial file, its ranges, and what was completed.

The bytes go to a partial file in the target's folder, which gets the target's name once it is
complete and verified. Behind the upload's bytes, the partial file has a mark for each completed
range, so that a later run continues where this one stopped. A mark is written after its range has
reached the disk. The last step before the file gets its name cuts the marks off.
"""

from __future__ import annotations

import errno
import os
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from media_client.errors import SourceChanged, TargetError
from media_client.models import Upload
from media_client.names import NAME_MAX_BYTES, shortened
from media_client.positional import write_at
from media_client.transfer import checksums
from media_client.transfer.fetcher import Range, ranges_of
from media_client.transfer.folder import Folder
from media_client.transfer.source import shown

# Earlier versions also left a file that ends in .state.
_PARTIAL = re.compile(r"\..+\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(part|state)")
_DONE = b"\1"
_CANNOT_FLUSH = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP})  # Some FUSE file systems.


class Download:
    """The download of `upload` to `path`, which is relative to `folder` unless that is None.

    Links are followed in `folder`, and in the parents of `path` if there is no `folder`. Threads
    may write different ranges. Methods raise TargetError if the file can't be written.
    """

    def __init__(self, upload: Upload, path: Path, folder: Path | None = None) -> None:
        self.upload = upload
        self.path = path if folder is None else folder / path
        self._base = path.parent if folder is None else folder
        self._inner = () if folder is None else path.parent.parts
        self._name = path.name
        self._partial = partial_name(path.name, upload.id)
        self._folder: Folder | None = None
        self._file = -1
        self._inode = (0, 0)
        self.todo: deque[Range] = deque()

    def open(self) -> int:
        """Open the partial file, and list the missing ranges in `todo`.

        Returns how many bytes an interrupted run has completed.
        """
        with written(self.path):
            self._folder = Folder.at(self._base)
            for name in self._inner:
                outer, self._folder = self._folder, self._folder.inner(name)
                outer.close()
            self._file = self._folder.open_partial(self._partial)
            status = os.fstat(self._file)
            self._inode = (status.st_dev, status.st_ino)
            os.lseek(self._file, self.upload.size, os.SEEK_SET)
            parts = list(ranges_of(self.upload.size))
            marks = os.read(self._file, len(parts)).ljust(len(parts), b"\0")
        self.todo.extend(part for part in parts if marks[part.number] != _DONE[0])
        return self.upload.size - sum(part.size for part in self.todo)

    def write(self, data: memoryview, offset: int) -> None:
        """Write bytes of the upload at their offset."""
        with written(self.path):
            write_at(self._file, data, offset)

    def complete(self, part: Range) -> None:
        """Mark a range as completed."""
        if part.size < self.upload.size:
            with written(self.path):
                _flush(self._file)
                write_at(self._file, memoryview(_DONE), self.upload.size + part.number)

    def publish(self, *, overwrite: bool) -> str | None:
        """Verify the complete file, and give it its name.

        Returns a message for the user if the checksum could not be verified.

        Raises:
            TargetError: the checksum differs; then the partial file was deleted. Or the name is
                taken, and `overwrite` is not set.
        """
        folder = self._folder
        if folder is None:
            raise ValueError("the download is not open")
        with written(self.path):
            try:
                note = verify(self.upload, self._file)
            except TargetError:
                folder.delete(self._partial)
                raise
            os.ftruncate(self._file, self.upload.size)
            self._close_file()  # Windows does not rename open files.
            status = folder.status(self._partial)
            if status is None or (status.st_dev, status.st_ino) != self._inode:
                message = f"The partial file of {shown(self.path)} was replaced. Try again."
                raise TargetError(message)
            folder.publish(self._partial, self._name, overwrite=overwrite)
        return note

    def close(self) -> None:
        """Close the file and its folder. The partial file stays, if there is one."""
        self._close_file()
        if self._folder is not None:
            self._folder.close()

    def _close_file(self) -> None:
        if self._file >= 0:
            file, self._file = self._file, -1
            os.close(file)


@contextmanager
def written(path: Path) -> Iterator[None]:
    """Raise an OSError of a local file as the TargetError that names it."""
    try:
        yield
    except FileExistsError as error:
        raise exists(path) from error
    except OSError as error:
        reason = error.strerror or error
        raise TargetError(f"{shown(path)} can't be written: {reason}.") from error


def exists(path: Path) -> TargetError:
    """Return the error for a path that is taken."""
    return TargetError(f"{shown(path)} already exists. --force replaces it.")


def partial_name(name: str, upload_id: str) -> str:
    """Return the name of the partial file, shortened to what file systems allow."""
    ending = f".{upload_id}.part"
    return f".{shortened(name, NAME_MAX_BYTES - len(ending) - 1)}{ending}"


def is_partial(name: str) -> bool:
    """Return whether an interrupted download may have left a file of this name."""
    return _PARTIAL.fullmatch(name) is not None


def verify(upload: Upload, file: int) -> str | None:
    """Verify the checksum of a file, if the upload has one.

    Returns a message for the user if it can't be computed here.

    Raises:
        TargetError: it differs.
    """
    algorithm = upload.checksum_algorithm
    if algorithm is None:
        return None
    if not checksums.can_compute(algorithm):
        return not_verified(upload)
    try:
        actual = checksums.OF_RANGE[algorithm](file, 0, upload.size)
    except SourceChanged as error:
        raise TargetError(f"The download of {shown(upload.filename)} was truncated.") from error
    if actual != upload.checksum:
        raise TargetError(f"{corrupt(upload, actual)} It was deleted; download it again.")
    return None


def corrupt(upload: Upload, actual: str) -> str:
    """Return the sentence that says which checksum was found instead of the upload's."""
    return (
        f"The download of {shown(upload.filename)} is corrupt: its {upload.checksum_algorithm} is "
        f"{actual} instead of {upload.checksum}."
    )


def not_verified(upload: Upload) -> str:
    """Return the sentence that says which package would verify an upload."""
    return (
        f"The {upload.checksum_algorithm} of {shown(upload.filename)} was not verified: install "
        "media-client[checksum]."
    )


def _flush(file: int) -> None:
    """Write a file's content to the disk, which may reveal that the disk is full."""
    try:
        getattr(os, "fdatasync", os.fsync)(file)
    except OSError as error:
        if error.errno not in _CANNOT_FLUSH:
            raise
