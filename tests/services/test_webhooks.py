"""Events become deliveries, and deliveries reach real receivers."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import standardwebhooks

from gql_api.adapters.mongo.database import Database
from gql_api.domain.deliveries import Delivery, DeliveryState
from gql_api.domain.upload_events import UploadEventType
from gql_api.domain.webhook_sending import Answer, Message
from gql_api.domain.webhooks import Webhook
from gql_api.services.webhook_sending import AT_ONCE, GONE, SendingReport, _Run
from tests.clock import SettableClock
from tests.upload_records import an_upload
from tests.webhook_receiver import Received, WebhookReceiver, answering, webhook_receiver
from tests.webhook_records import Webhooks, an_event

EVERY = list(DeliveryState)


@pytest.fixture
def webhooks(database: Database, clock: SettableClock) -> Webhooks:
    """The services about webhooks."""
    return Webhooks(database, clock)


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    """A receiver that accepts all."""
    async with webhook_receiver() as receiver:
        yield receiver


@pytest.fixture
async def other() -> AsyncIterator[WebhookReceiver]:
    """Another receiver."""
    async with webhook_receiver() as receiver:
        yield receiver


async def states(webhooks: Webhooks) -> dict[str, DeliveryState]:
    """Return the states of all deliveries by their event."""
    found = await webhooks.deliveries.list(EVERY, None, 100)
    return {it.event_id: it.state for it in found}


async def only(webhooks: Webhooks) -> Delivery:
    [found] = await webhooks.deliveries.list(EVERY, None, 100)
    return found


async def test_an_event_is_sent_once(webhooks: Webhooks, receiver: WebhookReceiver) -> None:
    webhook = await webhooks.add(receiver.url)
    event = an_event(at=webhooks.clock())
    for _ in range(2):
        await webhooks.events.accept([event, event])
        await webhooks.events.accept([event])
        await webhooks.sending().send_due()
    [request] = receiver.received
    assert (request.id, request.target) == (event.id, "/hooks?a=b")
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert request.headers["content-type"] == "application/json"
    verifier = standardwebhooks.Webhook(webhook.secrets[0].text)
    assert verifier.verify(request.body, request.headers) == request.payload
    assert request.payload["type"] == "upload.stored"
    assert request.payload["data"]["upload"]["id"] == event.upload.id
    found = await only(webhooks)
    assert (found.state, found.attempts) == (DeliveryState.DELIVERED, 1)


async def test_each_gets_the_types_that_it_asked_for(
    webhooks: Webhooks, receiver: WebhookReceiver, other: WebhookReceiver
) -> None:
    await webhooks.add(receiver.url, events=frozenset({UploadEventType.STORED}))
    await webhooks.add(other.url, events=frozenset({UploadEventType.DELETED}))
    upload = an_upload()
    kinds = (UploadEventType.STORED, UploadEventType.UPDATED, UploadEventType.DELETED)
    events = [an_event(upload, number, kind) for number, kind in enumerate(kinds, 1)]
    await webhooks.events.accept(events)
    await webhooks.sending().send_due()
    assert [it.payload["type"] for it in receiver.received] == ["upload.stored"]
    assert [it.payload["type"] for it in other.received] == ["upload.deleted"]


async def test_without_webhooks_events_are_taken_and_forgotten(webhooks: Webhooks) -> None:
    assert not await webhooks.events.wanted()
    await webhooks.events.accept([an_event()])
    assert await webhooks.sending().send_due() == SendingReport()
    assert await states(webhooks) == {}
    await webhooks.add("https://hooks.example.com/")
    assert await webhooks.events.wanted()


async def test_accepting_at_once_makes_one_delivery_each(webhooks: Webhooks) -> None:
    await webhooks.add("https://hooks.example.com/")
    events = [an_event() for _ in range(20)]
    await asyncio.gather(*(webhooks.events.accept(events) for _ in range(5)))
    assert (await states(webhooks)).keys() == {it.id for it in events}


async def test_failed_attempts_are_repeated_with_growing_pauses(
    webhooks: Webhooks, receiver: WebhookReceiver
) -> None:
    await webhooks.add(receiver.url)
    receiver.answer = answering(500)
    await webhooks.events.accept([an_event()])
    sending, began = webhooks.sending(), webhooks.clock()
    pauses = []
    for attempt in range(1, 9):
        assert await sending.send_due() == SendingReport(failed=1)
        assert await sending.send_due() == SendingReport()
        found = await only(webhooks)
        assert (found.attempts, found.error) == (attempt, "The receiver answered 500.")
        pauses.append((found.next_at - webhooks.clock()).total_seconds())
        webhooks.clock.now = found.next_at
    assert pauses == [5, 30, 120, 600, 1800, 3600, 3600, 3600]
    receiver.answer = answering(200)
    await sending.send_due()
    assert (await only(webhooks)).state is DeliveryState.DELIVERED
    assert set(receiver.ids) == {found.event_id}
    assert len({it.headers["webhook-timestamp"] for it in receiver.received}) == 9
    assert webhooks.clock() - began < timedelta(hours=6)


async def test_after_three_days_it_is_a_dead_letter(
    webhooks: Webhooks, receiver: WebhookReceiver
) -> None:
    await webhooks.add(receiver.url)
    receiver.answer = answering(503)
    await webhooks.events.accept([an_event()])
    sending, began = webhooks.sending(), webhooks.clock()
    while (found := await only(webhooks)).state is DeliveryState.PENDING:
        webhooks.clock.now = found.next_at
        report = await sending.send_due()
    assert report == SendingReport(failed=1, dead=1)
    assert webhooks.clock() - began == timedelta(days=3)
    assert 70 < found.attempts < 80
    assert found.error == "The receiver answered 503."

    receiver.answer = answering(200)
    assert await webhooks.administration.redeliver([found.id, "another"]) == 1
    assert await sending.send_due() == SendingReport(delivered=1)
    assert (await only(webhooks)).error is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), ("1", 5), ("999999999", 3600), ("-5", 5), ("soon", 5), ("", 5)],
)
async def test_a_receiver_can_ask_for_a_pause(
    webhooks: Webhooks, receiver: WebhookReceiver, value: str, seconds: int
) -> None:
    await webhooks.add(receiver.url)
    receiver.answer = answering(429, f"Retry-After: {value}")
    await webhooks.events.accept([an_event()])
    await webhooks.sending().send_due()
    assert (await only(webhooks)).next_at - webhooks.clock() == timedelta(seconds=seconds)


async def test_a_pause_can_be_a_date(webhooks: Webhooks, receiver: WebhookReceiver) -> None:
    await webhooks.add(receiver.url)
    at = (webhooks.clock() + timedelta(minutes=10)).replace(microsecond=0)
    receiver.answer = answering(503, f"Retry-After: {at:%a, %d %b %Y %H:%M:%S GMT}")
    await webhooks.events.accept([an_event()])
    await webhooks.sending().send_due()
    assert (await only(webhooks)).next_at == at


@pytest.mark.parametrize("chance", [0.0, 1.0])
async def test_pauses_are_spread(
    webhooks: Webhooks, receiver: WebhookReceiver, chance: float
) -> None:
    await webhooks.add(receiver.url)
    receiver.answer = answering(500)
    await webhooks.events.accept([an_event()])
    await webhooks.sending(chance).send_due()
    seconds = ((await only(webhooks)).next_at - webhooks.clock()).total_seconds()
    assert seconds == {0.0: 4, 1.0: 6}[chance]


async def test_events_of_an_upload_arrive_in_order(
    webhooks: Webhooks, receiver: WebhookReceiver
) -> None:
    """The first attempt of each event fails, and two processes send at once."""
    await webhooks.add(receiver.url)
    failed = set()

    async def fail_once(received: Received, writer: asyncio.StreamWriter) -> None:
        status = 200 if received.id in failed else 500
        failed.add(received.id)
        await answering(status)(received, writer)

    receiver.answer = fail_once
    uploads = [an_upload() for _ in range(3)]
    for upload in uploads:
        await webhooks.events.accept([an_event(upload, version) for version in (1, 2)])
    await webhooks.events.accept([an_event(upload, 3) for upload in uploads])
    while DeliveryState.PENDING in (await states(webhooks)).values():
        await asyncio.gather(webhooks.sending().send_due(), webhooks.sending().send_due())
        webhooks.clock.advance(seconds=10)
    for upload in uploads:
        versions = [
            it.payload["data"]["upload"]["version"]
            for it in receiver.received
            if it.payload["data"]["upload"]["id"] == upload.id
        ]
        assert versions == [1, 1, 2, 2, 3, 3]


async def test_processes_share_the_work(webhooks: Webhooks, receiver: WebhookReceiver) -> None:
    await webhooks.add(receiver.url)
    events = [an_event() for _ in range(60)]
    await webhooks.events.accept(events)
    reports = await asyncio.gather(*(webhooks.sending().send_due() for _ in range(3)))
    assert sum(it.delivered for it in reports) == 60
    assert sorted(receiver.ids) == sorted(it.id for it in events)


async def test_a_slow_receiver_delays_no_other(
    webhooks: Webhooks, receiver: WebhookReceiver, other: WebhookReceiver
) -> None:
    """While it holds all of its requests, new events reach the others."""
    release = asyncio.Event()

    async def hold(received: Received, writer: asyncio.StreamWriter) -> None:
        await release.wait()
        await answering(200)(received, writer)

    receiver.answer = hold
    for url in (receiver.url, other.url):
        await webhooks.add(url)
    await webhooks.events.accept([an_event() for _ in range(30)])
    running = asyncio.create_task(webhooks.sending().send_due())
    await asyncio.gather(receiver.until(AT_ONCE), other.until(30))
    for count in range(31, 34):
        await webhooks.events.accept([an_event()])
        await other.until(count)
    assert len(receiver.received) == AT_ONCE
    release.set()
    report = await running
    assert report == SendingReport(delivered=66)
    assert sorted(receiver.ids) == sorted(other.ids)


async def test_a_receiver_that_is_down_gets_few_requests(
    webhooks: Webhooks, receiver: WebhookReceiver, other: WebhookReceiver
) -> None:
    """It rests until the next run, while the others get everything."""
    receiver.answer = answering(502)
    for url in (receiver.url, other.url):
        await webhooks.add(url)
    await webhooks.events.accept([an_event() for _ in range(30)])
    report = await webhooks.sending().send_due()
    assert report == SendingReport(delivered=30, failed=AT_ONCE)
    assert len(receiver.received) == AT_ONCE


async def test_a_receiver_that_is_gone_is_disabled(
    webhooks: Webhooks, receiver: WebhookReceiver
) -> None:
    """One answer is enough, even if others of the same batch are accepted."""
    webhook = await webhooks.add(receiver.url)

    async def gone(received: Received, writer: asyncio.StreamWriter) -> None:
        await answering(410 if received.id == events[0].id else 200)(received, writer)

    receiver.answer = gone
    events = [an_event() for _ in range(AT_ONCE + 1)]
    await webhooks.events.accept(events)
    await webhooks.sending().send_due()
    assert len(receiver.received) == AT_ONCE
    found = await webhooks.store.find(webhook.id)
    assert found is not None
    assert found.disabled == GONE
    assert await webhooks.sending().send_due() == SendingReport()

    receiver.answer = answering(200)
    await webhooks.administration.enable(webhook.id)
    assert await webhooks.sending().send_due() == SendingReport(delivered=2)


async def test_what_waits_for_a_disabled_webhook_is_given_up_in_the_end(
    webhooks: Webhooks,
) -> None:
    webhook = await webhooks.add("https://hooks.example.com/")
    await webhooks.store.set_disabled(webhook.id, "by a test")
    await webhooks.events.accept([an_event(), an_event()])
    webhooks.clock.advance(days=3)
    assert await webhooks.sending().send_due() == SendingReport(dead=2)
    assert await webhooks.administration.redeliver_dead(webhook.id) == 2
    assert set((await states(webhooks)).values()) == {DeliveryState.PENDING}


class Dying:
    """Sends a request, then dies before it can record the answer."""

    def __init__(self, webhooks: Webhooks) -> None:
        self._sender = webhooks.sender

    async def send(self, webhook: Webhook, message: Message) -> Answer:
        await self._sender.send(webhook, message)
        raise asyncio.CancelledError


async def test_a_process_that_dies_delays_an_event_by_half_a_minute(
    webhooks: Webhooks, receiver: WebhookReceiver
) -> None:
    """The receiver may get it twice, with the same id."""
    await webhooks.add(receiver.url)
    event, sender = an_event(), webhooks.sender
    await webhooks.events.accept([event])
    webhooks.sender = Dying(webhooks)
    with pytest.raises(asyncio.CancelledError):
        await webhooks.sending().send_due()
    webhooks.sender = sender
    assert await webhooks.sending().send_due() == SendingReport()
    webhooks.clock.advance(seconds=30)
    assert await webhooks.sending().send_due() == SendingReport(delivered=1)
    assert receiver.ids == [event.id, event.id]


async def test_a_frozen_process_sends_nothing_late(
    webhooks: Webhooks, receiver: WebhookReceiver
) -> None:
    """Another process may have sent it, and the next version, in the meantime."""
    webhook = await webhooks.add(receiver.url)
    await webhooks.events.accept([an_event()])
    now = webhooks.clock()
    [claimed] = await webhooks.deliveries.claim(webhook.id, now, 1, now + timedelta(seconds=60))
    webhooks.clock.advance(seconds=61)
    run = _Run(1, lambda: True)
    assert not await webhooks.sending()._attempt(webhook, claimed, run)
    assert (receiver.received, run.counts) == ([], Counter())
    await webhooks.sending().send_due()
    assert not await webhooks.deliveries.retry(claimed, next_at=now, error="late")
    assert (await only(webhooks)).state is DeliveryState.DELIVERED


async def test_an_error_of_ours_is_an_attempt_that_failed(
    webhooks: Webhooks, receiver: WebhookReceiver
) -> None:
    await webhooks.add(receiver.url)
    await webhooks.events.accept([an_event()._replace(id="not\nan id")])
    assert await webhooks.sending().send_due() == SendingReport(failed=1)
    found = await only(webhooks)
    assert found.error is not None
    assert "error of this service" in found.error
