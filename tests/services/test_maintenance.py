"""The sweep: settles uploads that clients and events missed, and corrects the usage."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

import pytest

from gql_api.adapters.mongo.changes import MongoChanges
from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.uploads import MongoUploads
from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.domain.bucket import Bucket
from gql_api.domain.upload_store import UploadStore, UsageBooks
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.services.settlement import Settlement
from gql_api.services.settling import SettlingService
from gql_api.services.sweep_report import SweepFailed, SweepReport
from tests.services.world import World, checksum, maintenance
from tests.upload_records import Stores, an_upload, insert_records

DATA = b"the bytes of a picture"
LONG = bytes(range(250)) * 10


async def test_nothing_to_do(world: World) -> None:
    report = await world.sweep()
    assert report == SweepReport()
    assert str(report) == "nothing to do"


# ------------------------------------------------------------------ uploads that are due


@pytest.mark.parametrize("data", [DATA, LONG], ids=["single", "multipart"])
async def test_what_is_fully_there_is_stored_though_nobody_said_so(
    world: World, small_parts: int, data: bytes
) -> None:
    upload = await world.sent(data, checksum=checksum(data))
    report = await world.sweep(seconds=900)
    assert (report.checked, report.stored) == (1, 1)
    assert str(report) == "checked 1, stored 1"
    await world.assert_consistent({upload.id: data})


async def test_what_never_came_expires_with_its_parts(world: World, small_parts: int) -> None:
    upload = await world.send(await world.request(len(LONG)), LONG, 1, 3)
    await world.request(5)
    world.clock.now = upload.expires_at - timedelta(milliseconds=1)
    assert (await world.container.maintenance.sweep()).expired == 0
    assert (await world.record(upload)).status is UploadStatus.PENDING
    world.clock.now = upload.expires_at
    assert (await world.container.maintenance.sweep()).expired == 2
    assert (await world.record(upload)).status is UploadStatus.EXPIRED
    assert await world.usage() == {"bytes": 0, "uploads": 0}
    await world.assert_consistent()


async def test_what_came_in_time_is_stored_even_if_the_sweep_is_late(
    world: World, small_parts: int
) -> None:
    uploads = [await world.sent(DATA), await world.sent(LONG)]
    report = await world.sweep(days=30)
    assert (report.stored, report.expired) == (2, 0)
    for upload in uploads:
        assert (await world.record(upload)).status is UploadStatus.STORED


async def test_what_differs_is_rejected(world: World) -> None:
    upload = await world.request(len(DATA))
    await world.put_behind(upload.key, b"wrong")
    report = await world.sweep(seconds=900)
    assert (report.rejected, report.failures) == (1, 0)
    await world.assert_consistent()


@pytest.mark.settings(PENDING_TTL_SECONDS="86400")
async def test_a_pending_upload_is_looked_at_less_and_less_often(world: World) -> None:
    upload = await world.request(len(DATA))
    waits = []
    for _ in range(20):
        due = (await world.record(upload)).check_at
        assert due is not None
        world.clock.now = due - timedelta(milliseconds=1)
        assert (await world.container.maintenance.sweep()).checked == 0
        world.clock.now = due
        assert (await world.container.maintenance.sweep()).checked == 1
        upload = await world.record(upload)
        if upload.status is UploadStatus.EXPIRED:
            break
        assert upload.check_at is not None
        waits.append((upload.check_at - due).total_seconds())
    assert upload.status is UploadStatus.EXPIRED
    assert waits[:-1] == sorted(waits[:-1])
    assert (waits[0], max(waits)) == (900, 6 * 3600)
    assert due == upload.expires_at


async def test_tombstones_are_purged_when_nothing_can_arrive_any_more(world: World) -> None:
    upload = await world.sent(DATA)
    await world.container.library.delete(world.owner_id, upload.id)
    assert (await world.sweep(seconds=900)).purged == 0
    assert (await world.record(upload)).status is UploadStatus.DELETED
    assert (await world.sweep()).purged == 1
    assert await world.find_record(upload) is None


async def test_settled_uploads_are_left_alone_for_good(world: World) -> None:
    await world.stored(DATA)
    cancelled = await world.request(5)
    await world.container.uploads.cancel(world.owner_id, cancelled.id)
    assert (await world.sweep()).checked == 2
    assert await world.sweep(days=30) == SweepReport()
    assert (await world.record(cancelled)).status is UploadStatus.CANCELLED


class Watched(SettlingService):
    """A settling service that fails for some uploads, and counts what it is asked for.

    `seconds` is a timer that each check moves by one.
    """

    def __init__(self, world: World, *poison: Upload) -> None:
        super().__init__(
            uploads=Stores(world.container.database).uploads,
            bucket=world.container.bucket,
            deployment=world.container.deployment,
            clock=world.clock,
            policy=world.container.settings.uploads,
        )
        self.poison = {upload.id for upload in poison}
        self.asked: list[str] = []

    def seconds(self) -> float:
        return len(self.asked)

    async def settle(self, upload: Upload, **more: Any) -> Settlement:
        self.asked.append(upload.id)
        if upload.id in self.poison:
            raise ConnectionError("the bucket is gone")
        return await super().settle(upload, **more)


async def test_one_upload_that_fails_does_not_stop_the_others(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    uploads = [await world.sent(DATA) for _ in range(3)]
    service = maintenance(world, settling=Watched(world, uploads[0]))
    world.clock.advance(seconds=900)
    report = await service.sweep()
    assert (report.checked, report.stored, report.failures) == (3, 2, 1)
    assert f"upload {uploads[0].id} could not be checked" in caplog.text
    await world.sweep()
    assert (await world.record(uploads[0])).status is UploadStatus.STORED


async def test_uploads_that_fail_are_postponed_longer_and_longer(world: World) -> None:
    """Otherwise a batch of them would keep all others from being checked."""
    uploads = [await world.sent(DATA) for _ in range(4)]
    service = maintenance(world, settling=Watched(world, uploads[0]), batch=2)
    waits = []
    for days in (0, 0, 1):
        world.clock.advance(seconds=900, days=days)
        await world.container.database["uploads"].update_many(
            {"status": "STORED"}, {"$set": {"check_at": world.clock()}}
        )
        assert (await service.sweep()).failures == 1
        check_at = (await world.record(uploads[0])).check_at
        assert check_at is not None
        waits.append((check_at - world.clock()).total_seconds())
    assert waits == [900, 1800, 6 * 3600]
    statuses = [(await world.record(upload)).status.value for upload in uploads]
    assert statuses == ["PENDING", "STORED", "STORED", "STORED"]


@pytest.mark.parametrize("count", [1, 40])
async def test_a_sweep_fails_if_all_checks_fail(world: World, count: int) -> None:
    """A bucket that refuses every call is noticed before all uploads have been tried."""
    uploads = [an_upload(world.owner_id, world.clock()) for _ in range(count)]
    await insert_records(world.container.database, uploads)
    settling = Watched(world, *uploads)
    world.clock.advance(days=1000)
    with pytest.raises(SweepFailed) as failed:
        await maintenance(world, settling=settling).sweep()
    assert (failed.value.report.failures, failed.value.report.steps_failed) == (min(count, 32), 1)
    assert len(settling.asked) == min(count, 32)
    settling.poison.clear()
    with contextlib.suppress(SweepFailed):
        await maintenance(world, settling=settling).sweep()
    assert len(settling.asked) == count


async def test_a_sweep_that_runs_out_of_time_is_continued_by_the_next(world: World) -> None:
    uploads = {(await world.sent(DATA)).id for _ in range(5)}
    settling = Watched(world)
    service = maintenance(world, settling=settling, timer=settling.seconds, batch=3)
    world.clock.advance(seconds=900)
    assert [(await service.sweep(3)).stored for _ in range(3)] == [3, 2, 0]
    assert (len(settling.asked), set(settling.asked)) == (5, uploads)


async def test_due_uploads_without_end_leave_time_for_the_rest(world: World) -> None:
    for _ in range(3):
        await world.sent(DATA)
    await world.put_behind(world.unknown_key(), DATA)
    users = world.container.database["users"]
    await users.update_one({"_id": world.owner_id}, {"$set": {"usage.bytes": -3}})
    settling = Watched(world)
    service = maintenance(world, settling=settling, timer=settling.seconds, batch=1)
    world.clock.advance(hours=2)
    report = await service.sweep(2)
    assert (report.checked, report.unknown_objects, report.usages_corrected) == (2, 1, 1)


class WatchedTogether(Watched):
    """Begins its checks when each of the sweeps that share `begun` has an upload to check."""

    def __init__(self, world: World, begun: asyncio.Barrier) -> None:
        super().__init__(world)
        self._begun: asyncio.Barrier | None = begun

    async def settle(self, upload: Upload, **more: Any) -> Settlement:
        begun, self._begun = self._begun, None
        if begun is not None:
            await begun.wait()
        return await super().settle(upload, **more)


async def test_sweeps_at_once_check_each_upload_once(world: World) -> None:
    uploads = [await world.sent(DATA) for _ in range(12)]
    begun = asyncio.Barrier(3)
    settlings = [WatchedTogether(world, begun) for _ in range(3)]
    world.clock.advance(seconds=900)
    services = [maintenance(world, settling=settling, batch=2) for settling in settlings]
    reports = await asyncio.gather(*(service.sweep() for service in services))
    asked = [upload_id for settling in settlings for upload_id in settling.asked]
    assert sorted(asked) == sorted(upload.id for upload in uploads)
    assert sum(report.stored for report in reports) == 12
    assert all(report.stored for report in reports)


class CountedBucket:
    """A bucket that notes the name of each call."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.calls.append(name)
        return getattr(self.bucket, name)


async def test_a_check_asks_the_bucket_no_more_than_it_must(world: World, small_parts: int) -> None:
    """At 50,000 checks per sweep, each call counts."""
    container = world.container
    bucket = CountedBucket(container.bucket)
    settling = SettlingService(
        uploads=Stores(container.database).uploads,
        bucket=cast(Bucket, bucket),
        deployment=container.deployment,
        clock=world.clock,
        policy=container.settings.uploads,
    )
    service = maintenance(world, settling=settling)
    single, started = await world.request(5), await world.request(len(LONG))
    await world.send(started, LONG, 1)
    never_begun = await world.request(len(LONG))
    world.clock.now = max(upload.expires_at for upload in (single, started, never_begun))
    assert (await service.sweep()).expired == 3
    assert Counter(bucket.calls) == {"head": 3, "list_parts": 1, "abort_multipart": 1}
    bucket.calls.clear()
    world.clock.advance(days=1)
    assert (await service.sweep()).checked == 3
    assert Counter(bucket.calls) == {"delete": 3, "abort_multipart": 1}


# ------------------------------------------------------------------ recorded usage


async def test_spoiled_usage_is_recomputed(world: World) -> None:
    other = await world.add_owner()
    nobody = await world.add_owner()
    await world.stored(DATA)
    await world.request(7, other)
    users = world.container.database["users"]
    await users.update_one({"_id": world.owner_id}, {"$set": {"usage.bytes": -3}})
    await users.update_one({"_id": nobody}, {"$set": {"usage": {"bytes": 9, "uploads": 9}}})
    assert (await world.sweep(seconds=1)).usages_corrected == 2
    await world.assert_consistent()


class CountingUsage(MongoUsage):
    """Counts the users in each batch. `seconds` is a timer that each batch moves by one."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.batches: list[int] = []

    def seconds(self) -> float:
        return len(self.batches)

    async def recompute(self, owner_ids: Sequence[str]) -> int:
        self.batches.append(len(owner_ids))
        return await super().recompute(owner_ids)


async def test_the_books_are_gone_through_piece_by_piece_once_a_day(world: World) -> None:
    for _ in range(4):
        await world.add_owner()
    users = world.container.database["users"]
    await users.update_many({}, {"$set": {"usage.bytes": 1}})
    usage = CountingUsage(world.container.database)
    service = maintenance(world, usage=usage, timer=usage.seconds, batch=2)
    assert [(await service.sweep(2)).usages_corrected for _ in range(3)] == [4, 1, 0]
    await users.update_many({}, {"$set": {"usage.bytes": 1}})
    world.clock.advance(hours=23, minutes=59)
    assert (await service.sweep()).usages_corrected == 0
    world.clock.advance(minutes=1)
    assert (await service.sweep()).usages_corrected == 5
    assert usage.batches == [2, 2, 1] * 2


class BrokenBooks:
    """`UsageBooks` of a database that is down."""

    async def recompute(self, owner_ids: object) -> int:
        raise ConnectionError

    async def owner_ids(self, after: str, limit: int) -> list[str]:
        raise ConnectionError


class BrokenUploads(MongoUploads):
    """A store that cannot list due uploads."""

    async def claim_due(self, now: object, limit: int, until: object) -> list[Upload]:
        raise ConnectionError


async def test_a_step_that_fails_does_not_keep_the_others_from_being_done(world: World) -> None:
    await world.put_behind(world.unknown_key(), DATA)
    books: UsageBooks = BrokenBooks()
    database = world.container.database
    uploads: UploadStore = BrokenUploads(database, MongoChanges(database), MongoUsage(database))
    world.clock.advance(hours=2)
    with pytest.raises(SweepFailed, match=r"2 steps .* unknown_objects 1") as failed:
        await maintenance(world, uploads=uploads, usage=books).sweep()
    report = failed.value.report
    assert (report.steps_failed, report.failures, report.unknown_objects) == (2, 0, 1)


async def test_sweeps_side_by_side_do_everything_once(world: World, small_parts: int) -> None:
    sent = {}
    for _ in range(5):
        sent[(await world.sent(LONG)).id] = LONG
        await world.put_behind(world.unknown_key(), DATA)
    await world.container.deployment.adopt()
    for advance in ({"hours": 2}, {"days": 1, "seconds": 1}):
        world.clock.advance(**advance)
        reports = await asyncio.gather(*(world.container.maintenance.sweep() for _ in range(3)))
        assert [report.failures for report in reports] == [0, 0, 0]
    await world.assert_consistent(sent)
    assert len(await world.objects()) == 5
