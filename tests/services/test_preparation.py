"""The deployment: prepared for a release, and one identity of database and bucket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from gql_api import bootstrap
from gql_api.adapters.mongo.deployment import MongoDeployments
from gql_api.container import Container
from gql_api.domain.deployment import RELEASE, Deployment
from gql_api.domain.errors import NotPrepared
from gql_api.services.deployment import marker_key
from gql_api.services.sweep_report import SweepFailed
from gql_api.settings import Settings
from tests.services.dying import Fuse, Process
from tests.services.world import World

DATA = b"the bytes of a picture"


async def identities(container: Container) -> tuple[str | None, str | None]:
    """Return the identities of the database and of the bucket."""
    return (await container.deployment.refresh()).identity, await container.deployment.marker()


@pytest.fixture
async def another(container: Container) -> AsyncIterator[Container]:
    """The services of another process on the same database and bucket."""
    another = bootstrap.build(container.settings)
    yield another
    await another.close()


async def test_an_unused_database_and_bucket_get_one_identity(container: Container) -> None:
    assert await container.preparation.prepare(print)
    recorded, marked = await identities(container)
    assert recorded == marked
    assert recorded is not None
    assert await container.preparation.prepare(print)
    assert await identities(container) == (recorded, recorded)


async def test_several_may_prepare_at_once(container: Container, another: Container) -> None:
    owned = await asyncio.gather(
        *(it.preparation.prepare(print) for it in (container, another) for _ in range(2))
    )
    assert owned == [True] * 4
    recorded, marked = await identities(another)
    assert recorded == marked


async def test_after_a_crash_the_recorded_identity_is_used(container: Container) -> None:
    await MongoDeployments(container.database).claim_identity("recorded before the crash")
    assert await container.preparation.prepare(print)
    assert await identities(container) == ("recorded before the crash",) * 2


@pytest.mark.parametrize("used", ["database", "bucket", "marker"])
async def test_what_was_used_before_is_not_taken_for_its_own(world: World, used: str) -> None:
    """`world` has a user, so its database is in use."""
    container = world.container
    if used != "database":
        await container.database["users"].delete_many({})
    if used == "bucket":
        await world.put_behind(world.unknown_key(), DATA)
    if used == "marker":
        await container.bucket.write_small(marker_key(world.key_prefix), b"another's")
    told: list[str] = []
    assert not await container.preparation.prepare(told.append)
    assert "python -m gql_api.admin adopt" in told[0]
    assert not await container.deployment.owns_bucket()
    assert await container.preparation.prepare(print, adopt=True)
    assert await container.deployment.owns_bucket()


async def test_adopting_frees_the_bucket_from_another_database(
    world: World, settings: Settings
) -> None:
    """Such as a copy of the database that was made for another environment."""
    container = world.container
    await container.deployment.adopt()
    copy = bootstrap.build(settings._replace(db_name=f"{settings.db_name}-copy"))
    try:
        record = await container.database["deployment"].find_one({})
        assert record is not None
        await copy.database["deployment"].insert_one(record)
        assert await copy.deployment.owns_bucket()
        await container.deployment.adopt()
        assert not await copy.deployment.owns_bucket()
    finally:
        await copy.database.client.drop_database(copy.database.name)
        await copy.close()


async def test_a_database_of_a_later_release_is_prepared(container: Container) -> None:
    """So that a deployment can be rolled back."""
    later = RELEASE + 1
    await MongoDeployments(container.database).record_release(later)
    assert (await container.deployment.current()).release == later
    await container.preparation.prepare(print)
    assert (await container.deployment.refresh()).release == later


async def test_a_database_of_an_earlier_release_is_not(
    container: Container, another: Container
) -> None:
    records = container.database["deployment"]
    await records.update_one({}, {"$set": {"release": RELEASE - 1}})
    for _ in range(2):
        with pytest.raises(NotPrepared, match=r"run python -m gql_api\.admin prepare"):
            await container.deployment.current()
    await another.preparation.prepare(print)
    assert (await container.deployment.current()).release == RELEASE


async def test_the_record_is_read_once(container: Container) -> None:
    assert await container.deployment.current() == Deployment(RELEASE)
    await container.database["deployment"].delete_many({})
    assert await container.deployment.current() == Deployment(RELEASE)


async def test_a_database_restored_from_a_backup_does_not_own_the_bucket(world: World) -> None:
    """It lacks the records of newer objects, which are all there is of them."""
    container, records = world.container, world.container.database["deployment"]
    await container.deployment.adopt()
    backup = await records.find_one({})
    await world.sweep(minutes=15)
    newer = await world.stored(DATA)
    assert await container.deployment.owns_bucket()
    await container.database["uploads"].delete_many({})
    await records.delete_many({})
    assert backup is not None
    await records.insert_one(backup)
    for _ in range(3):
        with pytest.raises(SweepFailed) as failed:
            await world.sweep(days=2)
        report = failed.value.report
        assert (report.unknown_objects, report.unknown_deleted) == (1, 0)
    (note,) = await container.unknown.noted(10)
    assert note.found.key == newer.key
    await container.deployment.adopt()
    assert (await world.sweep(days=2)).unknown_deleted == 0
    assert (await world.objects()).keys() == {newer.key}


async def test_the_identity_is_renewed_every_hour(world: World) -> None:
    deployment = world.container.deployment
    await deployment.adopt()
    seen = []
    for _ in range(6):
        await world.sweep(minutes=30)
        recorded, marked = await identities(world.container)
        assert recorded == marked
        seen.append(marked)
    assert seen[0] == seen[1] != seen[2] == seen[3] != seen[4] == seen[5]


async def test_renewals_at_once_agree(world: World, another: Container) -> None:
    await world.container.deployment.adopt()
    services = [it.deployment for it in (world.container, another) for _ in range(3)]
    await asyncio.gather(*(service.renew_identity(world.clock()) for service in services))
    recorded, marked = await identities(another)
    assert recorded == marked


async def test_a_renewal_that_crashes_loses_nothing(world: World) -> None:
    """Call 1 reads the record, 2 records the next identity, 3 marks the bucket, 4 completes."""
    deployment = world.container.deployment
    await deployment.adopt()
    for at in range(1, 5):
        for after in (False, True):
            fuse = Fuse(at, after)
            world.clock.advance(hours=1)
            await fuse.outlive(Process(world, fuse).deployment.renew_identity(world.clock()))
            assert fuse.dead
            assert await deployment.owns_bucket()
            await deployment.renew_identity(world.clock())
            recorded, marked = await identities(world.container)
            assert recorded == marked
