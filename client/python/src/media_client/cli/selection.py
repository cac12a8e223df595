"""Which files a command line means: files, folders, patterns."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from media_client.errors import SourceError
from media_client.transfer.source import Source, shown, unreadable


@dataclass(frozen=True, slots=True)
class Selection:
    """The words of a command line, and what goes for all files.

    `problem` hears what is left out.
    """

    words: Sequence[str]
    recursive: bool
    tags: Sequence[str]
    content_type: str | None
    filename: str | None
    problem: Callable[[str, SourceError], None]

    def sources(self) -> Iterator[Source]:
        """The files, each once, as they are found."""
        seen: set[str] = set()
        for word in self.words:
            for path, name in self._paths(word):
                key = os.path.abspath(path)
                if key not in seen:
                    seen.add(key)
                    yield Source.at(
                        path,
                        filename=self.filename or name,
                        content_type=self.content_type,
                        tags=self.tags,
                    )

    def _paths(self, word: str) -> Iterator[tuple[Path, str]]:
        """Paths with the names that they get: below a folder, the folder's name is part of it."""
        found = [word]
        if not os.path.lexists(word) and glob.has_magic(word):
            found = sorted(glob.glob(word, recursive=self.recursive))
            if not found:
                self.problem(word, SourceError(f"Nothing matches {shown(word)}."))
        for path in map(Path, found):
            if not path.is_dir():
                yield path, path.name
            elif self.recursive:
                yield from self._walk(path)
            else:
                error = SourceError(f"{shown(path)} is a folder; -r uploads what is in it.")
                self.problem(str(path), error)

    def _walk(self, folder: Path) -> Iterator[tuple[Path, str]]:
        """All regular files below; links to folders are not followed, for they may lead back."""
        above = Path(os.path.abspath(folder)).parent

        def complain(error: OSError) -> None:
            path = Path(error.filename or folder)
            self.problem(str(path), unreadable(path, error))

        for directory, folders, names in os.walk(folder, onerror=complain):
            folders.sort()
            for name in sorted(names):
                path = Path(directory) / name
                yield path, Path(os.path.relpath(os.path.abspath(path), above)).as_posix()
