"""Finds uploads that should have been settled, for operators."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from gql_api.domain.bucket import Bucket
from gql_api.domain.clock import Clock
from gql_api.domain.upload_store import UploadReports
from gql_api.domain.uploads import Upload, UploadStatus, missing_parts
from gql_api.services.settlement import Settlement
from gql_api.services.settling import SettlingService

_CONCURRENCY = 8


class StuckUpload(NamedTuple):
    """An upload that the sweep has not settled.

    `overdue` is how long ago the sweep should have checked it; negative if the check is still to
    come. `complete` is whether the bucket holds all bytes of a PENDING upload.
    """

    upload: Upload
    overdue: timedelta
    complete: bool


class StuckUploads:
    """Finds stuck uploads and tries to settle them."""

    def __init__(
        self, *, uploads: UploadReports, bucket: Bucket, settling: SettlingService, clock: Clock
    ) -> None:
        self._uploads = uploads
        self._bucket = bucket
        self._settling = settling
        self._clock = clock

    async def find(self, older_than: timedelta, limit: int) -> Sequence[StuckUpload]:
        """Return up to `limit` uploads of each kind:

        - those whose check is overdue by more than `older_than`, and
        - PENDING ones that were requested before that and whose bytes are all in the bucket, out of
          the first `limit` that the sweep will check.

        Changes nothing.
        """
        now = self._clock()
        found = [
            *await self._uploads.overdue(now - older_than, limit),
            *await self._uploads.waiting(now - older_than, limit),
        ]
        turns = asyncio.Semaphore(_CONCURRENCY)

        async def look(upload: Upload) -> StuckUpload:
            async with turns:
                overdue = now - (upload.check_at or now)
                return StuckUpload(upload, overdue, await self._is_complete(upload))

        by_id = {upload.id: upload for upload in found}
        stuck = await asyncio.gather(*map(look, by_id.values()))
        return [it for it in stuck if it.complete or it.overdue >= older_than]

    async def settle(self, stuck: StuckUpload) -> Settlement:
        """Settle the upload as the sweep does; raises what prevents it."""
        return await self._settling.settle(stuck.upload)

    async def _is_complete(self, upload: Upload) -> bool:
        if upload.status is not UploadStatus.PENDING:
            return False
        if await self._bucket.head(upload.key) is not None:
            return True
        if upload.multipart_id is None:
            return False
        parts = await self._bucket.list_parts(upload.key, upload.multipart_id) or ()
        return not missing_parts(upload.plan, {part.number: part.size_bytes for part in parts})
