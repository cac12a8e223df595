"""The sweep: settles uploads that clients and events missed, and corrects the usage."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from gql_api.adapters.mongo.changes import MongoChanges
from gql_api.adapters.mongo.uploads import MongoUploads
from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.domain.upload_store import UploadStore, UsageBooks
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.services.settling import Settlement, SettlingService
from gql_api.services.sweep_report import SweepReport
from tests.services.world import World, checksum, maintenance
from tests.upload_records import Stores

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


class Poisoned(SettlingService):
    """A settling service that fails for one upload."""

    poison: str

    async def settle(self, upload: Upload, *, read_max_bytes: int | None = None) -> Settlement:
        if upload.id == self.poison:
            raise ConnectionError("the bucket is gone")
        return await super().settle(upload, read_max_bytes=read_max_bytes)


def poisoned(world: World, upload: Upload) -> Poisoned:
    settling = Poisoned(
        uploads=Stores(world.container.database).uploads,
        bucket=world.container.bucket,
        clock=world.clock,
        policy=world.container.settings.uploads,
    )
    settling.poison = upload.id
    return settling


async def test_one_upload_that_fails_does_not_stop_the_others(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    uploads = [await world.sent(DATA) for _ in range(3)]
    service = maintenance(world, settling=poisoned(world, uploads[0]))
    world.clock.advance(seconds=900)
    report = await service.sweep()
    assert (report.checked, report.stored, report.failures) == (3, 2, 1)
    assert f"upload {uploads[0].id} could not be checked" in caplog.text
    await world.sweep()
    assert (await world.record(uploads[0])).status is UploadStatus.STORED


async def test_uploads_that_fail_do_not_keep_others_from_their_turn(world: World) -> None:
    uploads = [await world.sent(DATA) for _ in range(3)]
    service = maintenance(world, settling=poisoned(world, uploads[0]), batch=1)
    world.clock.advance(seconds=900)
    for _ in range(3):
        await service.sweep()
    statuses = [(await world.record(upload)).status.value for upload in uploads]
    assert statuses == ["PENDING", "STORED", "STORED"]


async def test_a_batch_is_bounded_and_the_rest_is_done_by_the_next(world: World) -> None:
    for _ in range(5):
        await world.sent(DATA)
    service = maintenance(world, batch=2)
    world.clock.advance(seconds=900)
    assert [(await service.sweep()).stored for _ in range(4)] == [2, 2, 1, 0]


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


async def test_the_books_are_gone_through_piece_by_piece(world: World) -> None:
    for _ in range(4):
        await world.add_owner()
    users = world.container.database["users"]
    await users.update_many({}, {"$set": {"usage.bytes": 1}})
    service = maintenance(world, batch=2)
    assert [(await service.sweep()).usages_corrected for _ in range(4)] == [2, 2, 1, 0]
    await users.update_many({}, {"$set": {"usage.bytes": 1}})
    assert sum([(await service.sweep()).usages_corrected for _ in range(3)]) == 5


class BrokenBooks:
    """`UsageBooks` of a database that is down."""

    async def recompute(self, owner_ids: object) -> int:
        raise ConnectionError

    async def owner_ids(self, after: str, limit: int) -> list[str]:
        raise ConnectionError


class BrokenUploads(MongoUploads):
    """A store that cannot list due uploads."""

    async def due(self, now: object, limit: int) -> list[Upload]:
        raise ConnectionError


async def test_a_step_that_fails_does_not_keep_the_others_from_being_done(world: World) -> None:
    await world.put_behind(world.unknown_key(), DATA)
    books: UsageBooks = BrokenBooks()
    database = world.container.database
    uploads: UploadStore = BrokenUploads(database, MongoChanges(database), MongoUsage(database))
    world.clock.advance(hours=2)
    report = await maintenance(world, uploads=uploads, usage=books).sweep()
    assert (report.failures, report.orphans_deleted) == (2, 1)


async def test_sweeps_side_by_side_do_everything_once(world: World, small_parts: int) -> None:
    sent = {}
    for _ in range(5):
        sent[(await world.sent(LONG)).id] = LONG
        await world.put_behind(world.unknown_key(), DATA)
    world.clock.advance(hours=2)
    reports = await asyncio.gather(*(world.container.maintenance.sweep() for _ in range(3)))
    assert [report.failures for report in reports] == [0, 0, 0]
    await world.assert_consistent(sent)
    assert len(await world.objects()) == 5
