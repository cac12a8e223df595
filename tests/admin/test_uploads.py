"""The commands about uploads and dead letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest

from gql_api.container import Container
from gql_api.domain.dead_letters import DeadLetter, Redrive
from tests.admin.commands import Operator
from tests.api import new_user

QUEUE = "https://sqs.eu-central-1.amazonaws.com/123456789012/dead"


async def test_shows_and_settles_stuck_uploads(
    operator: Operator, client: httpx.AsyncClient, container: Container
) -> None:
    api = await new_user(client)
    upload = await api.request_and_send(b"a few bytes")
    await container.database["uploads"].update_one(
        {"_id": upload["id"]}, {"$set": {"check_at": datetime(2020, 1, 1, tzinfo=UTC)}}
    )

    listed = await operator.succeed("uploads", "stuck", "--hours", "2")
    settled = await operator.succeed("uploads", "stuck", "--settle")

    assert f"/{upload['id']}  PENDING  11 bytes  check overdue by" in listed.output
    assert listed.output.endswith("days, all bytes in the bucket\n")
    assert listed.complaints == "1 stuck uploads.\n"
    assert settled.output.endswith("settled: STORED\n")
    stored = await api.upload(upload["id"])
    assert stored is not None
    assert stored["status"] == "STORED"


@dataclass
class Queue:
    """A queue with one message, whose redrive takes two looks; `failure` ends it."""

    failure: str | None = None
    url: str = ""
    looks: list[str] = field(default_factory=list)

    async def count(self) -> int:
        return 7

    async def peek(self, limit: int) -> Sequence[DeadLetter]:
        return [DeadLetter("m1", datetime(2030, 1, 31, tzinfo=UTC), '{"Records": []}')][:limit]

    async def start_redrive(self) -> None:
        self.looks.append("started")

    async def redrive(self) -> Redrive:
        self.looks.append("looked")
        return Redrive(3, running=len(self.looks) < 3, failure=self.failure)


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    """Stands in for Amazon SQS, of which there is no local server."""
    queue = Queue()

    def at(_settings: object, url: str) -> Queue:
        queue.url = url
        return queue

    monkeypatch.setattr("gql_api.operators._dead_letters", at)
    monkeypatch.setattr("gql_api.admin.dead_letters._LOOK_EVERY_SECONDS", 0)
    return queue


async def test_lists_and_redrives_dead_letters(operator: Operator, queue: Queue) -> None:
    listed = await operator.succeed("dead-letters", "list", QUEUE)
    redriven = await operator.succeed("dead-letters", "redrive", QUEUE)

    assert queue.url == QUEUE
    assert listed.output == '2030-01-31T00:00:00+00:00  m1  {"Records": []}\n'
    assert listed.complaints == "About 7 messages in the queue.\n"
    assert redriven.complaints == "Moved about 3 messages.\n" * 2
    assert queue.looks == ["started", "looked", "looked"]


async def test_says_why_a_redrive_failed(operator: Operator, queue: Queue) -> None:
    queue.failure = "AccessDenied"

    outcome = await operator.run("dead-letters", "redrive", QUEUE)

    assert outcome.status == 1
    assert "Moved about 3 messages, then: AccessDenied" in outcome.complaints
