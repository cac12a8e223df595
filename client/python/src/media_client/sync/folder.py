"""The local side of a sync: the files below a folder, by their relative path."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from media_client.errors import SourceError
from media_client.sync.filters import Filters
from media_client.sync.paths import composed
from media_client.transfer.download import is_partial
from media_client.transfer.source import Fingerprint, as_text, shown, unreadable


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file, and its metadata when it was found."""

    path: Path
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class Contents:
    """The files of a folder, by relative path.

    `problems`: paths that exist but can't be synced, with the reason. `complete`: every folder
    could be read, so a file that is not in `files` or `problems` does not exist.
    """

    files: Mapping[str, LocalFile]
    problems: Sequence[tuple[str, SourceError]]
    complete: bool


def contents(folder: Path, filters: Filters) -> Contents:
    """Find the files that the filters include.

    Links to files are followed, links to folders are not: they may be cyclic.

    Raises:
        SourceError: there is no such folder.
    """
    if not folder.is_dir():
        what = "is not a folder" if os.path.lexists(folder) else "does not exist"
        raise SourceError(f"{shown(folder)} {what}.")
    files: dict[str, LocalFile] = {}
    problems: list[tuple[str, SourceError]] = []
    complete = True

    def unreadable_folder(error: OSError) -> None:
        nonlocal complete
        complete = False
        path = Path(error.filename or folder)
        problems.append((_relative(path, folder), unreadable(path, error)))

    for path in _paths(folder, filters, unreadable_folder):
        name = _relative(path, folder)
        if not filters.includes(name):
            continue
        try:
            file = _local_file(path)
            if name in files:
                raise SourceError(
                    f"{shown(path)} is skipped: {shown(files[name].path)} has the same name in "
                    "another Unicode form. Rename one of them."
                )
        except SourceError as error:
            problems.append((name, error))
        else:
            files[name] = file
    return Contents(files, problems, complete)


def _paths(folder: Path, filters: Filters, onerror: Callable[[OSError], None]) -> Iterator[Path]:
    for directory, folders, names in os.walk(folder, onerror=onerror):
        above = Path(directory)
        folders[:] = sorted(
            name for name in folders if not filters.skips(_relative(above / name, folder))
        )
        yield from (above / name for name in sorted(names) if not is_partial(name))


def _local_file(path: Path) -> LocalFile:
    try:
        status = os.stat(path)
    except OSError as error:
        raise unreadable(path, error) from error
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(f"{shown(path)} is not a regular file.")
    return LocalFile(path, Fingerprint.of(status))


def _relative(path: Path, folder: Path) -> str:
    return composed(as_text(path.relative_to(folder).as_posix()))
