"""The files that a command line selects: files, folders and patterns."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from media_client.errors import SourceError
from media_client.transfer.source import Source, empty_path, shown, unreadable


@dataclass(frozen=True, slots=True)
class Selection:
    """Command-line arguments that name files, and the options that apply to all of them.

    `problem` is called with the path and the reason for each argument that is skipped.
    """

    words: Sequence[str]
    recursive: bool
    tags: Sequence[str]
    content_type: str | None
    filename: str | None
    problem: Callable[[str, SourceError], None]

    def sources(self) -> Iterator[Source]:
        """Yield each file once, as it is found."""
        seen: set[str] = set()
        for word in self.words:
            for path, name in self._paths(word):
                key = os.path.abspath(path)
                if key not in seen:
                    seen.add(key)
                    yield Source.at(
                        path,
                        filename=name if self.filename is None else self.filename,
                        content_type=self.content_type,
                        tags=self.tags,
                    )

    def _paths(self, word: str) -> Iterator[tuple[Path, str]]:
        """Yield paths with their upload names; names in a folder include the folder's name."""
        if not word:
            self.problem(word, empty_path())
            return
        matches = [word]
        if not os.path.lexists(word) and glob.has_magic(word):
            matches = sorted(glob.glob(word, recursive=self.recursive))
            if not matches:
                self.problem(word, SourceError(f"No file matches {shown(word)}."))
        for path in map(Path, matches):
            if not path.is_dir():
                yield path, path.name
            elif self.recursive:
                yield from self._walk(path)
            else:
                error = SourceError(f"{shown(path)} is a folder. Pass -r to upload its files.")
                self.problem(str(path), error)

    def _walk(self, folder: Path) -> Iterator[tuple[Path, str]]:
        """Yield all files below a folder. Does not follow links to folders: they may be cyclic."""
        above = Path(os.path.abspath(folder)).parent

        def complain(error: OSError) -> None:
            path = Path(error.filename or folder)
            self.problem(str(path), unreadable(path, error))

        for directory, folders, names in os.walk(folder, onerror=complain):
            folders.sort()
            for name in sorted(names):
                path = Path(directory) / name
                yield path, Path(os.path.relpath(os.path.abspath(path), above)).as_posix()
