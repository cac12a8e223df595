"""The sweep: objects and multipart uploads in the bucket that have no record."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from gql_api.adapters.mongo.changes import MongoChanges
from gql_api.adapters.mongo.uploads import MongoUploads
from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.domain.ids import new_id
from gql_api.domain.uploads import Upload, UploadName
from gql_api.services.sweep_report import SweepReport
from tests.services.world import World, maintenance

DATA = b"the bytes of a picture"
LONG = bytes(range(250)) * 10


async def begin_multipart(world: World, key: str) -> str:
    """Create a multipart upload without a record."""
    created = await asyncio.to_thread(
        world.s3.create_multipart_upload, Bucket=world.bucket_name, Key=key
    )
    return str(created["UploadId"])


async def test_old_objects_of_closed_uploads_are_deleted(world: World) -> None:
    stored = await world.stored(DATA)
    pending = await world.sent(DATA)
    cancelled = await world.request(len(DATA))
    await world.container.uploads.cancel(world.owner_id, cancelled.id)
    await world.put_behind(cancelled.key, DATA)
    assert (await world.sweep(minutes=59)).orphans_deleted == 0
    report = await world.sweep(minutes=2)
    assert (report.orphans_deleted, report.objects_seen) == (1, 3)
    assert (await world.objects()).keys() == {stored.key, pending.key}


async def test_foreign_objects_under_the_prefix_are_never_touched(world: World) -> None:
    keys = {
        f"{world.key_prefix}/readme.txt",
        f"{world.key_prefix}/{world.owner_id}/notes.txt",
        f"{world.key_prefix}/a/b/c/{new_id(world.clock())}",
        f"{world.key_prefix}-other/{world.owner_id}/{new_id(world.clock())}",
    }
    for key in keys:
        await world.put_behind(key, DATA)
    foreign = f"{world.key_prefix}/{world.owner_id}/large.bin"
    multipart_id = await begin_multipart(world, foreign)
    assert await world.sweep(days=30) == SweepReport()
    assert (await world.objects()).keys() == keys
    assert await world.multiparts() == {(foreign, multipart_id)}
    await world.container.bucket.abort_multipart(foreign, multipart_id)


class Counting(MongoUploads):
    """Counts the ids of each look-up. `seconds` is a timer that each look-up moves by one."""

    def __init__(self, world: World) -> None:
        database = world.container.database
        super().__init__(database, MongoChanges(database), MongoUsage(database))
        self.counts: list[int] = []

    def seconds(self) -> float:
        return len(self.counts)

    async def find_many(self, names: Iterable[UploadName]) -> Mapping[UploadName, Upload]:
        wanted = list(names)
        if wanted:
            self.counts.append(len(wanted))
        return await super().find_many(wanted)


async def test_a_walk_through_the_bucket_goes_on_where_it_stopped(world: World) -> None:
    for _ in range(3):
        await world.stored(DATA)
    for _ in range(3):
        await world.put_behind(world.unknown_key(), DATA)
    uploads = Counting(world)
    service = maintenance(world, uploads=uploads, timer=uploads.seconds, batch=2)
    world.clock.advance(hours=2)
    assert [(await service.sweep(2)).unknown_objects for _ in range(2)] == [1, 2]
    assert max(uploads.counts) == 2
    await world.put_behind(world.unknown_key(), DATA)
    assert (await service.sweep()).unknown_objects == 4


async def test_multipart_uploads_are_listed_in_pages(world: World) -> None:
    for _ in range(5):
        await begin_multipart(world, world.unknown_key())
    uploads = Counting(world)
    service = maintenance(world, uploads=uploads, timer=uploads.seconds, batch=2)
    world.clock.advance(hours=2)
    assert [(await service.sweep(2)).unknown_objects for _ in range(2)] == [4, 1]
    assert max(uploads.counts) == 2
    for key, multipart_id in await world.multiparts():
        await world.container.bucket.abort_multipart(key, multipart_id)


async def test_sweeps_at_once_walk_through_different_objects(world: World) -> None:
    for _ in range(6):
        await world.put_behind(world.unknown_key(), DATA)
    await world.container.deployment.adopt()
    uploads = Counting(world)
    services = [maintenance(world, uploads=uploads, batch=2) for _ in range(2)]
    for advance in ({"hours": 2}, {"days": 1, "seconds": 1}):
        world.clock.advance(**advance)
        reports = await asyncio.gather(*(service.sweep() for service in services))
        assert sum(report.objects_seen for report in reports) >= 6
    assert await world.objects() == {}
    assert sum(report.unknown_deleted for report in reports) == 6


async def test_old_multipart_uploads_that_no_pending_record_knows_are_dropped(
    world: World, small_parts: int
) -> None:
    pending = await world.send(await world.request(len(LONG)), LONG, 1)
    second = await begin_multipart(world, pending.key)
    stored = await world.stored(DATA)
    await begin_multipart(world, stored.key)
    unknown = world.unknown_key()
    unknown_id = await begin_multipart(world, unknown)
    assert len(await world.multiparts()) == 4
    assert (await world.sweep(minutes=59)).multiparts_aborted == 0
    assert (await world.sweep(minutes=2)).multiparts_aborted == 2
    used = (pending.key, pending.multipart_id)
    assert await world.multiparts() == {used, (unknown, unknown_id)}
    assert second != pending.multipart_id
    first, last = await world.sweep_twice()
    assert (first.unknown_deleted, last.unknown_deleted) == (0, 1)
    assert await world.multiparts() == {used}
    await world.assert_consistent()
