"""docs/webhooks.md shows what the service sends, and its example verifies it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.webhooks.exchange import BODY_MAX_BYTES
from gql_api.adapters.webhooks.sender import ATTEMPT_SECONDS
from gql_api.domain.deliveries import DEAD_KEPT, DELIVERED_KEPT, GIVEN_UP_AFTER, pause
from gql_api.domain.upload_events import UploadEventType
from gql_api.domain.webhook_payloads import event_payload
from gql_api.domain.webhooks import type_name
from gql_api.services.webhook_sending import AT_ONCE
from tests.clock import SettableClock
from tests.docs.markdown import code_blocks, read, table
from tests.webhook_receiver import webhook_receiver
from tests.webhook_records import Webhooks, an_event

TEXT = read("docs/webhooks.md")


def test_every_event_is_listed() -> None:
    assert [row[0] for row in table(TEXT, "event")] == [*map(type_name, UploadEventType)]


def names(value: Any) -> Any:
    """Return the names of all fields, without the values."""
    return {name: names(it) for name, it in value.items()} if isinstance(value, dict) else None


def test_the_example_has_all_fields() -> None:
    [example] = code_blocks(TEXT, "json")
    shown, sent = json.loads(example), json.loads(event_payload(an_event(), "user-42"))
    assert names(shown) == names(sent)


def test_the_numbers_are_those_of_the_code() -> None:
    words = " ".join(TEXT.split())
    assert ATTEMPT_SECONDS == 10
    assert f"at most {BODY_MAX_BYTES // 1024} KiB of your answer" in words
    assert GIVEN_UP_AFTER.days == 3
    assert f"send again for {DEAD_KEPT.days} days" in words
    assert f"the last {DELIVERED_KEPT.days} days" in words
    assert AT_ONCE == 8
    pauses = [pause(attempts, None, 0.5).total_seconds() for attempts in range(1, 8)]
    assert pauses == [5, 30, 120, 600, 1800, 3600, 3600]


async def test_the_example_verifies_requests(
    database: Database, clock: SettableClock, capsys: pytest.CaptureFixture[str]
) -> None:
    webhooks = Webhooks(database, clock)
    [example] = code_blocks(TEXT, "python")
    names: dict[str, Any] = {}
    exec(compile(example, "docs/webhooks.md", "exec"), names)
    async with webhook_receiver() as receiver:
        webhook = await webhooks.add(receiver.url)
        event = an_event()
        await webhooks.events.accept([event])
        await webhooks.sending().send_due()
        [request] = receiver.received
    secret = webhook.secrets[0].text
    assert names["receive"](secret, request.headers, request.body) == 204
    assert capsys.readouterr().out.startswith(f"{event.id} upload.stored ")
    assert names["receive"](secret, request.headers, b"{}") == 400
