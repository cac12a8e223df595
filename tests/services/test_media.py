"""Stored media are sent to the media function: once if all goes well, again if nothing came."""

from __future__ import annotations

import asyncio

import pytest

from gql_api.domain.media import Media
from gql_api.domain.processing import (
    NOT_PROCESSED,
    TO_PROCESS,
    MediaRequest,
    Processing,
    ProcessingStatus,
)
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.services.schedule import PROCESSING_TIME
from tests.attacks.storage_calls import StorageCalls
from tests.services.media_world import DATA, PROCESSED, MediaFunction
from tests.services.test_storage_events import with_etag
from tests.services.world import Json, World, checksum
from tests.upload_commands import RECORDER
from tests.upload_records import Stores

pytestmark = pytest.mark.settings(**PROCESSED)


def event_of(world: World, upload: Upload) -> Json:
    """Return the event of the upload's present object, with its ETag as S3 sends it."""
    return with_etag(world.event(upload.key), upload.etag)


async def handle(world: World, event: Json) -> None:
    await world.container.storage_events.handle(event)


async def test_completing_sends_nothing_and_the_event_sends_the_object_once(
    world: World, function: MediaFunction
) -> None:
    upload = await world.stored(DATA)
    assert (upload.status, upload.processing) == (UploadStatus.STORED, TO_PROCESS)
    assert function.requests == []
    event = event_of(world, upload)
    await asyncio.gather(*(handle(world, event) for _ in range(3)))
    await world.hear(upload)
    assert function.requests == [MediaRequest(upload.key, str(upload.etag), upload.id)]


async def test_completing_media_takes_no_more_calls_than_completing_text(
    world: World, function: MediaFunction
) -> None:
    calls = StorageCalls()
    calls.watch(world.container)
    costs = []
    for content_type in ("text/plain", "image/png"):
        upload = await world.sent(DATA, content_type=content_type)
        calls.clear()
        before = RECORDER.commands
        await world.container.uploads.complete(upload.owner_id, upload.id)
        costs.append((list(calls), RECORDER.commands - before))
    assert costs[0] == costs[1] == (["HeadObject"], 2)


async def test_an_event_that_comes_first_sends_the_object_once(
    world: World, function: MediaFunction
) -> None:
    upload = await world.sent(DATA)
    await world.hear(upload)
    upload = await world.complete(upload)
    await handle(world, event_of(world, upload))
    assert function.requests == [MediaRequest(upload.key, str(upload.etag), upload.id)]


async def test_an_object_that_is_read_back_is_sent_once_it_is_stored(
    world: World, function: MediaFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gql_api.services.storage_events.READ_AT_ONCE_MAX_BYTES", 0)
    upload = await world.sent(DATA, checksum=checksum(DATA))
    await world.hear(upload)
    assert function.requests == []
    for _ in range(2):
        await world.container.read_backs.read(upload.key)
        await world.hear(upload)
    assert [request.upload_id for request in function.requests] == [upload.id]
    await world.container.reads.finish()


OTHERS: dict[str, Json] = {
    "text": {"content_type": "text/plain", "filename": "a.txt"},
    "a program for a renderer": {"content_type": "image/svg+xml", "filename": "a.svg"},
    "an empty file": {"data": b""},
}


@pytest.mark.parametrize("kind", OTHERS)
async def test_what_is_no_media_is_not_sent(
    world: World, function: MediaFunction, kind: str
) -> None:
    more = {"data": DATA} | OTHERS[kind]
    upload = await world.stored(**more)
    await world.hear(upload)
    await world.sweep()
    assert (await world.record(upload)).processing == NOT_PROCESSED
    assert function.requests == []


@pytest.mark.settings(MEDIA_PROCESSING="false")
async def test_nothing_is_sent_if_media_are_not_processed(
    world: World, function: MediaFunction
) -> None:
    upload = await world.stored(DATA)
    await world.hear(upload)
    assert (await world.record(upload)).processing == NOT_PROCESSED
    assert function.requests == []


async def test_uploads_that_are_not_stored_are_not_sent(
    world: World, function: MediaFunction
) -> None:
    rejected, cancelled = await world.request(3), await world.sent(DATA)
    await world.put_behind(rejected.key, DATA)
    await world.container.uploads.cancel(world.owner_id, cancelled.id)
    await world.put_behind(cancelled.key, DATA)
    for upload in (rejected, cancelled, await world.request(9)):
        await world.hear(upload)
    assert function.requests == []


async def test_an_event_whose_message_cannot_be_sent_comes_again(
    world: World, function: MediaFunction
) -> None:
    upload = await world.stored(DATA)
    function.broken = True
    with pytest.raises(ConnectionError):
        await handle(world, event_of(world, upload))
    function.broken = False
    await handle(world, event_of(world, upload))
    assert len(function.requests) == 1


async def test_the_sweep_sends_again_what_was_lost_until_the_facts_are_there(
    world: World, function: MediaFunction
) -> None:
    upload = await world.stored(DATA)
    await world.sweep(seconds=PROCESSING_TIME.total_seconds() - 1)
    assert function.requests == []
    await world.sweep(seconds=1)
    [request] = function.requests
    assert request == MediaRequest(upload.key, str(upload.etag), upload.id)
    for sent in (2, 3):
        await world.sweep(hours=7)
        assert function.requests == [request] * sent
    upload = await function.process(upload)
    assert upload.processing.status is ProcessingStatus.DONE
    await world.sweep(hours=7)
    assert (await world.record(upload)).check_at is None
    await world.sweep(days=7)
    assert len(function.requests) == 3


async def test_the_sweep_sends_what_it_stores(world: World, function: MediaFunction) -> None:
    upload = await world.sent(DATA)
    report = await world.sweep()
    assert report.stored == 1
    assert [request.upload_id for request in function.requests] == [upload.id]


async def test_what_is_in_the_trash_is_sent_again_too(
    world: World, function: MediaFunction
) -> None:
    upload = await world.stored(DATA)
    [trashed] = await world.container.trash.trash_many(world.owner_id, [upload.id])
    assert isinstance(trashed, Upload)
    await world.sweep(minutes=5)
    assert [request.upload_id for request in function.requests] == [upload.id]
    await world.sweep(days=30)
    assert await world.object(upload) is None


async def test_an_object_that_replaces_another_is_processed_anew(
    world: World, function: MediaFunction
) -> None:
    upload = await function.process(await world.stored(DATA))
    await world.put_behind(upload.key, DATA.swapcase())
    await world.hear(upload)
    replaced = await world.record(upload)
    assert replaced.processing == TO_PROCESS
    assert replaced.check_at is not None
    assert replaced.check_at <= world.clock() + PROCESSING_TIME
    assert [request.etag for request in function.requests] == [replaced.etag]
    done = await function.process(replaced)
    assert (done.processing.status, done.processing.etag) == (ProcessingStatus.DONE, replaced.etag)


async def test_a_replaced_object_that_no_event_reports_is_processed_anew(
    world: World, function: MediaFunction
) -> None:
    upload = await function.process(await world.stored(DATA))
    await world.put_behind(upload.key, DATA.swapcase())
    await world.sweep()
    replaced = await world.record(upload)
    assert replaced.processing == TO_PROCESS
    assert [request.etag for request in function.requests] == [replaced.etag]


@pytest.mark.parametrize("media", [None, Media(width=1)], ids=["first time", "again"])
async def test_what_waits_when_processing_is_switched_off_waits_no_longer(
    world: World, function: MediaFunction, media: Media | None
) -> None:
    upload = await world.stored(DATA)
    before = Processing(ProcessingStatus.DONE, None, upload.etag, media) if media else NOT_PROCESSED
    again = await Stores(world.container.database).uploads.note_processing(
        upload, before.again(), check_at=upload.check_at
    )
    assert again is not None
    world.container.media._policy = world.container.upload_policy._replace(process_media=False)
    await world.sweep()
    record = await world.record(upload)
    assert (record.processing, record.check_at) == (before, None)
    assert function.requests == []


async def test_the_sweep_records_facts_whose_event_was_lost(
    world: World, function: MediaFunction
) -> None:
    upload = await world.stored(DATA)
    await world.hear(upload)
    await function.derive(upload)
    await world.sweep(seconds=PROCESSING_TIME.total_seconds())
    upload = await world.record(upload)
    assert upload.processing.status is ProcessingStatus.DONE
    assert len(function.requests) == 1


async def test_the_sweep_has_what_is_processed_again_sent_in_spite_of_its_old_facts(
    world: World, function: MediaFunction
) -> None:
    upload = await function.process(await world.stored(DATA))
    uploads = Stores(world.container.database).uploads
    await uploads.note_processing(upload, upload.processing.again(), check_at=world.clock())
    await world.sweep(seconds=1)
    assert [request.upload_id for request in function.requests] == [upload.id]
    assert (await world.record(upload)).processing == upload.processing.again()


async def test_results_are_collected_without_an_event(
    world: World, function: MediaFunction
) -> None:
    upload = await world.stored(DATA)
    await world.hear(upload)
    [request] = function.requests
    await world.container.media.collect(request)
    assert (await world.record(upload)).processing == TO_PROCESS
    await function.derive(upload)
    await world.container.media.collect(request)
    assert (await world.record(upload)).processing.status is ProcessingStatus.DONE
    await world.container.media.collect(request._replace(key="elsewhere"))
