"""The commands about webhooks, with a real receiver."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import standardwebhooks

from gql_api.container import Container
from gql_api.domain.deliveries import DeliveryState
from gql_api.webhook_builder import webhook_sending
from tests.admin.commands import Operator
from tests.clock import SettableClock
from tests.webhook_receiver import WebhookReceiver, answering, webhook_receiver
from tests.webhook_records import Webhooks, an_event

pytestmark = pytest.mark.settings(WEBHOOK_ALLOWED_HOSTS="127.0.0.1")


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    """A receiver that accepts all."""
    async with webhook_receiver() as receiver:
        yield receiver


async def add(operator: Operator, receiver: WebhookReceiver) -> tuple[str, str]:
    """Add a webhook for the receiver; return its id and its secret."""
    added = await operator.succeed("webhooks", "add", receiver.url)
    [row] = (await operator.succeed("webhooks", "list")).output.splitlines()
    return row.split()[0], added.output.strip()


async def send(container: Container, clock: SettableClock) -> None:
    await webhook_sending(container, clock).send_due()


async def test_the_secret_is_shown_once(operator: Operator, receiver: WebhookReceiver) -> None:
    events = ["upload.stored", "upload.deleted"]
    added = await operator.succeed("webhooks", "add", receiver.url, "--events", *events)
    secret = added.output.strip()
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    listed = await operator.succeed("webhooks", "list")
    webhook_id = listed.output.split()[0]
    expected = f"{webhook_id}  enabled   {receiver.url}  upload.deleted,upload.stored\n"
    assert listed.output == expected
    assert added.complaints == f"Added the webhook {webhook_id}. This is its signing secret:\n"
    assert secret not in listed.output + listed.complaints


async def test_what_is_wrong_is_said(operator: Operator, receiver: WebhookReceiver) -> None:
    url = "https://hooks.example.com/"
    for arguments, problem in (
        (["https://127.0.0.2/"], "127.0.0.2 is not public"),
        (["http://hooks.example.com/"], "must begin with https://"),
        ([url, "--events", "upload.moved"], "There is no event upload.moved."),
    ):
        refused = await operator.run("webhooks", "add", *arguments)
        assert (refused.status, refused.output) == (1, "")
        assert problem in refused.complaints
    await operator.succeed("webhooks", "add", url)
    twice = await operator.run("webhooks", "add", url)
    assert twice == (1, "", "There is a webhook with this URL already.\n")
    for command in ("enable", "test", "remove", "rotate"):
        unknown = await operator.run("webhooks", command, "nothing")
        assert unknown == (1, "", "There is no webhook nothing.\n")
    unknown = await operator.run("webhooks", "replay", "--since", "2030-01-01Z", "--webhook", "x")
    assert unknown.status == 2
    for number in range(19):
        await operator.succeed("webhooks", "add", f"{url}{number}")
    assert (
        "There are 20 webhooks already"
        in (await operator.run("webhooks", "add", receiver.url)).complaints
    )


async def test_a_webhook_is_tried_out(operator: Operator, receiver: WebhookReceiver) -> None:
    webhook_id, secret = await add(operator, receiver)
    tried = await operator.succeed("webhooks", "test", webhook_id)
    assert tried.output == "The receiver answered 204.\n"
    [request] = receiver.received
    standardwebhooks.Webhook(secret).verify(request.body, request.headers)
    assert request.payload["type"] == "webhook.test"
    receiver.answer = answering(500)
    assert (await operator.run("webhooks", "test", webhook_id)).status == 1
    await operator.succeed("webhooks", "add", "http://127.0.0.1:9/")
    other_id = (await operator.succeed("webhooks", "list")).output.splitlines()[1].split()[0]
    failed = await operator.run("webhooks", "test", other_id)
    assert (failed.status, failed.output) == (1, "")
    assert "The connection failed" in failed.complaints


async def test_two_secrets_sign_during_a_rotation(
    operator: Operator, receiver: WebhookReceiver, container: Container, clock: SettableClock
) -> None:
    webhook_id, old = await add(operator, receiver)
    rotated = await operator.succeed("webhooks", "rotate", webhook_id, "--hours", "2")
    new = rotated.output.strip()
    assert rotated.complaints.startswith("The old secret also signs for 2 hours.")
    await container.webhook_events.accept([an_event()])
    await send(container, clock)
    [request] = receiver.received
    for secret in (old, new):
        standardwebhooks.Webhook(secret).verify(request.body, request.headers)

    stored = await Webhooks(container.database, clock).store.find(webhook_id)
    assert stored is not None
    assert stored.signing(datetime.now(UTC) + timedelta(hours=2)) == [new]
    await operator.succeed("webhooks", "rotate", webhook_id, "--hours", "0")
    await operator.succeed("webhooks", "test", webhook_id)
    request = receiver.received[-1]
    for secret in (old, new):
        with pytest.raises(standardwebhooks.WebhookVerificationError):
            standardwebhooks.Webhook(secret).verify(request.body, request.headers)
    assert (await operator.run("webhooks", "rotate", webhook_id, "--hours", "169")).status == 2


async def test_dead_letters_are_listed_and_sent_again(
    operator: Operator, receiver: WebhookReceiver, container: Container, clock: SettableClock
) -> None:
    await add(operator, receiver)
    receiver.answer = answering(500)
    clock.advance(days=-3)
    events = [an_event(at=clock()), an_event(at=clock())]
    await container.webhook_events.accept(events)
    clock.advance(days=3)
    await send(container, clock)
    assert (await operator.succeed("webhooks", "deliveries", "--pending")).output == ""
    dead = (await operator.succeed("webhooks", "deliveries", "--dead")).output.splitlines()
    assert len(dead) == 2
    assert {row.split("  ", 1)[1].split("Z  ")[1] for row in dead} == {
        "dead         1  upload.stored  The receiver answered 500."
    }
    one = dead[0].split()[0]
    again = await operator.succeed("webhooks", "redeliver", one)
    assert again.output == "1 are sent again.\n"
    missing = await operator.run("webhooks", "redeliver", one, "nothing")
    assert missing == (1, "1 are sent again.\n", "1 do not exist.\n")
    waiting = (await operator.succeed("webhooks", "deliveries", "--pending")).output
    assert waiting.startswith(one)
    assert (await operator.succeed("webhooks", "redeliver", "--dead")).output.startswith("1 ")
    for wrong in ([], [one, "--dead"], [one, "--pending"], [one, "--webhook", "x"]):
        assert (await operator.run("webhooks", "redeliver", *wrong)).status == 1
    clock.advance(seconds=60)  # The commands use the real time.
    await send(container, clock)
    hurried = await operator.succeed("webhooks", "redeliver", "--pending")
    assert hurried.output == "2 are sent again.\n"

    receiver.answer = answering(200)
    clock.advance(seconds=60)
    await send(container, clock)
    listed = await operator.succeed("webhooks", "deliveries", "--limit", "1")
    assert "  delivered  " in listed.output
    # Each came three times, with the same id.
    assert sorted(receiver.ids) == sorted([it.id for it in events] * 3)


async def test_changes_since_a_time_are_replayed(
    operator: Operator, receiver: WebhookReceiver, container: Container, clock: SettableClock
) -> None:
    webhook_id, _ = await add(operator, receiver)
    old, new = an_event(at=clock() - timedelta(days=2)), an_event(at=clock())
    await container.webhook_events.accept([old, new])
    await send(container, clock)
    since = (clock() - timedelta(hours=1)).isoformat()
    for options in ([], ["--webhook", webhook_id]):
        replayed = await operator.succeed("webhooks", "replay", "--since", since, *options)
        assert replayed.output == "1 are sent again.\n"
        clock.advance(seconds=60)
        await send(container, clock)
    assert sorted(receiver.ids) == sorted([old.id, new.id, new.id, new.id])
    unzoned = await operator.run("webhooks", "replay", "--since", "2030-01-31T12:00:00")
    assert unzoned.status == 2
    assert "a time zone" in unzoned.complaints


async def test_a_removed_webhook_gets_nothing(
    operator: Operator, receiver: WebhookReceiver, container: Container, clock: SettableClock
) -> None:
    webhook_id, _ = await add(operator, receiver)
    await container.webhook_events.accept([an_event()])
    kept = await operator.run("webhooks", "remove", webhook_id, typed="no\n")
    assert (kept.status, kept.output) == (1, "")
    assert receiver.url in kept.complaints
    await operator.succeed("webhooks", "remove", webhook_id, "--yes")
    await send(container, clock)
    assert receiver.received == []
    found = await Webhooks(container.database, clock).deliveries.list([*DeliveryState], None, 9)
    assert found == []


async def test_a_webhook_that_is_gone_is_enabled_again(
    operator: Operator, receiver: WebhookReceiver, container: Container, clock: SettableClock
) -> None:
    webhook_id, _ = await add(operator, receiver)
    receiver.answer = answering(410)
    await container.webhook_events.accept([an_event()])
    await send(container, clock)
    listed = await operator.succeed("webhooks", "list")
    assert "  disabled  " in listed.output
    assert listed.complaints == f"{webhook_id}: The receiver answered 410 Gone.\n"
    await operator.succeed("webhooks", "enable", webhook_id)
    assert "  enabled   " in (await operator.succeed("webhooks", "list")).output
