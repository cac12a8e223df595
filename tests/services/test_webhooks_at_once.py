"""Random events, failing receivers and dying processes: nothing is lost, and the order holds."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from random import Random

import pytest

from gql_api.adapters.mongo.blocking_client import connect_blocking
from gql_api.adapters.mongo.database import Database
from gql_api.domain.deliveries import DeliveryState
from gql_api.domain.upload_events import UploadEvent
from gql_api.domain.webhook_sending import Answer, Message, SendingFailed
from gql_api.domain.webhooks import Webhook
from gql_api.settings import Settings
from tests.clock import SettableClock
from tests.random_work import SOAK_FACTOR, generator
from tests.upload_records import an_upload
from tests.webhook_records import Webhooks, an_event

URLS = ("https://a.example.com/", "https://b.example.com/")


class Unreliable:
    """Stands for the way to all receivers, and records what arrives at each.

    A request may get lost, or its answer; and the process may die before or after the request.
    """

    def __init__(self, random: Random) -> None:
        self.arrived: dict[str, list[str]] = {url: [] for url in URLS}
        self.calm = False
        self._random = random

    async def send(self, webhook: Webhook, message: Message) -> Answer:
        chance = 1.0 if self.calm else self._random.random()
        await asyncio.sleep(0)
        if chance < 0.05:
            raise asyncio.CancelledError
        if chance < 0.15:
            raise SendingFailed("The request was lost.")
        self.arrived[webhook.url].append(message.id)
        if chance < 0.2:
            raise asyncio.CancelledError
        if chance < 0.3:
            raise SendingFailed("The answer was lost.")
        return Answer(200 if chance > 0.4 else 500)


def some_events(random: Random) -> list[UploadEvent]:
    """Return the events of some uploads, mixed, but in order for each."""
    uploads = [an_upload() for _ in range(12)]
    versions: Counter[str] = Counter()
    events = []
    for _ in range(60):
        upload = random.choice(uploads)
        versions[upload.id] += 1
        events.append(an_event(upload, versions[upload.id]))
    return events


async def accept_in_parts(webhooks: Webhooks, events: list[UploadEvent], random: Random) -> None:
    """Accept some events, some of them again, as relays that die and are repeated do."""
    while events:
        count = random.randint(1, 10)
        for _ in range(random.choice((1, 1, 2))):
            await webhooks.events.accept(events[:count])
        del events[:count]
        await asyncio.sleep(0)


@pytest.mark.random
@pytest.mark.parametrize("seed", range(2))
async def test_all_arrive_in_order_although_processes_die(
    database: Database, clock: SettableClock, seed: int
) -> None:
    random = generator(seed)
    for _ in range(SOAK_FACTOR):
        await database["webhooks"].delete_many({})
        await database["deliveries"].delete_many({})
        webhooks = Webhooks(database, clock)
        webhooks.sender = unreliable = Unreliable(random)
        for url in URLS:
            await webhooks.add(url)
        events = some_events(random)
        await run_randomly(webhooks, list(events), random)
        for url in URLS:
            assert_in_order(unreliable.arrived[url], events)


async def run_randomly(webhooks: Webhooks, events: list[UploadEvent], random: Random) -> None:
    """Accept and send at the same time, in processes that die, until nothing is left to do."""
    accepting = asyncio.create_task(accept_in_parts(webhooks, events, random))
    while await webhooks.deliveries.list([DeliveryState.PENDING], None, 1) or not accepting.done():
        running = [asyncio.create_task(webhooks.sending().send_due()) for _ in range(3)]
        for process in running:
            with suppress(asyncio.CancelledError):
                await process
        webhooks.clock.advance(seconds=random.choice((1, 10, 61)))
    await accepting


def assert_in_order(arrived: list[str], events: list[UploadEvent]) -> None:
    """Assert that each event arrived, and none before an earlier one, or after a later one."""
    versions = {event.id: (event.upload.id, event.version) for event in events}
    assert set(arrived) == versions.keys()
    latest: Counter[str] = Counter()
    for event_id in arrived:
        upload_id, version = versions[event_id]
        assert version in (latest[upload_id], latest[upload_id] + 1)
        latest[upload_id] = version


async def test_the_blocking_client_accepts_events_too(
    database: Database, settings: Settings, clock: SettableClock
) -> None:
    """The function `api` uses it."""
    blocking = connect_blocking(settings.db_url, settings.db_name)
    webhooks = Webhooks(blocking, clock)
    try:
        await webhooks.add(URLS[0])
        event = an_event()
        for _ in range(2):
            await webhooks.events.accept([event])
        [found] = await webhooks.deliveries.list([DeliveryState.PENDING], None, 10)
        assert found.event_id == event.id
    finally:
        await blocking.client.close()
