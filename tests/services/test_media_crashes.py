"""A process dies at any point of processing a file: the events and the sweep lead to the end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from gql_api.domain.processing import ProcessingStatus
from gql_api.domain.uploads import Upload, UploadStatus
from tests.services.dying import Crash, Fuse, Process
from tests.services.media_world import DATA, PROCESSED, MediaFunction, facts_of
from tests.services.test_crashes import CALLS_MAX, complete
from tests.services.world import World

pytestmark = pytest.mark.settings(**PROCESSED)

Verb = Callable[[Process, MediaFunction, Upload], Awaitable[object]]


async def report(of: Process, function: MediaFunction, upload: Upload) -> None:
    """Handle the event of the object."""
    await of.storage_events.handle(function.world.event(upload.key))


async def record(of: Process, function: MediaFunction, upload: Upload) -> None:
    """Handle the event of the file of facts."""
    await of.storage_events.handle(function.world.event(function.facts_key(upload)))


async def sweep(of: Process, function: MediaFunction, upload: Upload) -> None:
    clock = function.world.clock
    now = clock()
    clock.advance(hours=8)
    try:
        await of.maintenance.sweep()
    finally:
        clock.now = now  # The S3 server refuses requests that are signed in the future.


async def complete_one(of: Process, function: MediaFunction, upload: Upload) -> None:
    await complete(of, upload)


async def sent(function: MediaFunction) -> Upload:
    return await function.world.sent(DATA)


async def stored(function: MediaFunction) -> Upload:
    return await function.world.stored(DATA)


async def derived(function: MediaFunction) -> Upload:
    upload = await stored(function)
    await function.derive(upload)
    return upload


CASES: dict[str, tuple[Verb, Callable[[MediaFunction], Awaitable[Upload]]]] = {
    "complete": (complete_one, sent),
    "the event of a sent object": (report, sent),
    "the event of a stored object": (report, stored),
    "the event of the facts": (record, derived),
    "the sweep of a sent object": (sweep, sent),
    "the sweep of a stored object": (sweep, stored),
}


async def crashes(function: MediaFunction, case: str) -> list[Upload]:
    """Crash before and after each call to a port, each time with a new upload.

    Returns all uploads; the last one of both rounds did not see a crash.
    """
    verb, prepare = CASES[case]
    uploads = []
    for after in (False, True):
        for at in range(1, 4 * CALLS_MAX):
            upload = await prepare(function)
            uploads.append(upload)
            try:
                await verb(Process(function.world, Fuse(at, after)), function, upload)
            except Crash:
                continue
            break
        else:
            pytest.fail("the verb makes more calls than expected")
    return uploads


@pytest.mark.parametrize("events", [False, True], ids=["the sweep alone", "the events again"])
@pytest.mark.parametrize("case", CASES)
async def test_each_file_is_processed_in_the_end(
    world: World, function: MediaFunction, case: str, events: bool
) -> None:
    uploads = await crashes(function, case)
    assert len(uploads) >= 2 + 2
    if events:
        for upload in uploads:
            await world.hear(upload)
    await world.sweep(hours=9)
    for upload in uploads:
        current = await world.record(upload)
        assert current.status is UploadStatus.STORED
        if current.processing.status is ProcessingStatus.PENDING:
            assert current.id in {request.upload_id for request in function.requests}
            current = await function.process(current)
        assert current.processing == facts_of(current).processing()
    await world.sweep(hours=9)
    assert {upload.check_at for upload in await world.records()} == {None}
