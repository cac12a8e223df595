"""Stored media are processed again when an operator asks for it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from gql_api.adapters.mongo.reprocessing import MongoProcessingRecords
from gql_api.domain.processing import Processing, ProcessingStatus
from gql_api.domain.reprocessing import Selection
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.operators import administration
from gql_api.services import reprocessing
from tests.services.media_world import DATA, PROCESSED, MediaFunction
from tests.services.world import World
from tests.upload_records import Stores

NONE, PENDING = ProcessingStatus.NONE, ProcessingStatus.PENDING
DONE, FAILED = ProcessingStatus.DONE, ProcessingStatus.FAILED

pytestmark = pytest.mark.settings(**PROCESSED)


async def again(
    world: World, selection: Selection = Selection.MISSING, owner_id: str | None = None
) -> int:
    service = administration(world.container, world.clock).reprocessing
    return await service.process_again(owner_id, selection, lambda _: None)


async def note(world: World, upload: Upload, processing: Processing) -> Upload:
    """Change what is recorded as derived; the sweep has no reason to look at the upload."""
    store = Stores(world.container.database).uploads
    noted = await store.note_processing(upload, processing, check_at=None)
    assert noted is not None
    return noted


async def from_before(world: World, **more: Any) -> Upload:
    """Return an upload that was stored before media were processed."""
    return await note(world, await world.stored(DATA, **more), Processing())


async def test_uploads_from_before_are_processed(world: World, function: MediaFunction) -> None:
    upload = await from_before(world)
    await world.sweep(days=1)
    assert function.requests == []
    assert await again(world) == 1
    await world.sweep(seconds=1)
    assert [request.upload_id for request in function.requests] == [upload.id]
    assert (await function.process(upload)).processing.status is DONE
    assert await again(world) == 0


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection.MISSING, {NONE}),
        (Selection.FAILED, {FAILED}),
        (Selection.ALL, {NONE, DONE, FAILED}),
    ],
)
async def test_selections(
    world: World, function: MediaFunction, selection: Selection, expected: set[ProcessingStatus]
) -> None:
    uploads = {
        NONE: await from_before(world),
        PENDING: await world.stored(DATA),
        DONE: await function.process(await world.stored(DATA)),
        FAILED: await note(world, await world.stored(DATA), Processing(FAILED, "No.")),
    }
    assert await again(world, selection) == len(expected)
    for status, upload in uploads.items():
        known = (await world.record(upload)).processing
        wanted = PENDING if status in expected else status
        assert (known.status, known.reason) == (wanted, "No." if wanted is FAILED else None)


async def test_facts_stay_until_others_are_recorded(world: World, function: MediaFunction) -> None:
    upload = await function.process(await world.stored(DATA))
    assert await again(world, Selection.ALL) == 1
    marked = await world.record(upload)
    assert marked.processing == upload.processing.again()
    assert (await function.process(marked)).processing == upload.processing


async def test_only_media_and_only_what_is_stored(world: World, function: MediaFunction) -> None:
    for content_type in ("text/plain", "image/svg+xml"):
        await from_before(world, content_type=content_type, filename="a")
    await world.stored(b"")
    await world.sent(DATA)
    deleted, pdf = (
        await from_before(world),
        await from_before(world, content_type="application/pdf"),
    )
    await world.container.library.delete(world.owner_id, deleted.id)
    trashed = await from_before(world)
    await world.container.trash.trash_many(world.owner_id, [trashed.id])
    assert await again(world) == 2
    marked = {it.id for it in await world.records() if it.processing.status is PENDING}
    assert marked == {pdf.id, trashed.id}
    assert (await world.record(deleted)).status is UploadStatus.DELETED


async def test_only_one_owner_if_asked(world: World, function: MediaFunction) -> None:
    first, other = await from_before(world), await world.add_owner()
    second = await note(world, await world.complete(await world.sent(DATA, other)), Processing())
    assert await again(world, owner_id=other) == 1
    assert (await world.record(first)).processing.status is NONE
    assert (await world.record(second)).processing.status is PENDING


async def test_it_is_done_in_batches_and_the_sweep_is_not_flooded(
    world: World, function: MediaFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reprocessing, "_BATCH", 2)
    monkeypatch.setattr(reprocessing, "_DUE_PER_SECOND", 1)
    for _ in range(5):
        await from_before(world)
    told: list[int] = []
    service = administration(world.container, world.clock).reprocessing
    assert await service.process_again(None, Selection.MISSING, told.append) == 5
    assert told == [2, 4, 5]
    waits = sorted(it.check_at - world.clock() for it in await world.records() if it.check_at)
    assert waits == [timedelta(seconds=n) for n in (0, 0, 2, 2, 4)]


async def test_an_earlier_check_stays(world: World, function: MediaFunction) -> None:
    upload = await from_before(world)
    early = world.clock() - timedelta(hours=1)
    await world.container.database["uploads"].update_one(
        {"_id": upload.id, "owner": upload.owner_id}, {"$set": {"check_at": early}}
    )
    assert await again(world) == 1
    assert (await world.record(upload)).check_at == early


async def test_the_time_in_the_trash_ends_when_it_would_have(
    world: World, function: MediaFunction
) -> None:
    upload = await from_before(world)
    await world.container.trash.trash_many(world.owner_id, [upload.id])
    await again(world)
    await world.sweep(seconds=1)
    assert len(function.requests) == 1
    assert (await world.sweep(days=31)).trash_deleted == 1


async def test_deleting_and_sweeping_at_the_same_time(
    world: World, function: MediaFunction
) -> None:
    uploads = [await from_before(world) for _ in range(20)]
    ids = [upload.id for upload in uploads[::2]]
    await asyncio.gather(
        again(world, Selection.ALL),
        world.container.library.delete_many(world.owner_id, ids),
        world.container.maintenance.sweep(),
    )
    for upload in uploads[::2]:
        assert (await world.record(upload)).status is UploadStatus.DELETED
    for upload in uploads[1::2]:
        assert (await world.record(upload)).processing.status is PENDING


async def test_what_was_read_earlier_is_not_trusted(world: World, function: MediaFunction) -> None:
    deleted, done = await from_before(world), await from_before(world)
    records = MongoProcessingRecords(world.container.database)
    files = await records.stored(None, Selection.MISSING, "", 10)
    await world.container.library.delete(world.owner_id, deleted.id)
    await function.process(done)
    names = [file.name for file in files]
    assert names == [deleted.name, done.name]
    assert await records.process_again(names, Selection.MISSING, world.clock()) == 0
    assert (await world.record(deleted)).processing.status is NONE
    assert (await world.record(done)).processing.status is DONE


async def test_counts(world: World, function: MediaFunction) -> None:
    await from_before(world)
    await from_before(world, content_type="text/plain", filename="a")
    await function.process(await world.stored(DATA))
    service = administration(world.container, world.clock).reprocessing
    assert await service.counts(None) == {NONE: 1, DONE: 1}
    assert await service.counts(world.owner_id) == {NONE: 1, DONE: 1}
    assert await service.counts("nobody") == {}
