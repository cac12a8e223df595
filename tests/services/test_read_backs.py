"""Objects that are read back apart: what waits for a read, who reads, and how often."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from gql_api.adapters.read_queues import InProcessReadQueue
from gql_api.domain.deadline import seconds_left, time_limit
from gql_api.domain.file_requests import FIRST_CHECK_SECONDS
from gql_api.domain.uploads import ChecksumAlgorithm, UploadStatus
from gql_api.lambda_handlers import _handle_storage_event
from gql_api.services.storage_events import StorageEventService
from tests.lambda_runtime.events import sqs
from tests.services.world import World, checksum, maintenance

DATA = b"the bytes of a picture"


class Recorder:
    """A queue that records what is sent."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    async def send(self, key: str) -> None:
        self.keys.append(key)

    async def finish(self) -> None:
        pass

    async def close(self) -> None:
        pass


@pytest.fixture
def read_keys(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of the objects that are read. Every object is too large to be read at once."""
    for module in ("storage_events", "due_uploads"):
        monkeypatch.setattr(f"gql_api.services.{module}.READ_AT_ONCE_MAX_BYTES", 0)
    bucket, keys = world.container.bucket, list[str]()
    read = bucket.digest

    async def counting(key: str, etag: str, algorithm: ChecksumAlgorithm) -> str | None:
        keys.append(key)
        return await read(key, etag, algorithm)

    monkeypatch.setattr(bucket, "digest", counting)
    return keys


def events_with(world: World, reads: Recorder) -> StorageEventService:
    return StorageEventService(
        settling=world.container.settling,
        reads=reads,
        media=world.container.media,
        bucket_name=world.bucket_name,
        policy=world.container.upload_policy,
        relay_queue=world.container.relay_queue,
    )


async def test_ten_events_read_nothing_and_each_message_reads_one_object(
    world: World, read_keys: list[str]
) -> None:
    uploads = [await world.sent(DATA, checksum=checksum(DATA)) for _ in range(10)]
    keys = [upload.key for upload in uploads]
    reads = Recorder()
    events = events_with(world, reads)
    await asyncio.gather(*(events.handle(world.event(key)) for key in keys))
    assert read_keys == []
    assert sorted(reads.keys) == sorted(keys)
    for number, upload in enumerate(uploads, 1):
        await world.container.read_backs.read(upload.key)
        assert read_keys == keys[:number]
        assert (await world.record(upload)).status is UploadStatus.STORED
    # Messages and events may come twice.
    for upload in uploads[:2]:
        await world.container.read_backs.read(upload.key)
        await events.handle(world.event(upload.key))
    assert len(read_keys) == len(reads.keys) == 10
    await world.container.read_backs.read("another/key")


async def test_what_needs_no_read_is_settled_at_once(world: World, read_keys: list[str]) -> None:
    plain = await world.sent(DATA)
    wrong = await world.request(len(DATA), checksum=checksum(DATA))
    await world.put_behind(wrong.key, b"of another size")
    reads = Recorder()
    for upload in (plain, wrong):
        await events_with(world, reads).handle(world.event(upload.key))
    assert (await world.record(plain)).status is UploadStatus.STORED
    assert (await world.record(wrong)).status is UploadStatus.REJECTED
    assert read_keys == reads.keys == []


async def test_an_overwritten_object_is_read_apart_too(world: World, read_keys: list[str]) -> None:
    upload = await world.stored(DATA, checksum=checksum(DATA))
    await world.put_behind(upload.key, DATA.swapcase())
    read_keys.clear()
    reads = Recorder()
    await events_with(world, reads).handle(world.event(upload.key))
    assert (read_keys, reads.keys) == ([], [upload.key])
    assert (await world.record(upload)).status is UploadStatus.STORED
    await world.container.read_backs.read(upload.key)
    assert (await world.record(upload)).status is UploadStatus.REJECTED


async def test_the_sweep_reads_nothing_and_expires_nothing_that_waits(
    world: World, read_keys: list[str]
) -> None:
    upload = await world.sent(DATA, checksum=checksum(DATA))
    reads = Recorder()
    sweeper = maintenance(world, reads=reads)
    for seconds in (FIRST_CHECK_SECONDS, world.container.settings.uploads.pending_ttl_seconds):
        world.clock.advance(seconds=seconds)
        report = await sweeper.sweep()
        assert (report.checked, report.expired, report.failures) == (1, 0, 0)
    assert (read_keys, reads.keys) == ([], [upload.key] * 2)
    assert (await sweeper.sweep()).checked == 0
    world.clock.advance(seconds=timedelta(hours=1).total_seconds())
    assert (await sweeper.sweep()).checked == 1
    await world.container.read_backs.read(upload.key)
    assert (await world.record(upload)).status is UploadStatus.STORED


async def test_without_a_queue_the_process_reads(world: World, read_keys: list[str]) -> None:
    upload = await world.sent(DATA, checksum=checksum(DATA))
    await world.hear(upload)
    assert (await world.record(upload)).status is UploadStatus.PENDING
    # The handler of the Lambda function waits, because the process is frozen when it returns.
    event = sqs([json.dumps(world.event(upload.key))])
    assert await _handle_storage_event(world.container, event) == {"batchItemFailures": []}
    assert (await world.record(upload)).status is UploadStatus.STORED
    assert read_keys == [upload.key]


async def test_a_process_reads_one_object_at_a_time(caplog: pytest.LogCaptureFixture) -> None:
    running: list[str] = []
    done: list[str] = []

    async def read(key: str) -> None:
        assert seconds_left() is None
        running.append(key)
        assert len(running) == 1
        await asyncio.sleep(0)
        running.remove(key)
        if key == "b":
            raise ConnectionError("no storage")
        done.append(key)

    queue = InProcessReadQueue(read)
    with time_limit(1):
        for key in "aabca":
            await queue.send(key)
    await queue.finish()
    assert done == ["a", "c"]
    assert "The sweep will try again" in caplog.text
    await queue.send("a")
    await queue.close()
    await queue.finish()
    assert done == ["a", "c"]
