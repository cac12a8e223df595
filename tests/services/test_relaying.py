"""The relay: every change reaches the sink at least once, and in order for each upload."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from gql_api import bootstrap
from gql_api.domain.outbox import OVERDUE_AFTER
from gql_api.domain.upload_events import UploadEventType as Type
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.services.library import Change
from gql_api.services.maintenance import MaintenanceService
from gql_api.services.relaying import (
    SWITCH_SECONDS,
    CachedSwitch,
    RelayService,
    SwitchedQueue,
    relayed,
)
from gql_api.services.sweep_report import SweepFailed
from tests.random_work import SOAK_FACTOR, generator
from tests.services.dying import Crash, Fuse, Process
from tests.services.relay_world import Relaying, Sink
from tests.services.world import World
from tests.upload_records import Stores

DATA = b"the bytes of a picture"
STORED, TRASHED, DELETED = UploadStatus.STORED, UploadStatus.TRASHED, UploadStatus.DELETED
SOON = OVERDUE_AFTER.total_seconds()


@pytest.fixture
async def relaying(world: World) -> AsyncIterator[Relaying]:
    relaying = Relaying(world, Sink())
    yield relaying
    await relaying.container.close()


async def change(world: World, upload: Upload) -> None:
    """Rename an upload, move it to the trash and back, and delete it."""
    library, trash = world.container.library, world.container.trash
    await library.update(upload.owner_id, Change(upload.id, "b.png"))
    await trash.trash_many(upload.owner_id, [upload.id])
    await trash.restore_many(upload.owner_id, [upload.id])
    await library.delete(upload.owner_id, upload.id)


LIFE = [Type.STORED, Type.UPDATED, Type.TRASHED, Type.RESTORED, Type.DELETED]


async def test_changes_are_relayed_at_once(relaying: Relaying) -> None:
    upload = await relaying.world.stored(DATA)
    [event] = await relaying.relayed()
    assert event == (f"{upload.id}-2", Type.STORED, 2, upload.changed_at, upload)
    await change(relaying.world, upload)
    events = await relaying.relayed()
    assert [event.type for event in events] == LIFE
    assert [event.version for event in events] == [2, 3, 4, 5, 6]
    assert await relaying.waiting() == 0


async def test_a_cancelled_and_an_expired_upload_are_events(relaying: Relaying) -> None:
    world = relaying.world
    cancelled, expired = await world.request(5), await world.request(5)
    await world.container.uploads.cancel(world.owner_id, cancelled.id)
    await world.sweep(days=8)
    types = {event.upload.id: event.type for event in await relaying.relayed()}
    assert types == {cancelled.id: Type.CANCELLED, expired.id: Type.EXPIRED}


async def test_what_the_sink_refuses_is_relayed_by_the_sweep(relaying: Relaying) -> None:
    relaying.sink.fails = True
    upload = await relaying.world.stored(DATA)
    await change(relaying.world, upload)
    assert await relaying.relayed() == []
    # The change itself has succeeded, and a sweep that fails leaves the events where they are.
    with pytest.raises(SweepFailed):
        await relaying.world.sweep(seconds=SOON + 1)
    relaying.sink.fails = False
    report = await relaying.world.sweep(seconds=1)
    assert report.events_relayed == 5
    assert [event.type for event in relaying.sink.events] == LIFE
    assert await relaying.waiting() == 0
    assert (await relaying.world.sweep(seconds=1)).events_relayed == 0


async def test_the_sweep_leaves_new_events_to_their_process(relaying: Relaying) -> None:
    relaying.sink.fails = True
    await relaying.world.stored(DATA)
    await relaying.relayed()
    relaying.sink.fails = False
    assert (await relaying.world.sweep(seconds=SOON - 1)).events_relayed == 0
    assert (await relaying.world.sweep(seconds=2)).events_relayed == 1


async def test_a_process_that_dies_after_a_change_loses_no_event(relaying: Relaying) -> None:
    """It has made the change, and relayed nothing."""
    upload = await relaying.world.sent(DATA)
    stores = Stores(relaying.container.database, relaying.world.clock, events=True)
    for at in range(1, 20):
        process = Process(relaying.world, Fuse(at, after=True), stores=stores)
        with pytest.raises(Crash):
            await process.uploads.complete(upload.owner_id, upload.id)
        if (await relaying.world.record(upload)).status is STORED:
            break
    assert relaying.sink.events == []
    report = await relaying.world.sweep(seconds=SOON + 1)
    assert report.events_relayed == 1
    assert [event.id for event in relaying.sink.events] == [f"{upload.id}-2"]


async def test_events_that_come_twice_have_the_same_id(relaying: Relaying) -> None:
    """The process dies between handing the events over and taking them out of the outbox."""
    relaying.sink.dies = RuntimeError("the process dies")
    upload = await relaying.world.stored(DATA)
    await relaying.relayed()
    assert await relaying.waiting() == 1
    relaying.sink.dies = None
    await relaying.world.sweep(seconds=SOON + 1)
    first, second = relaying.sink.events
    assert first == second == (f"{upload.id}-2", Type.STORED, 2, upload.changed_at, upload)


async def test_a_tombstone_waits_for_its_event(relaying: Relaying) -> None:
    relaying.sink.fails = True
    upload = await relaying.world.stored(DATA)
    await relaying.world.container.library.delete(upload.owner_id, upload.id)
    await relaying.relayed()
    with pytest.raises(SweepFailed):
        await relaying.world.sweep()
    assert (await relaying.world.record(upload)).status is DELETED
    relaying.sink.fails = False
    await relaying.world.sweep(minutes=20)
    assert [event.type for event in relaying.sink.events] == [Type.STORED, Type.DELETED]
    assert {event.upload.filename for event in relaying.sink.events} == {""}
    assert await relaying.world.find_record(upload) is None


async def test_a_queue_that_fails_fails_no_change(world: World) -> None:
    class Broken:
        async def send(self, names: object) -> None:
            raise RuntimeError("the queue does not respond")

        async def finish(self) -> None: ...

        async def close(self) -> None: ...

    upload = await world.stored(DATA)
    store = relayed(Stores(world.container.database).uploads, Broken())
    changed = await store.update_details(upload.owner_id, upload.id, "b.png", None)
    assert changed is not None
    assert changed.filename == "b.png"
    assert await store.find(*upload.name) == changed


async def test_what_completes_may_be_left_to_its_storage_event(relaying: Relaying) -> None:
    """As on AWS, where the API would have to wait until a message is sent."""
    queue = relaying.container.relay_queue
    assert queue is not None
    upload = await relaying.world.sent(DATA)
    stores = Stores(relaying.container.database, relaying.world.clock, events=True)
    store = relayed(stores.uploads, queue, leaves_stored=True)
    stored = await store.transition(upload, STORED, at=relaying.world.clock(), etag='"e"')
    assert stored is not None
    assert await relaying.relayed() == []
    await relaying.world.hear(upload)
    assert [event.type for event in await relaying.relayed()][:1] == [Type.STORED]
    trashed = await store.transition(
        await relaying.world.record(upload), TRASHED, at=relaying.world.clock()
    )
    assert trashed is not None
    assert await store.transition(trashed, STORED, at=relaying.world.clock())
    assert [event.type for event in await relaying.relayed()][-2:] == [Type.TRASHED, Type.RESTORED]


async def test_without_webhooks_nothing_is_written(world: World) -> None:
    await change(world, await world.stored(DATA))
    [record] = await world.container.database["uploads"].find({"owner": world.owner_id}).to_list()
    assert record["changes"] == 5
    assert not {"outbox", "relay_at"} & record.keys()


async def test_without_webhooks_nothing_is_read_to_relay_it(world: World) -> None:
    sent: list[object] = []

    class Recording:
        async def send(self, names: object) -> None:
            sent.append(names)

        async def finish(self) -> None: ...

        async def close(self) -> None: ...

    for wanted in (False, True):

        async def wants_events(wanted: bool = wanted) -> bool:
            return wanted

        await SwitchedQueue(Recording(), wants_events).send([])
        assert len(sent) == wanted


@pytest.mark.random
async def test_nothing_is_lost_while_relays_die(world: World) -> None:
    """Many processes change and relay uploads at once; sinks fail, and relays die in between."""
    chance = generator(20300131)
    sinks = [Sink() for _ in range(3)]
    worlds = [Relaying(world, sink) for sink in sinks]
    everything = Sink()

    async def disturb(done: asyncio.Event) -> None:
        while not done.is_set():
            sink = chance.choice(sinks)
            sink.fails = chance.random() < 0.4
            sink.dies = RuntimeError("dies") if chance.random() < 0.4 else None
            await asyncio.sleep(0)

    async def live() -> Upload:
        upload = await chance.choice(worlds).world.stored(DATA)
        await change(chance.choice(worlds).world, upload)
        return upload

    done = asyncio.Event()
    disturbing = asyncio.create_task(disturb(done))
    uploads = await asyncio.gather(*(live() for _ in range(12 * SOAK_FACTOR)))
    done.set()
    await disturbing
    for sink in sinks:
        sink.fails, sink.dies = False, None
    for relaying in worlds:
        await relaying.relayed()
        everything.events += relaying.sink.events
        await relaying.container.close()
    report_sink = Sink()
    last = Relaying(world, report_sink)
    await last.world.sweep(seconds=SOON + 1)
    everything.events += report_sink.events
    found = everything.first_of_each()
    assert found.keys() == {upload.id for upload in uploads}
    for events in found.values():
        by_version = sorted(events, key=lambda event: event.version)
        assert [event.type for event in by_version] == LIFE
        assert [event.version for event in by_version] == [2, 3, 4, 5, 6]
    assert await last.waiting() == 0
    await last.container.close()


async def test_two_relays_at_once_hand_over_in_order(relaying: Relaying) -> None:
    """Each of them takes the outbox as it is, from its first event."""
    container, sink = relaying.container, Sink()
    stores = Stores(container.database, relaying.world.clock, events=True)
    relay = RelayService(outbox=stores.outbox, sink=sink, clock=relaying.world.clock)
    upload = await relaying.world.request(5)

    async def rename() -> None:
        for number in range(30):
            await stores.uploads.update_details(*upload.name, f"{number}", None)

    async def relay_all() -> None:
        while not renaming.done():
            await relay.relay([upload.name])

    renaming = asyncio.create_task(rename())
    await asyncio.gather(renaming, relay_all(), relay_all())
    await relay.relay([upload.name])
    [events] = sink.first_of_each().values()
    assert [event.version for event in events] == list(range(2, 32))


async def test_deleted_uploads_stay_in_the_feed_as_long_as_set(
    world: World,
) -> None:
    upload = await world.stored(DATA)
    settings = world.container.settings
    kept = settings._replace(uploads=settings.uploads._replace(changes_kept_days=30))
    container = bootstrap.build(kept, world.clock)
    sweeping: MaintenanceService = container.maintenance
    await container.library.delete(upload.owner_id, upload.id)
    deleted_at = world.clock()
    try:
        for passed, is_there in (
            (timedelta(hours=2), True),
            (timedelta(days=29), True),
            (timedelta(days=30), False),
        ):
            world.clock.now = deleted_at + passed
            await sweeping.sweep()
            page = await container.changes.page(upload.owner_id, None, 100)
            assert [it.id for it in page.uploads] == [upload.id] * is_there
            # Late bytes were looked for only once.
            record = await world.find_record(upload)
            assert record is None or record.check_at == deleted_at + timedelta(days=30)
    finally:
        await container.close()


async def test_the_switch_asks_once_in_a_while() -> None:
    asked: list[float] = []
    now = 0.0

    async def ask() -> bool:
        asked.append(now)
        return len(asked) > 1

    switch = CachedSwitch(ask, lambda: now)
    assert [await switch() for _ in range(3)] == [False] * 3
    now = SWITCH_SECONDS - 1
    assert await switch() is False
    now = SWITCH_SECONDS
    assert await switch() is True
    assert asked == [0.0, SWITCH_SECONDS]


async def test_those_who_ask_at_once_share_one_answer() -> None:
    asked = 0

    async def ask() -> bool:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        return True

    switch = CachedSwitch(ask)
    assert await asyncio.gather(*(switch() for _ in range(20))) == [True] * 20
    assert asked == 1
