"""The checks of stored media: processing ends none that another reason needs.

On a store that ignores `If-None-Match`, a URL that was signed earlier can replace the object. One
check after all URLs have expired finds that, even if no event reports it.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from gql_api.adapters.mongo.deployment import MongoDeployments
from gql_api.domain.processing import NOT_PROCESSED
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.services.schedule import PROCESSING_TIME
from tests.services.media_world import DATA, PROCESSED, MediaFunction
from tests.services.test_evidence import AWS
from tests.services.world import World, checksum

pytestmark = pytest.mark.settings(**PROCESSED)

OTHER = DATA.swapcase()


def last_arrival(world: World, upload: Upload) -> timedelta:
    """Return the time from now until no URL of the upload delivers bytes any more."""
    assert upload.stored_at is not None
    return world.container.upload_policy.last_arrival(upload.stored_at) - world.clock()


async def to_last_look(world: World, upload: Upload) -> None:
    """Sweep when no URL delivers bytes any more."""
    await world.sweep(seconds=max(0, last_arrival(world, upload).total_seconds()))


async def in_waiting(world: World, function: MediaFunction, upload: Upload) -> None:
    """Nothing processes the object."""


async def at_once(world: World, function: MediaFunction, upload: Upload) -> None:
    await function.process(upload)


async def after_a_sweep(world: World, function: MediaFunction, upload: Upload) -> None:
    await world.sweep(seconds=PROCESSING_TIME.total_seconds())
    assert len(function.requests) == 1
    await function.process(upload)


async def given_up(world: World, function: MediaFunction, upload: Upload) -> None:
    await world.sweep(seconds=PROCESSING_TIME.total_seconds())
    await world.container.media.give_up(function.requests[0], "Why.")


async def switched_off(world: World, function: MediaFunction, upload: Upload) -> None:
    world.container.media._policy = world.container.upload_policy._replace(process_media=False)
    await world.sweep(seconds=PROCESSING_TIME.total_seconds())
    assert (await world.record(upload)).processing == NOT_PROCESSED


async def in_the_trash(world: World, function: MediaFunction, upload: Upload) -> None:
    await world.container.trash.trash_many(world.owner_id, [upload.id])
    await world.sweep(seconds=PROCESSING_TIME.total_seconds())
    await function.process(await world.record(upload))


async def restored(world: World, function: MediaFunction, upload: Upload) -> None:
    await in_the_trash(world, function, upload)
    await world.container.trash.restore_many(world.owner_id, [upload.id])
    # The last look is postponed, as if the URLs had been signed when it was restored.
    world.clock.advance(hours=2)


async def late(world: World, function: MediaFunction, upload: Upload) -> None:
    """The facts come when the last look is due, but no sweep has run since."""
    world.clock.advance(hours=5)
    await function.process(upload)


async def while_a_sweep_that_dies_checks(
    world: World, function: MediaFunction, upload: Upload
) -> None:
    world.clock.advance(hours=5)
    claimed = await world.container.media._uploads.claim_due(
        world.clock(), 1, world.clock() + timedelta(minutes=16)
    )
    assert len(claimed) == 1
    await function.process(upload)
    world.clock.advance(minutes=18)


@pytest.mark.parametrize(
    "processing",
    [
        in_waiting,
        at_once,
        after_a_sweep,
        given_up,
        switched_off,
        in_the_trash,
        restored,
        late,
        while_a_sweep_that_dies_checks,
    ],
)
async def test_an_overwritten_object_is_found_when_no_url_delivers_any_more(
    world: World, function: MediaFunction, processing: object
) -> None:
    upload = await world.stored(DATA, checksum=checksum(DATA))
    assert upload.check_at == world.clock() + PROCESSING_TIME
    assert callable(processing)
    await processing(world, function, upload)
    await world.put_behind(upload.key, OTHER)
    await to_last_look(world, upload)
    assert (await world.record(upload)).status is UploadStatus.REJECTED


@pytest.mark.parametrize("processing", [at_once, after_a_sweep, given_up, switched_off])
async def test_the_last_look_is_the_last(
    world: World, function: MediaFunction, processing: object
) -> None:
    upload = await world.stored(DATA)
    assert callable(processing)
    await processing(world, function, upload)
    record = await world.record(upload)
    assert record.check_at == world.clock() + last_arrival(world, upload)
    await to_last_look(world, upload)
    assert (await world.record(upload)).check_at is None


@pytest.mark.parametrize("processing", [at_once, after_a_sweep, given_up, switched_off, late])
async def test_what_cannot_be_overwritten_is_checked_only_until_it_is_processed(
    world: World, function: MediaFunction, processing: object
) -> None:
    await MongoDeployments(world.container.database).record_traits(AWS)
    await world.container.deployment.refresh()
    upload = await world.stored(DATA)
    assert upload.check_at == world.clock() + PROCESSING_TIME
    assert callable(processing)
    await processing(world, function, upload)
    assert (await world.record(upload)).check_at is None


async def test_the_trash_ends_in_time(world: World, function: MediaFunction) -> None:
    upload = await world.stored(DATA)
    await world.container.trash.trash_many(world.owner_id, [upload.id])
    trashed = await world.record(upload)
    assert trashed.trashed_at is not None
    ends_at = world.container.upload_policy.trash_ends_at(trashed.trashed_at)
    await world.sweep(minutes=5)
    await to_last_look(world, upload)
    await world.sweep(days=29)
    record = await world.record(upload)
    assert record.check_at is not None
    assert record.check_at <= ends_at
    await function.process(record)
    await world.sweep(hours=7)
    assert (await world.record(upload)).check_at == ends_at
    world.clock.now = ends_at
    assert (await world.sweep(seconds=0)).trash_deleted == 1


async def test_a_mark_that_an_operator_sets_during_a_check_is_not_lost(
    world: World, function: MediaFunction
) -> None:
    upload = await function.process(await world.stored(DATA))
    store = world.container.media._uploads
    head = world.container.bucket.head

    async def marking(key: str) -> object:
        world.container.bucket.head = head  # type: ignore[method-assign]
        marked = await store.note_processing(
            await world.record(upload), upload.processing.again(), check_at=world.clock()
        )
        assert marked is not None
        return await head(key)

    world.container.bucket.head = marking  # type: ignore[method-assign, assignment]
    await to_last_look(world, upload)
    assert (await world.record(upload)).check_at is not None
    await world.sweep(minutes=20)
    assert [request.upload_id for request in function.requests] == [upload.id]
