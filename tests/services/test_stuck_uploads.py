"""Finding uploads that should have been settled, on the real servers."""

from __future__ import annotations

from datetime import timedelta

from gql_api import operators
from gql_api.domain.uploads import UploadStatus
from tests.services.world import World

HOUR = timedelta(hours=1)


async def test_finds_overdue_and_complete_uploads_only(world: World, small_parts: int) -> None:
    size = small_parts * 2
    overdue = await world.request(size)
    complete = await world.send(await world.request(size), b"x" * size)
    single = await world.sent(b"a few bytes")
    await world.send(await world.request(size), b"x" * size, 1)  # One part is missing.
    await world.request(5)  # Nothing was sent.
    for upload in await world.records():
        if upload.id != overdue.id:
            later = world.clock() + timedelta(hours=9)
            await world.container.settling._uploads.note_check(upload, check_at=later)
    world.clock.advance(hours=2)
    young = await world.request(5)
    await world.put_behind(young.key, b"12345")
    stuck = operators.administration(world.container, world.clock).stuck_uploads

    found = await stuck.find(HOUR, 100)

    assert {it.upload.id: it.complete for it in found} == {
        overdue.id: False,
        complete.id: True,
        single.id: True,
    }
    assert [it.upload.id for it in found if it.overdue > HOUR] == [overdue.id]
    outcomes = [(await stuck.settle(it)).upload.status for it in found if it.complete]
    assert outcomes == [UploadStatus.STORED] * 2
    assert [it.upload.id for it in await stuck.find(HOUR, 100)] == [overdue.id]
