"""What operations on many uploads have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias, TypeVar

from gql_api.domain.errors import BadUserInput
from gql_api.domain.upload_store import UploadStore
from gql_api.domain.uploads import Upload

BATCH_MAX = 100

T = TypeVar("T")

Check: TypeAlias = Callable[[Sequence[Upload | None]], None]
"""Called with the records of a batch, None for an unknown id, before anything is done. An error
that it raises ends the operation."""


async def found_for(
    uploads: UploadStore, owner_id: str, upload_ids: Sequence[str], check: Check | None
) -> Mapping[str, Upload]:
    """Return the owner's uploads with these ids, by id, after checking the batch.

    Raises:
        BadUserInput: more than 100 ids.
    """
    if (count := len(upload_ids)) > BATCH_MAX:
        raise BadUserInput(f"{count} uploads; at most {BATCH_MAX} in one call.")
    found = await uploads.find_several(owner_id, dict.fromkeys(upload_ids))
    if check is not None:
        check([found.get(upload_id) for upload_id in upload_ids])
    return found


async def for_each(
    upload_ids: Sequence[str], work: Callable[[str], Awaitable[T]], *, at_once: int
) -> Sequence[T]:
    """Return the outcome of `work` for each id, in order; it is called once for a repeated id.

    If it raises an error for one of them, it is called for the others before the error is raised.
    """
    turns = asyncio.Semaphore(at_once)

    async def outcome(upload_id: str) -> T:
        async with turns:
            return await work(upload_id)

    tasks = {it: asyncio.create_task(outcome(it)) for it in dict.fromkeys(upload_ids)}
    await asyncio.gather(*tasks.values(), return_exceptions=True)
    return [tasks[upload_id].result() for upload_id in upload_ids]
