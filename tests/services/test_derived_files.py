"""Derived files go with their upload and with the object that they were derived from."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any, cast

import pytest

from gql_api import bootstrap, operators
from gql_api.adapters.mongo.unknown import MongoUnknownObjects
from gql_api.domain.bucket import Bucket
from gql_api.domain.errors import TooManyStorageCalls
from gql_api.domain.ids import new_id
from gql_api.domain.storage_budget import REQUEST_CALLS, storage_budget
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.services import unknown_objects
from gql_api.services.batches import BATCH_MAX
from gql_api.services.sweep_report import SweepReport
from tests.attacks.storage_calls import StorageCalls
from tests.services.dying import Fuse, Process
from tests.services.world import World, derived_orphans, maintenance

DATA = b"the bytes of a picture"
OTHER = b"the bytes of another.."
LONG = bytes(range(250)) * 10


async def pass_a_day(world: World) -> None:
    """Let the walks of two days pass."""
    for _ in range(2):
        await world.sweep(days=1, seconds=1)


# ------------------------------------------------------------------ with their upload


async def test_they_are_deleted_with_their_upload(world: World) -> None:
    upload, other = await world.processed(DATA), await world.processed(DATA)
    await world.container.library.delete(world.owner_id, upload.id)
    assert {key.split("/")[2] for key in await world.derived()} == {other.id}


async def test_they_do_not_count(world: World) -> None:
    await world.processed(DATA)
    await world.sweep(days=2)
    assert await world.usage() == {"bytes": len(DATA), "uploads": 1}


async def test_they_go_when_the_time_in_the_trash_is_over(world: World) -> None:
    upload = await world.processed(DATA)
    await world.container.trash.trash_many(world.owner_id, [upload.id])
    await world.sweep(days=29)
    assert len(await world.derived()) == 2
    assert (await world.sweep(days=2)).trash_deleted == 1
    assert await world.derived() == {}


async def test_they_go_when_the_object_is_gone_or_differs(world: World) -> None:
    await world.container.deployment.adopt()
    gone, differs = await world.processed(DATA), await world.processed(DATA)
    await world.container.bucket.delete(gone.key)
    await world.put_behind(differs.key, DATA, "text/html")
    for upload in (gone, differs):
        settled = await world.container.settling.settle(upload)
        assert settled.upload.status is UploadStatus.REJECTED
    assert await world.derived() == {}


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 6))
async def test_a_crash_while_deleting_leaves_none(world: World, at: int, after: bool) -> None:
    upload, fuse = await world.processed(DATA), Fuse(at, after)
    process = Process(world, fuse)
    await fuse.outlive(process.library.delete(world.owner_id, upload.id))
    if (await world.record(upload)).status is UploadStatus.DELETED:
        await world.sweep()
        assert await world.derived() == {}
    else:
        assert len(await world.derived()) == 2


async def test_what_comes_late_goes_when_the_tombstone_is_purged(world: World) -> None:
    """Files of all objects of the upload, whatever the record names."""
    upload = await world.processed(DATA)
    await world.container.library.delete(world.owner_id, upload.id)
    await world.derive(upload)
    await world.derive(upload, "an earlier one")
    assert (await world.sweep()).purged == 1
    assert await world.derived() == {}


async def test_nothing_is_deleted_that_does_not_exist(world: World) -> None:
    """In a bucket with versions, each such deletion leaves a marker."""
    upload = await world.processed(DATA)
    calls = StorageCalls()
    calls.watch(world.container)
    await world.container.library.delete(world.owner_id, upload.id)
    await world.sweep()
    assert Counter(calls)["DeleteObjects"] == 1
    assert Counter(calls)["DeleteObject"] == 3, "the file of facts, and the object twice"


async def test_an_account_is_deleted_with_its_derived_files(world: World) -> None:
    await world.processed(DATA)
    [name] = [it["username"] async for it in world.container.database["users"].find({})]
    accounts = operators.administration(world.container, world.clock).accounts
    assert await accounts.delete(name, lambda _: None) == 1
    assert await world.derived() == {}


# ------------------------------------------------------------------ how many calls it takes


async def test_without_derived_files_there_is_no_further_call(world: World) -> None:
    upload = await world.stored(DATA)
    calls = StorageCalls()
    calls.watch(world.container)
    await world.container.library.delete(world.owner_id, upload.id)
    assert calls == ["DeleteObject"]


async def test_a_batch_of_processed_multipart_uploads_fits_into_a_request(
    world: World, small_parts: int
) -> None:
    uploads = [await world.processed(LONG) for _ in range(2)]
    ids, calls = [upload.id for upload in uploads], StorageCalls()
    calls.watch(world.container)
    with storage_budget(4 * len(ids) - 1), pytest.raises(TooManyStorageCalls):
        await world.container.library.delete_many(world.owner_id, ids)
    assert calls == [], "nothing is done"
    with storage_budget(4 * len(ids)):
        await world.container.library.delete_many(world.owner_id, ids)
    kinds = ("AbortMultipartUpload", "DeleteObject", "DeleteObject", "DeleteObjects")
    assert Counter(calls) == Counter(kinds * len(ids))
    assert REQUEST_CALLS >= 4 * BATCH_MAX
    assert await world.derived() == {}


# ------------------------------------------------------------------ with their object


async def replaced(world: World) -> Upload:
    """Return a processed upload whose object was replaced by another valid one."""
    upload = await world.processed(DATA)
    await world.put_behind(upload.key, OTHER)
    return upload


async def test_those_of_a_replaced_object_go(world: World) -> None:
    upload = await replaced(world)
    old = set(await world.derived())
    now = (await world.container.settling.settle(upload)).upload
    assert now.etag != upload.etag
    assert await world.derived() == {}
    new = await world.derive(now)
    await pass_a_day(world)
    assert set(await world.derived()) == new != old


async def test_the_walk_finds_those_of_another_object(world: World) -> None:
    """The process died before it deleted them, or they came late."""
    await world.container.deployment.adopt()
    upload = await world.processed(DATA)
    present = set(await world.derived())
    old = await world.derive(upload, "an earlier one")
    assert (await world.sweep(minutes=59)).derived_deleted == 0
    await world.sweep(hours=1)
    assert set(await world.derived()) == present | old, "the next walk begins a day later"
    assert (await world.sweep(days=1)).derived_deleted == 2
    assert set(await world.derived()) == present


async def test_without_an_identity_another_object_proves_nothing(world: World) -> None:
    """Another database may have recorded it: see invariant 8."""
    upload = await world.processed(DATA)
    await world.derive(upload, "an earlier one")
    await pass_a_day(world)
    assert len(await world.derived()) == 4


# ------------------------------------------------------------------ the walk


async def test_the_walk_finds_what_closed_uploads_left(world: World) -> None:
    cancelled = await world.request(len(DATA))
    await world.container.uploads.cancel(world.owner_id, cancelled.id)
    await world.derive(cancelled, "none")
    report = await world.sweep(hours=2)
    assert (report.derived_deleted, str(report)) == (2, "checked 1, derived_deleted 2")
    assert await world.derived() == {}


async def test_those_of_a_pending_upload_stay(world: World) -> None:
    """Its record may have been restored from a backup that is older than they are."""
    await world.container.deployment.adopt()
    upload = await world.request(len(DATA))
    keys = await world.derive(upload, "some")
    await world.sweep(hours=2)
    assert set(await world.derived()) == keys


async def test_keys_of_another_form_are_never_touched(world: World) -> None:
    await world.container.deployment.adopt()
    upload = await world.stored(DATA)
    place = world.folder(upload, "e")
    stranger = f"{world.renditions_prefix}/{world.owner_id}/{new_id(world.clock())}"
    keys = {
        f"{place}/readme.txt",
        f"{place}/more/facts.json",
        f"{world.renditions_prefix}/facts.json",
        f"{world.renditions_prefix}-other/{world.owner_id}/{upload.id}/e/facts.json",
        f"{stranger}/facts.json",
        f"{stranger}/e/original.webp",
    }
    for key in keys:
        await world.put_behind(key, DATA)
    for _ in range(3):
        report = await world.sweep(days=2)
        assert (report.derived_deleted, report.unknown_objects) == (0, 0)
    assert (await world.under(world.renditions_prefix)).keys() == keys


async def test_a_walk_goes_on_where_it_stopped_and_begins_once_a_day(world: World) -> None:
    for _ in range(3):
        await world.derive(await world.request(len(DATA)), "e")
    walk = derived_orphans(world, batch=2)
    world.clock.advance(hours=2)

    async def seen(batches: int) -> int:
        """Return how many files a sweep with time for this many batches looks at."""
        turns, report = iter([True] * batches), SweepReport()
        await walk.delete_outlived(report, lambda: next(turns, False))
        return report.objects_seen

    assert [await seen(1), await seen(2), await seen(5), await seen(5)] == [2, 4, 0, 0]
    world.clock.advance(hours=23, minutes=59)
    assert await seen(5) == 0
    world.clock.advance(minutes=1)
    assert await seen(5) == 6


async def test_sweeps_at_once_share_a_walk(world: World) -> None:
    await world.container.deployment.adopt()
    uploads = [await world.stored(DATA) for _ in range(4)]
    for upload in uploads:
        await world.derive(upload, "an earlier one")
    services = [maintenance(world, batch=2) for _ in range(3)]
    world.clock.advance(hours=2)
    reports = await asyncio.gather(*(service.sweep() for service in services))
    assert sum(report.derived_deleted for report in reports) == 8
    assert await world.derived() == {}


class ListedPrefixes:
    """A bucket that notes the prefixes of its listings."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self.listed: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bucket, name)

    async def list_objects(self, prefix: str, after: str, limit: int) -> Any:
        self.listed.append(prefix)
        return await self._bucket.list_objects(prefix, after, limit)


async def test_without_media_a_walk_is_one_call_a_day(world: World) -> None:
    bucket = ListedPrefixes(world.container.bucket)
    service = maintenance(world, bucket=cast(Bucket, bucket))
    for _ in range(96):
        world.clock.advance(minutes=15)
        await service.sweep()
    assert bucket.listed.count(f"{world.renditions_prefix}/") == 1


# ------------------------------------------------------------------ of unknown uploads


async def put_unknown(world: World) -> set[str]:
    """Put derived files of an upload that never existed into the bucket."""
    upload = await world.request(len(DATA))
    return await world.derive(upload._replace(id=new_id(world.clock())), "e")


async def test_those_of_an_unknown_upload_go_at_a_second_look_a_day_later(world: World) -> None:
    await world.container.deployment.adopt()
    keys = await put_unknown(world)
    first = await world.sweep(hours=2)
    assert (first.unknown_objects, first.derived_deleted) == (2, 0)
    assert {note.found.key for note in await world.container.unknown.noted(10)} == keys
    assert (await world.sweep(hours=23, minutes=59)).unknown_deleted == 0
    assert (await world.sweep(minutes=2)).unknown_deleted == 2
    assert await world.derived() == {}


async def test_a_database_that_does_not_know_the_bucket_deletes_none(world: World) -> None:
    await world.container.deployment.adopt()
    await world.processed(DATA)
    settings = world.container.settings._replace(db_name=f"{world.container.settings.db_name}-typo")
    mistyped = bootstrap.build(settings, world.clock)
    try:
        await mistyped.preparation.prepare(print)
        for _ in range(3):
            world.clock.advance(days=2)
            report = await mistyped.maintenance.sweep()
            assert (report.unknown_objects, report.unknown_deleted) == (3, 0)
    finally:
        await mistyped.database.client.drop_database(settings.db_name)
        await mistyped.close()
    assert len(await world.derived()) == 2


async def test_those_whose_upload_became_known_are_kept(world: World) -> None:
    """The records come back, as from a backup, after the first look."""
    await world.container.deployment.adopt()
    upload = await world.processed(DATA)
    records = world.container.database["uploads"]
    record = await records.find_one_and_delete({"_id": upload.id})
    assert record is not None
    assert (await world.sweep(hours=2)).unknown_objects == 3
    await records.insert_one(record)
    assert (await world.sweep(days=1, seconds=1)).unknown_deleted == 0
    assert await world.container.unknown.noted(10) == []
    assert len(await world.derived()) == 2


async def test_they_share_the_limit_of_one_sweep(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unknown_objects, "_DELETED_AT_LEAST", 1)
    await world.container.deployment.adopt()
    await put_unknown(world)
    assert (await world.sweep(hours=2)).unknown_deleted == 0
    assert (await world.sweep(days=1, seconds=1)).unknown_deleted == 1
    assert len(await world.derived()) == 1


async def test_notes_know_both_kinds(world: World) -> None:
    """The notes of an object and of a derived file of one unknown upload are separate."""
    await world.container.deployment.adopt()
    upload = await world.processed(DATA)
    await world.container.database["uploads"].delete_one({"_id": upload.id})
    await world.sweep(hours=2)
    notes = await MongoUnknownObjects(world.container.database).seen_before(
        world.clock.now.replace(year=2100), 10
    )
    assert len(notes) == 3
