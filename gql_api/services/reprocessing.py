"""Has stored media processed again, for operators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from gql_api.domain.clock import Clock
from gql_api.domain.processing import ProcessingStatus, is_media
from gql_api.domain.reprocessing import ProcessingRecords, Selection

_BATCH = 500
# The sweep checks what has been due for longest first. Media that were all due at once would keep
# it from everything that becomes due later.
_DUE_PER_SECOND = 50


class ReprocessingService:
    """Makes uploads wait for processing; the sweep sends them to the media function."""

    def __init__(self, *, records: ProcessingRecords, clock: Clock) -> None:
        self._records = records
        self._clock = clock

    async def process_again(
        self, owner_id: str | None, selection: Selection, progress: Callable[[int], None]
    ) -> int:
        """Have the selected stored media of one owner, or of all, processed again.

        Facts and renditions stay until others are recorded. Returns how many uploads will be
        processed; `progress` is called with how many there are so far. May be interrupted and
        repeated, while other processes change the uploads.
        """
        begin, marked, after = self._clock(), 0, ""
        while files := await self._records.stored(owner_id, selection, after, _BATCH):
            after = files[-1].name.upload_id
            media = [it.name for it in files if is_media(it.content_type, it.size_bytes)]
            if media:
                due = begin + timedelta(seconds=marked // _DUE_PER_SECOND)
                marked += await self._records.process_again(media, selection, due)
                progress(marked)
        return marked

    async def counts(self, owner_id: str | None) -> Mapping[ProcessingStatus, int]:
        """Return how many stored media there are in each state of processing that occurs."""
        return await self._records.counts(owner_id)
