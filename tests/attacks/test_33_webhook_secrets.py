"""Events that somebody else sends to a receiver, and places that could show a secret."""

from __future__ import annotations

import base64
import hmac
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import standardwebhooks

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.webhooks.sender import HttpWebhookSender
from gql_api.domain.webhook_sending import SendingFailed
from gql_api.domain.webhooks import SigningSecret, new_secret
from tests.attacks.webhooks import MESSAGE
from tests.clock import SettableClock
from tests.webhook_receiver import Received, WebhookReceiver, answering, webhook_receiver
from tests.webhook_records import Webhooks, a_webhook, an_event


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    """A receiver that accepts all."""
    async with webhook_receiver() as receiver:
        yield receiver


def is_valid(secret: str, request: Received) -> bool:
    try:
        standardwebhooks.Webhook(secret).verify(request.body, request.headers)
    except standardwebhooks.WebhookVerificationError:
        return False
    return True


async def test_no_part_of_a_request_can_be_replaced(
    database: Database, clock: SettableClock, receiver: WebhookReceiver
) -> None:
    webhooks = Webhooks(database, clock)
    webhook = await webhooks.add(receiver.url)
    await webhooks.events.accept([an_event()])
    await webhooks.sending().send_due()
    [request] = receiver.received
    secret = webhook.secrets[0].text
    assert is_valid(secret, request)
    assert not is_valid(new_secret().text, request)
    later = str(int(request.headers["webhook-timestamp"]) + 1)
    for name, value in (
        ("webhook-id", "evt_another"),
        ("webhook-timestamp", later),
        ("webhook-signature", "v1," + base64.b64encode(bytes(32)).decode()),
    ):
        forged = request._replace(headers={**request.headers, name: value})
        assert not is_valid(secret, forged), name
    assert not is_valid(secret, request._replace(body=request.body + b" "))


async def test_an_old_request_is_not_valid_any_more(receiver: WebhookReceiver) -> None:
    """The time of the attempt is signed, not that of the event."""
    webhook = a_webhook(receiver.url)
    sender = HttpWebhookSender(["127.0.0.1"])
    await sender.send(webhook, MESSAGE._replace(at=MESSAGE.at - timedelta(days=365 * 10)))
    assert not is_valid(webhook.secrets[0].text, receiver.received[0])


async def test_the_signature_is_that_of_the_specification(receiver: WebhookReceiver) -> None:
    """Computed here once more, so that the library and its use are both checked."""
    webhook = a_webhook(receiver.url)
    await HttpWebhookSender(["127.0.0.1"]).send(webhook, MESSAGE)
    [request] = receiver.received
    key = base64.b64decode(webhook.secrets[0].text.removeprefix("whsec_"))
    seconds = int(MESSAGE.at.timestamp())
    signed = f"{MESSAGE.id}.{seconds}.{MESSAGE.payload}".encode()
    digest = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    assert request.headers["webhook-timestamp"] == str(seconds)
    assert request.headers["webhook-signature"] == f"v1,{digest}"


async def test_an_ended_secret_does_not_sign(receiver: WebhookReceiver) -> None:
    ended = SigningSecret("whsec_" + base64.b64encode(bytes(32)).decode(), MESSAGE.at)
    webhook = a_webhook(receiver.url)
    both = webhook._replace(secrets=(*webhook.secrets, ended))
    await HttpWebhookSender(["127.0.0.1"]).send(both, MESSAGE)
    assert receiver.received[0].headers["webhook-signature"].count("v1,") == 1


async def test_nothing_secret_is_logged(
    database: Database,
    clock: SettableClock,
    receiver: WebhookReceiver,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither secrets, nor URLs, which may contain a token, nor what is sent."""
    webhooks = Webhooks(database, clock)
    webhook = await webhooks.add(f"{receiver.url}&token=hidden-in-the-url")
    unreachable = await webhooks.add("http://localhost:9/hidden-in-the-url")
    event = an_event()._replace(id="not\nan id")
    with caplog.at_level(logging.DEBUG):
        for answer in (answering(200), answering(500), answering(410)):
            receiver.answer = answer
            await webhooks.events.accept([an_event(), event])
            await webhooks.sending().send_due()
        with pytest.raises(SendingFailed) as failed:
            await webhooks.sender.send(unreachable, MESSAGE)
    text = "\n".join(logging.Formatter().format(record) for record in caplog.records)
    assert "The receiver answered 500." in text
    assert "is disabled" in text
    for hidden in (webhook.secrets[0].text, "hidden-in-the-url", "photo.jpg", "whsec_"):
        assert hidden not in text + str(failed.value) + repr(webhook.secrets)
