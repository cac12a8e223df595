"""Concurrent clients, events and sweeps on the same upload."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial

import pytest

from gql_api import bootstrap
from gql_api.bootstrap import utc_now
from gql_api.container import Container
from gql_api.domain.errors import DomainError, Failure
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.settings import Settings
from tests.clock import SettableClock
from tests.random_work import SOAK_FACTOR, generator
from tests.services.world import World, checksum

DATA = b"the bytes of a picture"
LONG = bytes(range(250)) * 10
OUTCOMES = {UploadStatus.STORED, UploadStatus.CANCELLED, UploadStatus.DELETED}
ROUNDS = 3 * SOAK_FACTOR
PER_ROUND = 10
OWNERS = 4
SEED = 20_260_101
NAP_SECONDS = 0.03


async def race(
    world: World, upload: Upload, chance: random.Random, containers: Sequence[Container]
) -> list[object]:
    """Run concurrently everything that can happen to an upload; return the outcomes."""
    owner, last = upload.owner_id, containers[-1]
    uploads = world.container.uploads
    calls: list[Callable[[], Awaitable[object]]] = [
        lambda: uploads.complete(owner, upload.id),
        lambda: last.uploads.complete(owner, upload.id),
        lambda: uploads.sign_parts(upload, None),
        lambda: last.storage_events.handle(world.event(upload.key)),
    ]
    if chance.random() < 0.6:
        calls.append(lambda: chance.choice(containers).uploads.cancel(owner, upload.id))
    if chance.random() < 0.5:
        calls.append(lambda: chance.choice(containers).library.delete(owner, upload.id))

    if chance.random() < 0.5:
        for trash in (world.container.trash, last.trash):
            calls.append(partial(trash.trash_many, owner, [upload.id]))
            calls.append(partial(trash.restore_many, owner, [upload.id]))

    async def later(call: Callable[[], Awaitable[object]], seconds: float) -> object:
        await asyncio.sleep(seconds)
        return await call()

    return await asyncio.gather(
        *(later(call, chance.uniform(0, NAP_SECONDS)) for call in calls), return_exceptions=True
    )


async def draw(
    world: World, number: int, chance: random.Random, kinds: Sequence[bytes]
) -> tuple[Upload, bytes]:
    """Return an upload of a random kind with all of its bytes in the bucket."""
    data = chance.choice(kinds)
    declared = checksum(data) if chance.random() < 0.5 else None
    owner_id = world.owner_ids[number % OWNERS]
    return await world.sent(data, owner_id, checksum=declared), data


@pytest.fixture(params=[1, 2], ids=["one process", "two processes"])
async def containers(
    request: pytest.FixtureRequest, world: World, settings: Settings, clock: SettableClock
) -> AsyncIterator[Sequence[Container]]:
    """Yield one container per simulated process; they share only the servers."""
    others = [bootstrap.build(settings, clock) for _ in range(1, request.param)]
    yield [world.container, *others]
    for other in others:
        await other.close()


@pytest.mark.random
async def test_whatever_comes_at_once_ends_well(
    world: World, small_parts: int, containers: Sequence[Container]
) -> None:
    chance = generator(SEED)
    # When two processes assemble the same parts, JuiceFS's gateway, unlike S3, rejects one of
    # them. Within one process, settling prevents this.
    kinds = (DATA, LONG) if len(containers) == 1 else (DATA,)
    for _ in range(OWNERS - 1):
        await world.add_owner()
    sent: dict[str, bytes] = {}
    statuses: set[UploadStatus] = set()
    # Who wins a race depends on the machine: add rounds until each side has won once.
    for round in range(4 * ROUNDS):
        if round >= ROUNDS and statuses >= OUTCOMES:
            break
        world.clock.now = utc_now()  # The S3 server rejects requests signed for another time.
        uploads = await asyncio.gather(*(draw(world, n, chance, kinds) for n in range(PER_ROUND)))
        sent |= {upload.id: data for upload, data in uploads}
        world.clock.advance(seconds=900)  # Makes the uploads due for the sweep.
        outcomes, reports = await asyncio.gather(
            asyncio.gather(*(race(world, upload, chance, containers) for upload, _ in uploads)),
            asyncio.gather(*(container.maintenance.sweep() for container in containers)),
        )
        assert [report.failures for report in reports] == [0] * len(containers)
        for outcome in (outcome for of_upload in outcomes for outcome in of_upload):
            if isinstance(outcome, BaseException):
                assert isinstance(outcome, DomainError), repr(outcome)
        statuses = {upload.status for upload in await world.records()}
    assert statuses >= OUTCOMES
    await world.sweep(hours=3)
    await world.assert_consistent(sent)
    statuses = {upload.status for upload in await world.records()}
    assert statuses - {UploadStatus.TRASHED} == {UploadStatus.STORED, UploadStatus.CANCELLED}


async def test_nobody_who_completes_in_time_loses_a_byte(world: World, small_parts: int) -> None:
    chance = generator(SEED)
    for _ in range(10):
        upload = await world.sent(LONG, checksum=checksum(LONG))
        uploads = world.container.uploads
        await asyncio.gather(
            world.complete(upload),
            world.hear(upload),
            world.container.settling.settle(upload),
            uploads.sign_parts(upload, None),
        )
        assert (await world.record(upload)).status is UploadStatus.STORED
        await asyncio.sleep(chance.uniform(0, 0.01))
    await world.assert_consistent()


@pytest.mark.settings(USER_QUOTA_BYTES="3000")
async def test_quota_holds_while_uploads_come_and_go(world: World) -> None:
    async def come_and_go() -> None:
        for _ in range(5):
            try:
                upload = await world.request(700)
            except Failure:
                continue
            usage = await world.usage()
            assert 0 <= usage["bytes"] <= 3000
            await world.container.uploads.cancel(world.owner_id, upload.id)

    await asyncio.gather(*(come_and_go() for _ in range(8)))
    assert await world.usage() == {"bytes": 0, "uploads": 0}
