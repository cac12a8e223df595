"""The function that sends webhooks: woken up by a message, or by the schedule."""

from __future__ import annotations

import asyncio

import pytest

from gql_api.container import Container
from gql_api.domain import metrics
from gql_api.domain.outbox import to_message
from tests.clock import SettableClock
from tests.lambda_runtime.conftest import NO_DATABASE, Start
from tests.lambda_runtime.events import recorded, sqs
from tests.lambda_runtime.runtime_api import FunctionError
from tests.metric_lines import MetricLines
from tests.services.conftest import world
from tests.services.world import World
from tests.webhook_receiver import OK, Received, answering, webhook_receiver
from tests.webhook_records import Webhooks, an_event

__all__ = ["world"]

pytestmark = pytest.mark.settings(
    WEBHOOK_ALLOWED_HOSTS="127.0.0.1", METRICS_NAMESPACE="media-production"
)


async def test_it_sends_and_repeats_without_the_bucket(
    start: Start, container: Container, clock: SettableClock
) -> None:
    """Its role has no permission in the bucket."""
    function = await start("webhooks", S3_ENDPOINT_URL="http://127.0.0.1:9")
    async with webhook_receiver() as receiver:
        await Webhooks(container.database, clock).add(receiver.url)
        await container.webhook_events.accept([an_event(), an_event()])
        report = await function.invoke(sqs(["{}", "{}"]))
        assert report == {"delivered": 2, "failed": 0, "dead": 0}
        receiver.answer = answering(500)
        await container.webhook_events.accept([an_event()])
        report = await function.invoke(recorded("schedule"))
        assert report == {"delivered": 0, "failed": 1, "dead": 0}
        assert len(receiver.received) == 3
        clock.advance(days=-3)
        await container.webhook_events.accept([an_event()])
        report = await function.invoke(recorded("schedule"))
        assert report == {"delivered": 0, "failed": 1, "dead": 1}
    nothing = await function.invoke(recorded("schedule"))
    assert nothing == {"delivered": 0, "failed": 0, "dead": 0}
    lines = MetricLines.of(function.log())
    assert lines.counts(metrics.WEBHOOKS_DELIVERED) == {(): 2}
    assert lines.counts(metrics.WEBHOOKS_FAILED) == {(): 2}
    assert lines.counts(metrics.WEBHOOKS_DEAD) == {(): 1}
    assert len(lines.values(metrics.SECONDS_TO_DELIVERED)) == 2
    assert {"h11", "standardwebhooks"} <= function.imported()
    assert not {"strawberry", "graphql", "mangum", "starlette", "boto3"} & function.imported()


@pytest.mark.settings(WEBHOOK_QUEUE_URL="https://sqs.eu-central-1.amazonaws.com/1/webhooks")
async def test_a_change_reaches_the_receiver_by_a_message(
    start: Start, world: World, clock: SettableClock
) -> None:
    """The API's role may only send a message, which names the upload. The sweep has not run."""
    container = world.container
    function = await start("webhooks")
    async with webhook_receiver() as receiver:
        await Webhooks(container.database, clock).add(receiver.url)
        upload = await world.stored(b"bytes")
        report = await function.invoke(sqs([to_message([upload.name]), "{}"]))
        assert report == {"delivered": 1, "failed": 0, "dead": 0}
        [request] = receiver.received
    assert request.payload["type"] == "upload.stored"
    assert request.payload["data"]["upload"]["id"] == upload.id
    again = await function.invoke(sqs([to_message([upload.name])]))
    assert again == {"delivered": 0, "failed": 0, "dead": 0}


@pytest.mark.settings(WEBHOOK_QUEUE_URL="https://sqs.eu-central-1.amazonaws.com/1/webhooks")
async def test_a_slow_receiver_delays_no_other_although_messages_wait(
    start: Start, world: World, clock: SettableClock
) -> None:
    """SQS invokes the function for few messages at once; the next ones wait."""
    container = world.container
    function = await start("webhooks")
    async with webhook_receiver() as slow, webhook_receiver() as quick:
        for receiver in (slow, quick):
            await Webhooks(container.database, clock).add(receiver.url)
        released = asyncio.Event()

        async def wait(_received: Received, writer: asyncio.StreamWriter) -> None:
            await released.wait()
            writer.write(OK)

        slow.answer = wait
        first = await world.stored(b"bytes")
        invocation = asyncio.create_task(function.invoke(sqs([to_message([first.name])])))
        await slow.until(1)
        later = await world.stored(b"other bytes")
        await quick.until(2)
        assert not invocation.done()
        released.set()
        report = await invocation
        assert report == {"delivered": 4, "failed": 0, "dead": 0}
    assert quick.received[-1].payload["data"]["upload"]["id"] == later.id


async def test_without_a_database_it_fails(start: Start) -> None:
    """So an alarm on the function's errors reports it."""
    broken = await start("webhooks", DB_URL=NO_DATABASE)
    with pytest.raises(FunctionError) as failed:
        await broken.invoke(recorded("schedule"))
    assert failed.value.type == "Unavailable"
