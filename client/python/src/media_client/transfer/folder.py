"""A folder that downloads are written to. No link in it redirects what is written.

Names are single components. Where the OS can, they are opened relative to the folder's descriptor
(openat(2)), so that a link that replaces the folder in the meantime has no effect.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path
from typing import Self

from media_client.errors import TargetError
from media_client.transfer.source import shown

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
# O_PATH (Linux) needs no permission to read the folder.
_DIRECTORY = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0)
_BINARY = getattr(os, "O_BINARY", 0)  # Windows would translate line ends otherwise.
_HAS_DESCRIPTORS = {os.open, os.mkdir, os.stat, os.unlink, os.link, os.rename} <= (
    os.supports_dir_fd
)


class Folder:
    """An open folder; close it after use. Methods raise OSError."""

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self.path = path
        self._descriptor = descriptor

    @classmethod
    def at(cls, path: Path) -> Self:
        """Open a folder that the user named, creating it if needed. Follows links."""
        path.mkdir(parents=True, exist_ok=True)
        return cls(path, os.open(path, _DIRECTORY) if _HAS_DESCRIPTORS else None)

    def inner(self, name: str) -> Self:
        """Open a folder in this one, creating it if needed.

        Raises:
            TargetError: it is a link.
        """
        path = self.path / name
        with contextlib.suppress(FileExistsError):
            os.mkdir(self._at(name), dir_fd=self._descriptor)
        status = self.status(name)
        if status is not None and _is_link(status):
            raise TargetError(
                f"{shown(path)} is a link. Downloads do not follow links below the target folder."
            )
        if self._descriptor is None:
            return type(self)(path, None)
        descriptor = os.open(name, _DIRECTORY | _NO_LINK, dir_fd=self._descriptor)
        return type(self)(path, descriptor)

    def status(self, name: str) -> os.stat_result | None:
        """Return the status of a name, of the link itself if it is one; None if it is free."""
        try:
            return os.stat(self._at(name), dir_fd=self._descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def open_partial(self, name: str) -> int:
        """Open the partial file of an interrupted download to continue it, or create a new one.

        The file is only continued if it is a regular file of this user under a single name.
        Anything else was planted, and is deleted first.

        Raises:
            TargetError: it was replaced just now.
        """
        flags = os.O_RDWR | _NO_LINK | _BINARY
        status = self.status(name)
        if status is None or not _is_ours(status):
            self.delete(name)
            flags |= os.O_CREAT | os.O_EXCL
        file = os.open(self._at(name), flags, 0o666, dir_fd=self._descriptor)
        if not _is_ours(os.fstat(file)):
            os.close(file)
            raise TargetError(f"{shown(self.path / name)} was replaced meanwhile. Try again.")
        return file

    def publish(self, partial: str, name: str, *, overwrite: bool) -> None:
        """Give a complete file its name.

        Raises:
            FileExistsError: the name is taken, and `overwrite` is not set.
        """
        if not overwrite and self._linked(partial, name):
            self.delete(partial)
            return
        if not overwrite and self.status(name) is not None:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        here = self._descriptor
        os.replace(self._at(partial), self._at(name), src_dir_fd=here, dst_dir_fd=here)

    def delete(self, name: str) -> None:
        """Delete a file, if it exists."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._at(name), dir_fd=self._descriptor)

    def close(self) -> None:
        """Close the descriptor."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _at(self, name: str) -> str:
        return name if self._descriptor is not None else os.fspath(self.path / name)

    def _linked(self, partial: str, name: str) -> bool:
        """Link a file to a second name, which fails if that is taken, where links are possible."""
        here = self._descriptor
        try:
            os.link(self._at(partial), self._at(name), src_dir_fd=here, dst_dir_fd=here)
        except FileExistsError:
            raise
        except OSError:  # For example on FAT.
            return False
        return True


def _is_ours(status: os.stat_result) -> bool:
    own = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    return own and stat.S_ISREG(status.st_mode) and status.st_nlink == 1


def _is_link(status: os.stat_result) -> bool:
    # Windows: a junction is a reparse point that is not a symbolic link.
    reparse = getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0)
    return stat.S_ISLNK(status.st_mode) or bool(getattr(status, "st_file_attributes", 0) & reparse)
