"""Settling many uploads together."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pymongo.asynchronous.collection import AsyncCollection

from gql_api.domain.errors import Unavailable
from gql_api.domain.uploads import ObjectFacts, Upload, UploadStatus
from tests.services.world import World

DATA = b"the bytes of a picture"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the groups of changes that are written."""
    sizes: list[int] = []
    bulk_write = AsyncCollection.bulk_write

    async def noted(self: Any, requests: Any, **more: Any) -> Any:
        sizes.append(len(requests))
        return await bulk_write(self, requests, **more)

    monkeypatch.setattr(AsyncCollection, "bulk_write", noted)
    return sizes


async def sent(world: World, count: int) -> list[Upload]:
    return [await world.sent(DATA) for _ in range(count)]


async def test_a_batch_changes_its_records_in_one_group(
    world: World, written: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gql_api.services.completions._TOGETHER_SECONDS", 60)
    uploads = await sent(world, 20)
    ids = [upload.id for upload in uploads]
    outcomes = await world.container.uploads.complete_many(world.owner_id, [*ids, "none", *ids])
    assert [type(outcome).__name__ for outcome in outcomes].count("UploadNotFound") == 1
    stored = [outcome for outcome in outcomes if isinstance(outcome, Upload)]
    assert {upload.status for upload in stored} == {UploadStatus.STORED}
    assert len(stored) == 40
    assert written == [20]
    await world.assert_consistent()


async def test_a_slow_or_failing_answer_holds_up_no_other_upload(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gql_api.services.completions._TOGETHER_SECONDS", 0.05)
    slow, failing, *others = await sent(world, 5)
    head, answer = world.container.bucket.head, asyncio.Event()

    async def answered(key: str) -> ObjectFacts | None:
        if key == slow.key:
            await answer.wait()
        if key == failing.key:
            raise Unavailable("storage")
        return await head(key)

    monkeypatch.setattr(world.container.bucket, "head", answered)
    ids = [upload.id for upload in (slow, failing, *others)]
    completing = asyncio.create_task(world.container.uploads.complete_many(world.owner_id, ids))
    for upload in others:
        while (await world.record(upload)).status is not UploadStatus.STORED:
            assert not completing.done()
            await asyncio.sleep(0.01)
    answer.set()
    with pytest.raises(Unavailable):
        await completing
    assert (await world.record(slow)).status is UploadStatus.STORED
    assert (await world.record(failing)).status is UploadStatus.PENDING
