"""The trash: moving uploads there, restoring them, and deleting them when their time is over."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.domain.errors import UploadClosed, UploadNotFound
from gql_api.domain.listing import Filter, Order, PageRequest
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.services.settlement import Settlement
from tests.services.world import World, maintenance

DATA = b"the bytes of a picture"
STORED, TRASHED = UploadStatus.STORED, UploadStatus.TRASHED


async def trash(world: World, *uploads: Upload) -> Sequence[Any]:
    return await world.container.trash.trash_many(world.owner_id, [it.id for it in uploads])


async def restore(world: World, *uploads: Upload) -> Sequence[Any]:
    return await world.container.trash.restore_many(world.owner_id, [it.id for it in uploads])


async def listed(world: World, filter: Filter) -> list[str]:
    """Return the ids that the filter lists; they must be as many as it counts."""
    library = world.container.library
    page = await library.page(world.owner_id, PageRequest(filter, Order(), 10))
    assert await library.count(world.owner_id, filter) == len(page.uploads)
    return [upload.id for upload in page.uploads]


async def test_the_trash_hides_an_upload_and_keeps_everything_else(world: World) -> None:
    kept, upload = await world.stored(DATA), await world.stored(DATA)
    usage = await world.usage()

    [trashed] = await trash(world, upload)

    assert (trashed.status, trashed.trashed_at) == (TRASHED, world.clock())
    assert (trashed.stored_at, trashed.etag) == (upload.stored_at, upload.etag)
    assert await listed(world, Filter()) == [kept.id]
    assert await listed(world, Filter(status=(STORED,))) == [kept.id]
    for filter in (Filter(trashed=True), Filter(status=(STORED,), trashed=True)):
        assert await listed(world, filter) == [upload.id]
    assert await listed(world, Filter(status=(UploadStatus.PENDING,), trashed=True)) == []
    assert await world.usage() == usage
    request = world.container.library.download(trashed, attachment=True, expires_in_seconds=None)
    assert request is not None
    assert (await world.http.get(request.url)).content == DATA
    assert await world.complete(upload) == trashed
    with pytest.raises(UploadClosed):
        await world.container.uploads.cancel(world.owner_id, upload.id)
    await world.assert_consistent()

    [restored] = await restore(world, upload)

    assert (restored.status, restored.trashed_at) == (STORED, None)
    assert (restored.stored_at, restored.etag) == (upload.stored_at, upload.etag)
    assert await listed(world, Filter()) == [upload.id, kept.id]
    assert await listed(world, Filter(trashed=True)) == []
    await world.assert_consistent()


async def test_each_id_has_its_own_outcome_in_order(world: World) -> None:
    stored, pending = await world.stored(DATA), await world.request(5)
    strangers = await world.sent(DATA, await world.add_owner())
    await world.complete(strangers)
    gone = await world.request(5)
    await world.container.library.delete(world.owner_id, gone.id)
    ids = [stored, strangers, pending, gone, stored]

    first, *failures, again = await trash(world, *ids)

    assert first.status is TRASHED
    assert again == first
    assert [type(it) for it in failures] == [UploadNotFound, UploadClosed, UploadNotFound]
    assert failures[1].status is UploadStatus.PENDING
    world.clock.advance(seconds=5)
    assert await trash(world, stored) == [first], "repeated, it stays there since the first time"
    outcomes = await restore(world, *ids)
    assert [type(it) for it in outcomes] == [Upload, UploadNotFound, Upload, UploadNotFound, Upload]
    assert outcomes[2] == await world.record(pending), "what is not in the trash stays as it is"
    assert await restore(world, stored) == [outcomes[0]]
    assert (await world.record(strangers)).status is STORED


async def test_a_batch_shares_a_transaction(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    uploads = await asyncio.gather(*(world.stored(DATA) for _ in range(10)))
    adjust, sizes = MongoUsage.adjust, []

    async def counted(self: MongoUsage, session: Any, changes: Sequence[Any]) -> None:
        sizes.append(len(changes))
        await adjust(self, session, changes)

    monkeypatch.setattr(MongoUsage, "adjust", counted)
    assert {it.status for it in await trash(world, *uploads)} == {TRASHED}
    assert {it.status for it in await restore(world, *uploads)} == {STORED}
    assert sizes == [10, 10]
    await world.assert_consistent()


@pytest.mark.settings(TRASH_TTL_SECONDS="864000")
async def test_the_sweep_deletes_what_has_been_there_too_long(world: World) -> None:
    upload, restored = await world.stored(DATA), await world.stored(DATA)
    await trash(world, upload, restored)
    assert (await world.sweep(days=9)).trash_deleted == 0
    assert (await world.record(upload)).status is TRASHED
    await restore(world, restored)

    report = await world.sweep(days=1)

    assert (report.checked, report.trash_deleted, report.stored) == (2, 1, 0)
    assert (await world.record(upload)).status is UploadStatus.DELETED
    assert isinstance((await restore(world, upload))[0], UploadNotFound)
    assert (await world.record(restored)).status is STORED
    assert await world.usage() == {"bytes": len(DATA), "uploads": 1}
    await world.assert_consistent()
    assert (await world.sweep()).purged == 1


async def test_a_longer_time_applies_to_what_is_there_already(world: World) -> None:
    """The sweep checks it when the old time is over, and then waits for the rest of the new one."""
    upload = await world.stored(DATA)
    [trashed] = await trash(world, upload)
    await world.container.database["uploads"].update_one(
        {"_id": upload.id}, {"$set": {"check_at": world.clock() + timedelta(days=1)}}
    )
    assert (await world.sweep(days=1)).checked == 1
    record = await world.record(upload)
    assert record.status is TRASHED
    assert record.check_at == trashed.trashed_at + timedelta(days=30)


@pytest.mark.parametrize("again", [False, True], ids=["restored", "moved there again"])
async def test_what_the_owner_restores_while_it_expires_stays(world: World, again: bool) -> None:
    """The sweep has read the upload when its time is over, but not deleted it yet."""
    upload = await world.stored(DATA)
    await trash(world, upload)
    world.clock.advance(days=31)

    class Settling:
        """Restores the upload when the sweep has checked its object."""

        close = world.container.settling.close

        async def settle(self, due: Upload, **more: Any) -> Settlement:
            settlement = await world.container.settling.settle(due, **more)
            await restore(world, due)
            if again:
                await trash(world, due)
            return settlement

    report = await maintenance(world, settling=Settling()).sweep()
    assert (report.checked, report.trash_deleted, report.stored, report.failures) == (1, 0, 0, 0)
    record = await world.record(upload)
    assert record.status is (TRASHED if again else STORED)
    assert record.trashed_at == (world.clock() if again else None)
    await world.assert_consistent({upload.id: DATA})


async def test_an_object_that_is_overwritten_in_the_trash_is_checked(world: World) -> None:
    upload = await world.stored(DATA)
    [trashed] = await trash(world, upload)
    await world.put_behind(upload.key, DATA[::-1])
    await world.hear(upload)
    replaced = await world.record(upload)
    assert (replaced.status, replaced.trashed_at) == (TRASHED, trashed.trashed_at)
    assert replaced.etag != upload.etag
    await world.put_behind(upload.key, b"another size")
    await world.hear(upload)
    record = await world.record(upload)
    assert (record.status, record.trashed_at) == (UploadStatus.REJECTED, None)
    assert await listed(world, Filter()) == [upload.id]
    await world.assert_consistent()


async def test_old_urls_are_waited_for_in_and_after_the_trash(world: World) -> None:
    """On this store, a URL that was signed before can replace a stored object."""
    upload = await world.stored(DATA)
    assert upload.check_at is not None
    [trashed] = await trash(world, upload)
    assert trashed.check_at == upload.check_at
    [restored] = await restore(world, upload)
    await world.sweep(seconds=600)
    assert (await world.record(upload)).check_at == restored.check_at >= upload.check_at
    await world.put_behind(upload.key, b"another size")
    await world.sweep()
    assert (await world.record(upload)).status is UploadStatus.REJECTED
