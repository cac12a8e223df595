"""A dead-letter queue, whose answers are simulated with botocore's Stubber."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from gql_api.adapters.s3.client import make_sqs_client, session
from gql_api.adapters.s3.dead_letters import SqsDeadLetters
from gql_api.domain.dead_letters import DeadLetter, Redrive

URL = "https://sqs.eu-central-1.amazonaws.com/123456789012/dead"
ARN = "arn:aws:sqs:eu-central-1:123456789012:dead"
QUEUE = {"QueueUrl": URL}


@pytest.fixture(scope="module")
def queue() -> SqsDeadLetters:
    keys = session("eu-central-1", "AKIDEXAMPLE", "secret")
    return SqsDeadLetters(lambda: make_sqs_client(keys), URL)


@pytest.fixture
def aws(queue: SqsDeadLetters) -> Iterator[Stubber]:
    with Stubber(queue.client()) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def message(number: int) -> dict[str, Any]:
    return {
        "MessageId": f"m{number}",
        "ReceiptHandle": f"h{number}",
        "Body": "{}",
        "Attributes": {"SentTimestamp": "1890000000123"},
    }


async def test_peeking_releases_what_it_received(queue: SqsDeadLetters, aws: Stubber) -> None:
    for most, messages in ((10, range(10)), (2, range(10, 11)), (1, range(0))):
        aws.add_response(
            "receive_message",
            {"Messages": [message(number) for number in messages]},
            {**QUEUE, "MaxNumberOfMessages": most, "VisibilityTimeout": 60}
            | {"MessageSystemAttributeNames": ["SentTimestamp"], "WaitTimeSeconds": 2},
        )
    for handles in (range(10), range(10, 11)):
        aws.add_response(
            "change_message_visibility_batch",
            {"Successful": [], "Failed": []},
            {
                **QUEUE,
                "Entries": [
                    {"Id": ANY, "ReceiptHandle": f"h{number}", "VisibilityTimeout": 0}
                    for number in handles
                ],
            },
        )

    letters = await queue.peek(12)

    assert len(letters) == 11
    assert letters[0] == DeadLetter("m0", datetime(2029, 11, 22, 0, 0, tzinfo=UTC), "{}")


async def test_counts_and_redrives(queue: SqsDeadLetters, aws: Stubber) -> None:
    def attribute(name: str, value: str) -> None:
        expected = {**QUEUE, "AttributeNames": [name]}
        aws.add_response("get_queue_attributes", {"Attributes": {name: value}}, expected)

    task = {"ApproximateNumberOfMessagesMoved": 3}
    attribute("ApproximateNumberOfMessages", "7")
    attribute("QueueArn", ARN)
    aws.add_response("start_message_move_task", {"TaskHandle": "t"}, {"SourceArn": ARN})
    for tasks in (
        [],
        [{**task, "Status": "RUNNING"}],
        [{**task, "Status": "FAILED", "FailureReason": "AccessDenied"}],
    ):
        attribute("QueueArn", ARN)
        expected = {"SourceArn": ARN, "MaxResults": 1}
        aws.add_response("list_message_move_tasks", {"Results": tasks}, expected)

    assert await queue.count() == 7
    await queue.start_redrive()
    assert await queue.redrive() == Redrive(0, running=False)
    assert await queue.redrive() == Redrive(3, running=True)
    assert await queue.redrive() == Redrive(3, running=False, failure="AccessDenied")
