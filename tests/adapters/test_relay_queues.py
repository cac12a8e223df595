"""The queues of uploads whose events are relayed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

from gql_api.adapters.relay_queues import InProcessRelayQueue, SqsRelayQueue
from gql_api.domain.outbox import names_of, to_message
from gql_api.domain.uploads import UploadName

URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/events"
NAMES = [UploadName("owner", f"upload-{number}") for number in range(5)]


def test_a_message_names_the_uploads() -> None:
    assert names_of(to_message(NAMES)) == NAMES


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"relay": {}}', '{"relay": ["a"]}', '{"relay": [["a", 1]]}']
)
def test_other_messages_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        names_of(text)


async def test_what_is_sent_while_others_are_relayed_goes_together() -> None:
    relayed: list[Sequence[UploadName]] = []
    going_on = asyncio.Event()

    async def relay(names: Sequence[UploadName]) -> None:
        relayed.append(names)
        await going_on.wait()

    queue = InProcessRelayQueue(relay)
    await queue.finish()
    await queue.send(NAMES[:1])
    await asyncio.sleep(0)
    for name in NAMES[1:]:
        await queue.send([name, name])
    going_on.set()
    await queue.finish()
    assert relayed == [NAMES[:1], NAMES[1:]]
    await queue.send(NAMES[:1])
    await queue.finish()
    assert relayed[2:] == [NAMES[:1]]


async def test_a_failure_is_logged_and_the_next_is_relayed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    relayed: list[Sequence[UploadName]] = []

    async def relay(names: Sequence[UploadName]) -> None:
        relayed.append(names)
        if len(relayed) == 1:
            raise OSError("no answer")

    queue = InProcessRelayQueue(relay)
    for name in NAMES[:2]:
        await queue.send([name])
        await queue.finish()
    assert relayed == [[name] for name in NAMES[:2]]
    assert "The sweep will relay them." in caplog.text


async def test_it_stops() -> None:
    async def relay(_names: Sequence[UploadName]) -> None:
        await asyncio.Event().wait()

    queue = InProcessRelayQueue(relay)
    await queue.close()
    await queue.send(NAMES)
    await asyncio.sleep(0)
    await queue.close()


class Client:
    """Stands in for boto3's client of SQS; `fails` is what its next calls raise."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.fails: Exception | None = None

    def send_message(self, *, QueueUrl: str, MessageBody: str) -> Any:
        assert QueueUrl == URL
        if self.fails is not None:
            raise self.fails
        self.sent.append(MessageBody)


async def test_the_changes_of_a_request_are_one_message() -> None:
    client = Client()
    queue = SqsRelayQueue(lambda: client, URL)
    for name in NAMES:
        await queue.send([name, name])
    assert client.sent == []
    await queue.finish()
    await queue.finish()
    assert [names_of(message) for message in client.sent] == [NAMES]
    await queue.close()


async def test_no_message_is_too_large() -> None:
    client = Client()
    queue = SqsRelayQueue(lambda: client, URL)
    names = [UploadName("o" * 36, f"{number:036}") for number in range(2500)]
    await queue.send(names)
    await queue.finish()
    assert [name for message in client.sent for name in names_of(message)] == names
    assert max(map(len, client.sent)) < 256 * 1024
    assert all(json.loads(message) for message in client.sent)


async def test_a_queue_that_does_not_respond_fails_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = Client()
    queue = SqsRelayQueue(lambda: client, URL)
    client.fails = OSError("no answer")
    await queue.send(NAMES[:1])
    await queue.finish()
    client.fails = None
    await queue.finish()
    assert client.sent == []
    assert "The sweep will relay them." in caplog.text
