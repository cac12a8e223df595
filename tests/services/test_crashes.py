"""A process dies at any point of an operation; other processes repair what it leaves behind."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from gql_api.domain.errors import UploadClosed, UploadNotFound
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.services.library import LibraryService
from gql_api.services.uploads import UploadService
from tests.services.dying import Crash, Fuse, Process
from tests.services.world import World, checksum

DATA = b"the bytes of a picture"
LONG = bytes(range(250)) * 10
CALLS_MAX = 20


Verb = Callable[[Process | World, Upload], Coroutine[Any, Any, None]]


def services(of: Process | World) -> tuple[UploadService, LibraryService]:
    """Return the services of the dying process, or the world's own."""
    if isinstance(of, World):
        return of.container.uploads, of.container.library
    return of.uploads, of.library


async def complete(of: Process | World, upload: Upload) -> None:
    outcome = await services(of)[0].complete(upload.owner_id, upload.id)
    assert isinstance(outcome, Upload), outcome


async def cancel(of: Process | World, upload: Upload) -> None:
    await services(of)[0].cancel(upload.owner_id, upload.id)


async def delete(of: Process | World, upload: Upload) -> None:
    await services(of)[1].delete(upload.owner_id, upload.id)


async def sign(of: Process | World, upload: Upload) -> None:
    await services(of)[0].sign_parts(upload, None)


async def prepared(world: World, verb: Verb, data: bytes) -> Upload:
    """Return a new upload in the state that the verb needs."""
    if verb is sign:
        return await world.request(len(data), checksum=checksum(data))
    return await world.sent(data, checksum=checksum(data))


async def crashes(world: World, verb: Verb, data: bytes) -> list[tuple[Upload, int]]:
    """Crash the verb before and after each of its calls, each time on a new upload.

    Returns the uploads, each with the number of the call (1-based).
    """
    died = []
    for after in (False, True):
        for at in range(1, CALLS_MAX):
            upload = await prepared(world, verb, data)
            try:
                await verb(Process(world, Fuse(at, after)), upload)
            except Crash:
                died.append((upload, at))
            else:
                break
        else:
            pytest.fail("the verb makes more calls than expected")
    return died


CASES = [
    pytest.param(verb, data, id=f"{verb.__name__}-{kind}")
    for verb in (complete, cancel, delete, sign)
    for kind, data in (("single", DATA), ("multipart", LONG))
    if not (verb is sign and data is DATA)  # Signing a single part makes no call.
]
ENDS: dict[Verb, set[UploadStatus | None]] = {
    complete: {UploadStatus.STORED},
    cancel: {UploadStatus.CANCELLED, UploadStatus.STORED},
    delete: {None, UploadStatus.STORED},
    sign: {UploadStatus.PENDING},
}
AFTER_REPETITION: dict[Verb, UploadStatus] = {
    complete: UploadStatus.STORED,
    cancel: UploadStatus.CANCELLED,
    delete: UploadStatus.DELETED,
    sign: UploadStatus.PENDING,
}


@pytest.mark.parametrize(("verb", "data"), CASES)
async def test_the_sweep_alone_puts_everything_right(
    world: World, small_parts: int, verb: Verb, data: bytes
) -> None:
    died = await crashes(world, verb, data)
    assert len(died) >= 2
    await world.sweep()
    await world.sweep()
    await world.assert_consistent()
    for upload, at in died:
        record = await world.find_record(upload)
        assert (record.status if record else None) in ENDS[verb], at


@pytest.mark.parametrize(("verb", "data"), CASES)
async def test_the_repeated_verb_does_what_the_first_did_not(
    world: World, small_parts: int, verb: Verb, data: bytes
) -> None:
    died = await crashes(world, verb, data)
    for upload, _ in died:
        try:
            await verb(world, upload)
        except UploadNotFound:
            assert verb is delete
        record = await world.record(upload)
        assert record.status is AFTER_REPETITION[verb]
        if verb is sign:
            await world.send(record, data)
            await complete(world, record)
    await world.sweep()
    await world.sweep()
    await world.assert_consistent()
    survived = 2 if verb is complete else 0  # In both rounds, one run completed.
    stored = len(died) + survived if verb in (complete, sign) else 0
    assert len(await world.objects()) == stored


@pytest.mark.parametrize("data", [DATA, LONG], ids=["single", "multipart"])
async def test_the_event_completes_what_a_dead_process_began(
    world: World, small_parts: int, data: bytes
) -> None:
    for upload, _ in await crashes(world, complete, data):
        await world.hear(upload)
        assert (await world.record(upload)).status is UploadStatus.STORED
    await world.assert_consistent()


async def test_the_event_takes_away_what_a_dead_cancel_left(world: World, small_parts: int) -> None:
    for upload, _ in await crashes(world, cancel, DATA):
        with contextlib.suppress(UploadClosed):
            await cancel(world, upload)
        await world.hear(upload)
        assert await world.object(upload) is None
    await world.assert_consistent()
