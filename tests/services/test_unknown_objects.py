"""Objects that the database does not know: kept without proof that they are the service's own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gql_api import bootstrap
from gql_api.adapters.mongo.unknown import MongoUnknownObjects
from gql_api.domain.metrics import UNKNOWN_OBJECTS
from gql_api.domain.unknown_objects import UnknownObject
from gql_api.domain.uploads import UploadName
from gql_api.services import unknown_objects
from gql_api.services.settling import SettlingService
from tests.services.world import World, maintenance
from tests.upload_records import Stores

DATA = b"the bytes of a picture"


class Counter:
    """Metrics that add up."""

    def __init__(self) -> None:
        self.counts: dict[str, float] = {}

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + value

    def duration(self, name: str, seconds: float, **dimensions: str) -> None:
        raise AssertionError


def name_of(key: str) -> UploadName:
    """Return the name of the upload that an object with this key would have."""
    return UploadName(*key.split("/")[-2:])


async def put_unknown(world: World, count: int = 1) -> list[str]:
    keys = [world.unknown_key() for _ in range(count)]
    for key in keys:
        await world.put_behind(key, DATA)
    return keys


async def test_a_database_that_does_not_know_the_bucket_deletes_nothing(world: World) -> None:
    """Such as a mistyped DB_NAME: it is empty, and prepared like the right one."""
    await world.container.deployment.adopt()
    uploads = [await world.stored(DATA) for _ in range(3)]
    settings = world.container.settings._replace(db_name=f"{world.container.settings.db_name}-typo")
    mistyped = bootstrap.build(settings, world.clock)
    told: list[str] = []
    try:
        assert not await mistyped.preparation.prepare(told.append)
        for _ in range(3):
            world.clock.advance(days=2)
            report = await mistyped.maintenance.sweep()
            assert (report.unknown_objects, report.unknown_deleted) == (3, 0)
        for upload in uploads:
            await mistyped.storage_events.handle(world.event(upload.key))
    finally:
        await mistyped.database.client.drop_database(settings.db_name)
        await mistyped.close()
    assert "python -m gql_api.admin adopt" in told[-1]
    assert len(await world.objects()) == 3


async def test_an_emptied_database_does_not_own_the_bucket(world: World) -> None:
    await world.container.deployment.adopt()
    upload = await world.stored(DATA)
    for name in ("uploads", "deployment"):
        await world.container.database[name].delete_many({})
    first, last = [await world.sweep(days=2) for _ in range(2)]
    assert (first.unknown_objects, last.unknown_objects, last.unknown_deleted) == (1, 1, 0)
    assert (await world.objects()).keys() == {upload.key}


async def test_an_event_deletes_nothing_that_is_unknown_and_counts_it(world: World) -> None:
    container, metrics = world.container, Counter()
    settling = SettlingService(
        uploads=Stores(container.database).uploads,
        bucket=container.bucket,
        deployment=container.deployment,
        clock=world.clock,
        policy=container.settings.uploads,
        metrics=metrics,
    )
    await container.deployment.adopt()
    stored = await world.stored(DATA)
    (key,) = await put_unknown(world)
    assert await settling.settle_object(name_of(key), key) is None
    assert await settling.settle_object(stored.name, key) is None
    assert (await world.objects()).keys() == {stored.key, key}
    gone = world.unknown_key()
    await settling.settle_object(name_of(gone), gone)
    assert metrics.counts[UNKNOWN_OBJECTS] == 2


async def test_what_is_unknown_is_deleted_at_a_second_look_a_day_later(world: World) -> None:
    await world.container.deployment.adopt()
    stored = await world.stored(DATA)
    elsewhere = f"{world.key_prefix}/{stored.id}/{stored.id}"
    await world.put_behind(elsewhere, DATA)
    await put_unknown(world)
    metrics = Counter()
    service = maintenance(world, metrics=metrics)
    world.clock.advance(hours=2)
    assert (await service.sweep()).unknown_objects == 2
    assert metrics.counts[UNKNOWN_OBJECTS] == 2
    world.clock.advance(days=1)
    assert (await service.sweep()).unknown_deleted == 0
    world.clock.advance(milliseconds=1)
    assert (await service.sweep()).unknown_deleted == 2
    assert (await world.objects()).keys() == {stored.key}
    assert (await world.sweep(days=2)).unknown_objects == 0


async def test_another_object_under_the_key_must_wait_for_a_day_of_its_own(world: World) -> None:
    await world.container.deployment.adopt()
    (key,) = await put_unknown(world)
    await world.sweep(hours=2)
    await world.put_behind(key, b"other bytes")
    assert (await world.sweep(days=1, seconds=1)).unknown_deleted == 0
    assert (await world.sweep(hours=23)).unknown_deleted == 0
    assert (await world.sweep(hours=2)).unknown_deleted == 1


async def test_what_became_known_or_changed_after_it_was_noted_is_kept(world: World) -> None:
    """The records come back, and an object is overwritten, after the first look."""
    await world.container.deployment.adopt()
    upload = await world.stored(DATA)
    records = world.container.database["uploads"]
    record = await records.find_one_and_delete({"_id": upload.id})
    (changed,) = await put_unknown(world)
    assert (await world.sweep(hours=2)).unknown_objects == 2
    assert record is not None
    await records.insert_one(record)
    await world.put_behind(changed, b"other bytes")
    world.clock.advance(days=1, seconds=1)
    unknown = world.container.unknown
    assert await unknown.delete(await unknown.due(10)) == 0
    assert await unknown.noted(10) == []
    assert (await world.objects()).keys() == {upload.key, changed}


async def test_adopting_a_bucket_starts_the_day_again(world: World) -> None:
    await world.container.deployment.adopt()
    await put_unknown(world)
    await world.sweep(hours=2)
    await world.container.deployment.adopt()
    assert (await world.sweep(days=1, seconds=1)).unknown_deleted == 0


async def test_a_sweep_deletes_few_unknown_objects(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At least 100, and else one of 100 that it saw; here, at least one and one of four."""
    assert (unknown_objects._DELETED_AT_LEAST, unknown_objects._DELETED_SHARE) == (100, 100)
    monkeypatch.setattr(unknown_objects, "_DELETED_AT_LEAST", 1)
    monkeypatch.setattr(unknown_objects, "_DELETED_SHARE", 4)
    await put_unknown(world, 9)
    first, second = await world.sweep_twice()
    assert (first.unknown_deleted, second.unknown_deleted) == (0, 2)
    assert [(await world.sweep(minutes=15)).unknown_deleted for _ in range(3)] == [1, 1, 1]
    unknown = world.container.unknown
    assert await unknown.delete(await unknown.due(10)) == 4
    assert await world.objects() == {}


async def test_notes_are_bounded(world: World) -> None:
    notes = MongoUnknownObjects(world.container.database, max_notes=2)
    now = world.clock()
    first = [UnknownObject("a", "1"), UnknownObject("b", "1")]
    await notes.note(first, now)
    await notes.note([UnknownObject("b", "2"), UnknownObject("c", "1")], now + timedelta(hours=1))
    kept = await notes.seen_before(now + timedelta(days=1), 10)
    assert [(note.found.key, note.found.mark) for note in kept] == [("a", "1"), ("b", "2")]
    assert [note.first_seen for note in kept] == [now, now + timedelta(hours=1)]
