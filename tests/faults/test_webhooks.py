"""The process that sends webhooks, and mongod, are killed while a receiver holds requests."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from gql_api.adapters.mongo.database import connect
from gql_api.adapters.mongo.schema import MongoSchema
from gql_api.bootstrap import utc_now
from gql_api.domain.deliveries import DeliveryState
from local.mongod import Mongod
from tests.clock import SettableClock
from tests.faults.processes import kill_and_restart, own_mongod
from tests.faults.webhook_sender import DATABASE
from tests.services.test_webhooks_at_once import assert_in_order
from tests.upload_records import an_upload
from tests.webhook_receiver import Received, WebhookReceiver, answering, sending, webhook_receiver
from tests.webhook_records import Webhooks, an_event

ROOT = Path(__file__).parents[2]
CLAIM_SECONDS = 31
KILLS = 4


@pytest.fixture(scope="module")
async def mongod(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Mongod]:
    """A MongoDB server used only by this module."""
    async with own_mongod(tmp_path_factory.mktemp("mongod")) as mongod:
        yield mongod


async def start_sender(mongod: Mongod, seconds_ahead: int) -> asyncio.subprocess.Process:
    """Start a process that sends what is due at that time."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.webhook_sender", mongod.url, str(seconds_ahead)),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )


class Holding:
    """Answers some requests, then holds all others until a test lets go of them."""

    def __init__(self, answered: int) -> None:
        self.held = asyncio.Event()
        self.release = asyncio.Event()
        self._left = answered

    async def __call__(self, received: Received, writer: asyncio.StreamWriter) -> None:
        self._left -= 1
        if self._left < 0:
            self.held.set()
            await self.release.wait()
        await answering(200)(received, writer)


async def run_until_held(
    mongod: Mongod,
    receiver: WebhookReceiver,
    seconds_ahead: int,
    fault: Callable[[asyncio.subprocess.Process], Awaitable[None]],
) -> None:
    """Start a sender, cause the fault while the receiver holds its requests, then let go."""
    receiver.answer = holding = Holding(answered=seconds_ahead // CLAIM_SECONDS + 3)
    process = await start_sender(mongod, seconds_ahead)
    async with asyncio.timeout(60):
        await holding.held.wait()
        await fault(process)
        holding.release.set()
        receiver.answer = sending(b"")  # Requests that come yet are lost.
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_all_events_arrive_in_order(mongod: Mongod) -> None:
    database = connect(mongod.url, DATABASE)
    await MongoSchema(database).apply(0, lambda _line: None)
    webhooks = Webhooks(database, SettableClock(utc_now()))
    uploads = [an_upload() for _ in range(8)]
    events = [an_event(upload, version) for version in (1, 2, 3) for upload in uploads]

    async def kill_sender(process: asyncio.subprocess.Process) -> None:
        process.kill()
        await process.wait()

    async def kill_database(_process: asyncio.subprocess.Process) -> None:
        await kill_and_restart(mongod)

    async with webhook_receiver() as receiver:
        await webhooks.add(receiver.url)
        await webhooks.events.accept(events)
        for number in range(KILLS):
            fault = kill_database if number % 2 else kill_sender
            await run_until_held(mongod, receiver, number * CLAIM_SECONDS, fault)
        receiver.answer = answering(200)
        hours = 0
        while await webhooks.deliveries.list([DeliveryState.PENDING], None, 1):
            hours += 2  # Longer than any pause.
            last = await start_sender(mongod, hours * 3600)
            assert await last.wait() == 0
        assert_in_order(receiver.ids, events)
        assert len(receiver.ids) > len(events)
    states = {it.state for it in await webhooks.deliveries.list([*DeliveryState], None, 100)}
    assert states == {DeliveryState.DELIVERED}
    await database.client.close()
