"""Recording what the media function has derived: nothing in its files is believed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from gql_api.domain import metrics
from gql_api.domain.ids import new_id
from gql_api.domain.media import RenditionName
from gql_api.domain.processing import (
    ATTEMPTS_FAILED,
    FACTS_MAX_BYTES,
    FILE_NAMES,
    TO_PROCESS,
    Facts,
    MediaRequest,
    Processing,
    ProcessingStatus,
    derived_file,
    undecodable,
    write_facts,
)
from gql_api.domain.uploads import Upload, UploadStatus
from tests.metric_lines import MetricLines
from tests.services.media_world import (
    DATA,
    MEDIA,
    PICTURES,
    PROCESSED,
    RENDITIONS,
    MediaFunction,
    facts_of,
)
from tests.services.world import World
from tests.storage_events import EventHub, Events
from tests.upload_records import Stores

pytestmark = pytest.mark.settings(**PROCESSED)

INVALID = "The facts that were derived from the file are not valid."


async def handle(world: World, event: Any) -> None:
    await world.container.storage_events.handle(event)


def done(upload: Upload) -> Processing:
    return Processing(ProcessingStatus.DONE, None, upload.etag, MEDIA, RENDITIONS)


async def test_facts_and_renditions_are_recorded(world: World, function: MediaFunction) -> None:
    upload = await function.process(await world.stored(DATA))
    assert upload.processing == done(upload)
    for name, data in PICTURES.items():
        signed = world.container.library.rendition(upload, name)
        assert signed is not None
        response = await world.http.get(signed.request.url)
        assert (response.status_code, response.content) == (httpx.codes.OK, data)


async def test_the_events_of_the_server_itself_have_a_file_processed(
    world: World,
    function: MediaFunction,
    storage_events: Events,
    event_hub: EventHub,
) -> None:
    prefix = world.container.upload_policy.renditions_prefix
    event_hub.join(prefix, storage_events)
    upload = await world.stored(DATA)
    await storage_events.wait_for(1)
    assert len(function.requests) == 1
    await function.derive(upload)
    await storage_events.wait_for(1 + len(FILE_NAMES))
    event_hub.leave(prefix)
    assert (await world.record(upload)).processing == done(upload)


def assert_only_processing_differs(record: Upload, before: Upload) -> None:
    assert record.version == before.version + 1
    as_before = record._replace(version=before.version, changed_at=before.changed_at)
    assert as_before._replace(processing=TO_PROCESS, check_at=before.check_at) == before


@pytest.mark.parametrize("reason", [None, "The image has more pixels than are decoded."])
async def test_a_refusal_is_recorded_with_its_reason(
    world: World, function: MediaFunction, reason: str | None
) -> None:
    upload = await world.stored(DATA)
    facts = undecodable(upload.id, str(upload.etag))
    if reason:
        facts = facts._replace(refusal=reason)
    await handle(world, await function.derive(upload, write_facts(facts)))
    record = await world.record(upload)
    assert record.processing == Processing(
        ProcessingStatus.FAILED, facts.refusal, upload.etag, None, ()
    )
    assert_only_processing_differs(record, upload)
    assert await world.object(upload) == DATA


async def test_the_event_may_come_twice_and_at_once(world: World, function: MediaFunction) -> None:
    upload = await world.stored(DATA)
    event = await function.derive(upload)
    await asyncio.gather(*(handle(world, event) for _ in range(5)))
    record = await world.record(upload)
    assert record.processing == done(upload)
    await handle(world, event)
    assert await world.record(upload) == record


# ---------------------------------------------------------------- invalid facts


def changed(**changes: Any) -> Callable[[Upload], bytes]:
    """Return a function that returns a file of facts with other values."""

    def content(upload: Upload) -> bytes:
        return json.dumps(json.loads(write_facts(facts_of(upload))) | changes).encode()

    return content


def of_media(**changes: Any) -> Callable[[Upload], bytes]:
    """Return a function that returns a file of facts with other facts."""
    return changed(media=json.loads(write_facts(Facts("", "", MEDIA)))["media"] | changes)


def rendition(**changes: Any) -> Callable[[Upload], bytes]:
    """Return a function that returns a file of facts with one, other rendition."""
    name, width, height, size = RENDITIONS[0]
    plain = {"name": name.value, "width": width, "height": height, "size": size}
    return changed(renditions=[plain | changes])


HOSTILE: dict[str, Callable[[Upload], bytes]] = {
    "nothing": lambda _: b"",
    "no JSON": lambda _: b"\xff\xfe\x00",
    "too large": lambda upload: write_facts(facts_of(upload)) + b" " * FACTS_MAX_BYTES,
    "nested deeply": lambda _: b"[" * FACTS_MAX_BYTES,
    "a list": lambda _: b"[]",
    "another version": changed(version=2),
    "more fields": changed(owner="x"),
    "another object's ETag": changed(etag='"0123456789abcdef0123456789abcdef"'),
    "another upload's id": lambda upload: write_facts(
        facts_of(upload)._replace(upload_id=new_id(upload.created_at))
    ),
    "not a number": of_media(durationSeconds=float("nan")),
    "an endless duration": of_media(durationSeconds=float("inf")),
    "a huge number": of_media(width=10**4000),
    "a time that is out of range in UTC": of_media(capturedAt="0001-01-01T00:00:00+14:00"),
    "half a character": of_media(camera="\ud800"),
    "an unknown fact": of_media(password="x"),
    "facts and a refusal": changed(refusal="No."),
    "neither facts nor a refusal": changed(media=None, renditions=[]),
    "a refusal of several lines": changed(media=None, renditions=[], refusal="a\nb"),
    "renditions of a refused file": changed(media=None, refusal="No."),
    "an unknown rendition": rendition(name="ORIGINAL"),
    "a rendition of another size": rendition(size=len(PICTURES[RENDITIONS[0].name]) + 1),
    "a rendition of too many pixels": rendition(width=321),
}


@pytest.mark.parametrize("kind", HOSTILE)
async def test_invalid_facts_fail_and_change_nothing_else(
    world: World, function: MediaFunction, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    upload = await world.stored(DATA)
    await handle(world, await function.derive(upload, HOSTILE[kind](upload)))
    record = await world.record(upload)
    assert record.processing == Processing(ProcessingStatus.FAILED, INVALID)
    assert_only_processing_differs(record, upload)
    assert await world.object(upload) == DATA
    assert "are not valid" in caplog.text


async def test_an_error_of_the_bucket_is_not_taken_for_invalid_facts(
    world: World, function: MediaFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = await world.stored(DATA)
    event = await function.derive(upload)

    async def head(key: str) -> None:
        raise ValueError("not a number of bytes")

    with monkeypatch.context() as patch:
        patch.setattr(world.container.bucket, "head", head)
        with pytest.raises(ValueError, match="number of bytes"):
            await handle(world, event)
    assert await world.record(upload) == upload
    await handle(world, event)
    assert (await world.record(upload)).processing == done(upload)


async def test_a_rendition_that_is_not_there_fails(world: World, function: MediaFunction) -> None:
    upload = await world.stored(DATA)
    event = await function.derive(upload)
    world.s3.delete_object(
        Bucket=world.bucket_name, Key=f"{function.folder(upload)}/thumbnail.webp"
    )
    await handle(world, event)
    assert (await world.record(upload)).processing == Processing(ProcessingStatus.FAILED, INVALID)


async def test_invalid_facts_take_nothing_from_a_processed_file(
    world: World, function: MediaFunction
) -> None:
    upload = await function.process(await world.stored(DATA))
    await handle(world, await function.derive(upload, b"{}"))
    assert await world.record(upload) == upload


async def test_valid_facts_that_come_after_a_failure_are_recorded(
    world: World, function: MediaFunction
) -> None:
    upload = await world.stored(DATA)
    await handle(world, await function.derive(upload, b"{}"))
    assert (await function.process(upload)).processing == done(upload)


# ---------------------------------------------------------------- meanwhile


class Meanwhile:
    """The world's bucket; something happens while the first file of facts is read from it."""

    def __init__(self, world: World, happens: Callable[[], Awaitable[object]]) -> None:
        self._bucket = world.container.bucket
        self._happens = [happens]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bucket, name)

    async def read_small(self, key: str, max_bytes: int) -> bytes | None:
        content = await self._bucket.read_small(key, max_bytes)
        while self._happens:
            await self._happens.pop()()
        return content


async def delete(world: World, upload: Upload) -> None:
    await world.container.library.delete(world.owner_id, upload.id)


async def trash(world: World, upload: Upload) -> None:
    await world.container.trash.trash_many(world.owner_id, [upload.id])


async def trash_and_restore(world: World, upload: Upload) -> None:
    await trash(world, upload)
    await world.container.trash.restore_many(world.owner_id, [upload.id])


async def replace(world: World, upload: Upload) -> None:
    await world.put_behind(upload.key, DATA.swapcase())
    await world.hear(upload)


@pytest.mark.parametrize("content", [None, b"{}"], ids=["valid", "invalid"])
@pytest.mark.parametrize("what", [delete, trash, trash_and_restore, replace])
async def test_what_happens_while_facts_are_recorded_is_respected(
    world: World,
    function: MediaFunction,
    what: Callable[[World, Upload], Awaitable[None]],
    content: bytes | None,
) -> None:
    await world.container.deployment.adopt()
    upload = await world.stored(DATA)
    event = await function.derive(upload, content)
    world.container.media._bucket = Meanwhile(world, lambda: what(world, upload))
    await handle(world, event)
    record = await world.record(upload)
    expected = done(upload) if content is None else Processing(ProcessingStatus.FAILED, INVALID)
    match record.status:
        case UploadStatus.DELETED:
            assert await function.files() == set()
        case UploadStatus.TRASHED:
            assert record.processing == expected
            assert record.check_at is not None
            assert record.trashed_at is not None
            assert record.check_at <= world.container.upload_policy.trash_ends_at(record.trashed_at)
        case UploadStatus.STORED if what is replace:
            assert record.processing == TO_PROCESS
            assert await function.files() == set()
        case status:
            assert (status, record.processing) == (UploadStatus.STORED, expected)


async def test_facts_of_an_upload_in_the_trash_are_recorded(
    world: World, function: MediaFunction
) -> None:
    upload = await world.stored(DATA)
    await trash(world, upload)
    upload = await function.process(await world.record(upload))
    assert (upload.status, upload.processing) == (UploadStatus.TRASHED, done(upload))
    await world.sweep()
    await world.sweep(days=30)
    assert await world.object(upload) is None


async def test_facts_of_an_object_that_was_replaced_are_deleted(
    world: World, function: MediaFunction
) -> None:
    old = await function.process(await world.stored(DATA))
    await replace(world, old)
    upload = await world.record(old)
    event = await function.derive(old)
    # The bucket may be that of another database, which may know the other object.
    await handle(world, event)
    assert await function.files() == set(FILE_NAMES)
    await world.container.deployment.adopt()
    await handle(world, event)
    assert await world.record(upload) == upload
    assert await function.files() == set()


async def test_facts_of_closed_uploads_are_deleted_and_those_of_others_left_alone(
    world: World, function: MediaFunction
) -> None:
    stored = await world.stored(DATA)
    await delete(world, stored)
    await handle(world, await function.derive(stored))
    assert await function.files() == set()
    pending = (await world.request(9))._replace(etag='"e"')
    unknown = pending._replace(id=new_id(world.clock()))
    for upload in (pending, unknown):
        await handle(world, await function.derive(upload))
        assert await function.files() == set(FILE_NAMES)
    assert await world.record(pending) == pending._replace(etag=None)


async def test_facts_that_are_gone_again_change_nothing(
    world: World, function: MediaFunction
) -> None:
    upload = await world.stored(DATA)
    await handle(world, world.event(function.facts_key(upload)))
    assert await world.record(upload) == upload


async def test_events_of_renditions_change_nothing(world: World, function: MediaFunction) -> None:
    upload = await world.stored(DATA)
    await function.derive(upload)
    for name in ("thumbnail.webp", "preview.webp", "other.json"):
        await handle(world, world.event(f"{function.folder(upload)}/{name}"))
    assert await world.record(upload) == upload


@pytest.mark.parametrize("etag", ['W/"a/b?c"', '"../.."', '"é \U0001f600"', "x" * 300, '"a-2"'])
async def test_a_store_may_have_odd_etags(world: World, function: MediaFunction, etag: str) -> None:
    upload = await world.stored(DATA)
    await world.container.database["uploads"].update_one(
        {"_id": upload.id}, {"$set": {"etag": etag}}
    )
    upload = await function.process(await world.record(upload))
    assert upload.processing == done(upload._replace(etag=etag))
    assert world.container.library.rendition(upload, RenditionName.PREVIEW) is not None


# ---------------------------------------------------------------- again, and giving up


async def again(world: World, upload: Upload) -> Upload:
    """Mark the upload as an operator does, so that it is processed again."""
    marked = await Stores(world.container.database).uploads.note_processing(
        upload, upload.processing.again(), check_at=world.clock()
    )
    assert marked is not None
    return marked


async def test_what_is_processed_again_keeps_its_facts_until_then(
    world: World, function: MediaFunction
) -> None:
    upload = await again(world, await function.process(await world.stored(DATA)))
    assert upload.processing == done(upload).again()
    assert world.container.library.rendition(upload, RenditionName.THUMBNAIL) is not None
    await world.sweep(seconds=0)
    [request] = function.requests
    await world.container.media.give_up(request, ATTEMPTS_FAILED)
    upload = await world.record(upload)
    assert upload.processing == done(upload).failed(ATTEMPTS_FAILED)
    newer = facts_of(upload)._replace(media=MEDIA._replace(camera="Other"))
    await handle(world, await function.derive(upload, write_facts(newer)))
    assert (await world.record(upload)).processing == done(upload)._replace(media=newer.media)


async def test_giving_up_concerns_only_what_still_waits(
    world: World, function: MediaFunction
) -> None:
    upload = await world.stored(DATA)
    await world.hear(upload)
    [request] = function.requests
    others = (request._replace(etag='"other"'), request._replace(key=world.unknown_key()))
    give_up = world.container.media.give_up
    await give_up(others[0], ATTEMPTS_FAILED)
    for other in (others[1], request._replace(key="uploads/other"), MediaRequest("", "", "")):
        with pytest.raises(ValueError, match="names no upload"):
            await give_up(other, ATTEMPTS_FAILED)
    unknown = new_id(world.clock())
    key = f"{world.key_prefix}/{world.owner_id}/{unknown}"
    await give_up(request._replace(key=key, upload_id=unknown), ATTEMPTS_FAILED)
    assert await world.record(upload) == upload
    done = await function.process(upload)
    await give_up(request, ATTEMPTS_FAILED)
    assert await world.record(upload) == done


async def test_giving_up_is_recorded(world: World, function: MediaFunction) -> None:
    upload = await world.stored(DATA)
    await world.hear(upload)
    [request] = function.requests
    plain = request._replace(etag=request.etag.strip('"'))
    await world.container.media.give_up(plain, ATTEMPTS_FAILED)
    record = await world.record(upload)
    assert record.processing == Processing(ProcessingStatus.FAILED, ATTEMPTS_FAILED)
    await delete(world, record)
    await world.container.media.give_up(request, ATTEMPTS_FAILED)
    assert (await world.record(upload)).status is UploadStatus.DELETED


async def test_facts_that_come_while_giving_up_stay(world: World, function: MediaFunction) -> None:
    upload = await world.stored(DATA)
    await world.hear(upload)
    [request] = function.requests
    store = world.container.media._uploads

    class Slow:
        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        async def find_any(self, *name: str) -> Upload | None:
            found = await store.find_any(*name)
            world.container.media._uploads = store
            await function.process(upload)
            return found

    world.container.media._uploads = Slow()
    await world.container.media.give_up(request, ATTEMPTS_FAILED)
    assert (await world.record(upload)).processing == done(upload)


@pytest.mark.settings(METRICS_NAMESPACE="media-test")
async def test_results_are_counted(
    world: World, function: MediaFunction, metric_lines: MetricLines
) -> None:
    uploads = [await world.stored(DATA) for _ in range(3)]
    world.clock.advance(seconds=3)
    for upload in uploads[:2]:
        await function.process(upload)
        await function.process(upload)
    await handle(world, await function.derive(uploads[2], b"{}"))
    world.container.metrics.flush()
    assert metric_lines.counts(metrics.MEDIA_PROCESSED) == {(): 2}
    assert metric_lines.counts(metrics.MEDIA_FAILED) == {(): 1}
    assert metric_lines.counts(metrics.FACTS_INVALID) == {(): 1}
    assert metric_lines.values(metrics.SECONDS_TO_PROCESSED) == [3, 3, 3]


async def test_keys_that_only_resemble_derived_files_are_left_alone(
    world: World, function: MediaFunction
) -> None:
    upload = await world.stored(DATA)
    key = function.facts_key(upload)
    prefix = world.container.upload_policy.renditions_prefix
    for other in (f"{key}/", key.upper(), key.replace("/facts", "//facts"), f"x{key}"):
        assert derived_file(prefix, other) is None
        await handle(world, world.event(other))
    assert await world.record(upload) == upload
