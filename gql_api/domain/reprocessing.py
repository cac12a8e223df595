"""Processing stored media again: which, and the port of their records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import NamedTuple, Protocol

from gql_api.domain.processing import ProcessingStatus
from gql_api.domain.uploads import UploadName


class Selection(Enum):
    """Which stored media are processed again.

    MISSING: those that never were, such as those from before media were processed. FAILED: those
    from which nothing could be derived. ALL: every one that does not wait for it already.
    """

    MISSING = (ProcessingStatus.NONE,)
    FAILED = (ProcessingStatus.FAILED,)
    ALL = (ProcessingStatus.NONE, ProcessingStatus.DONE, ProcessingStatus.FAILED)


class StoredFile(NamedTuple):
    """What decides whether something may be derived from an upload's file; see `is_media`."""

    name: UploadName
    content_type: str
    size_bytes: int


class ProcessingRecords(Protocol):
    """Reads and changes the processing of many uploads. An `owner_id` of None means all owners."""

    async def stored(
        self, owner_id: str | None, selection: Selection, after: str, limit: int
    ) -> Sequence[StoredFile]:
        """Return stored uploads of the selection by id, strictly after the id `after`."""
        ...

    async def process_again(
        self, names: Sequence[UploadName], selection: Selection, check_at: datetime
    ) -> int:
        """Make these uploads wait for processing; returns how many.

        Facts and renditions stay in the record. An upload that is no longer stored, or no longer of
        the selection, is left alone. An earlier `check_at` stays. The version of the upload rises
        when the result is recorded: until then, clients keep what they have.
        """
        ...

    async def counts(self, owner_id: str | None) -> Mapping[ProcessingStatus, int]:
        """Return how many stored media there are in each state of processing that occurs."""
        ...
