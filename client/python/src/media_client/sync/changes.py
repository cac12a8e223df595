"""What a sync is going to do, and what it has done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from media_client.errors import MediaError, SourceError
from media_client.models import Upload
from media_client.sync.folder import LocalFile


class Action(StrEnum):
    """What happens to a path of the destination. In the library, DELETE moves it to the trash."""

    ADD = "add"
    REPLACE = "replace"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Change:
    """A difference between the two sides. `size` is that of the file to transfer or to delete.

    `uploads`: those of this path, newest first. `sha256`: that of the local file, if it was
    computed. `is_sent`: an interrupted sync has transferred the file already.
    """

    action: Action
    path: str
    size: int
    local: LocalFile | None = None
    uploads: Sequence[Upload] = ()
    sha256: str | None = None
    is_sent: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """All changes of a sync.

    `problems`: files of the source that can't be synced. `complete`: the whole source could be
    read; if not, nothing is deleted. `source_files`: how many files the source has.
    """

    changes: Sequence[Change]
    problems: Sequence[tuple[str, MediaError]]
    complete: bool
    source_files: int

    @property
    def transfers(self) -> Sequence[Change]:
        """The changes that send or fetch a file."""
        return [change for change in self.changes if change.action is not Action.DELETE]

    @property
    def deletions(self) -> Sequence[Change]:
        """The changes that delete a file from the destination."""
        return [change for change in self.changes if change.action is Action.DELETE]

    def check_source(self) -> None:
        """Refuse to delete everything because the source is empty, as an unmounted disk is.

        Raises:
            SourceError: the source has no files, and the destination has.
        """
        if self.deletions and not self.source_files:
            raise SourceError(
                f"The source has no files, and the destination has {len(self.deletions)}. "
                "Nothing was deleted: is a disk not mounted, or a name wrong?"
            )


@dataclass(frozen=True, slots=True)
class Result:
    """What happened to one path: `action` was carried out, unless there is an `error`.

    `size`: that of the file, in bytes. `upload`: what was sent, fetched, or moved to the trash.
    `action` is None for a file of the source that can't be read.
    """

    path: str
    action: Action | None
    size: int = 0
    upload: Upload | None = None
    error: MediaError | None = None
