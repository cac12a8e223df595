"""Settling many uploads together, for `completeUploads`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext

from gql_api.domain.errors import StillProcessing
from gql_api.domain.parts import MIB
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.services.looks import Look
from gql_api.services.settlement import Settlement
from gql_api.services.settling import SettlingService

INLINE_READ_MAX_BYTES = 128 * MIB
LISTED_AT_ONCE = 1000  # Parts per call (Amazon S3 API Reference, "ListParts").

_AT_ONCE = 8  # Per call; a process makes at most 16 concurrent requests to the bucket.
# How long the first uploads wait for the last, so that all records change in one group.
_TOGETHER_SECONDS = 0.5


async def settle_together(
    settling: SettlingService, uploads: Iterable[Upload]
) -> Mapping[str, Settlement | BaseException]:
    """Settle the PENDING ones of these uploads; return a result or an error for each, by id.

    The bucket is asked about all of them before the first record changes, because changes that are
    made at the same time take two round trips to the database in total, instead of one or two each.
    A slow answer delays the others by half a second at most.
    """
    asking, reading = asyncio.Semaphore(_AT_ONCE), asyncio.Semaphore(_AT_ONCE)

    async def look(upload: Upload) -> Look:
        async with asking:
            return await settling.looks.look(upload)

    async def settle(upload: Upload, look: asyncio.Task[Look]) -> Settlement:
        turn: AbstractAsyncContextManager[object]
        turn = reading if settling.may_read(upload) else nullcontext()
        async with turn:
            try:
                return await settling.settle(
                    upload, read_max_bytes=INLINE_READ_MAX_BYTES, look=look
                )
            except StillProcessing:
                return Settlement(upload)

    pending = [upload for upload in uploads if upload.status is UploadStatus.PENDING]
    looks = [asyncio.create_task(look(upload)) for upload in pending]
    try:
        if looks:
            await asyncio.wait(looks, timeout=_TOGETHER_SECONDS)
        settled = await asyncio.gather(*map(settle, pending, looks), return_exceptions=True)
    finally:
        for task in looks:
            task.cancel()
    return {upload.id: result for upload, result in zip(pending, settled, strict=True)}


def calls_to_settle(upload: Upload) -> int:
    """Return how many calls to the storage settling takes, unless the object must be read."""
    if upload.status is not UploadStatus.PENDING:
        return 0
    if upload.multipart_id is None:
        return 1
    return 2 + -(-upload.plan.count // LISTED_AT_ONCE)
