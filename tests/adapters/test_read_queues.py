"""The message that asks for an object to be read back, and its way to Amazon SQS."""

from __future__ import annotations

import threading

import pytest
from botocore.stub import Stubber

from gql_api.adapters.read_queues import SqsReadQueue
from gql_api.adapters.s3.client import make_sqs_client
from gql_api.adapters.sqs import SqsClient
from gql_api.domain.read_queue import key_of, to_message

URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/media-reads"
KEY = "uploads/owner/ \u00fc+%"


def test_a_message_names_the_key() -> None:
    assert key_of(to_message(KEY)) == KEY


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"readBack": {}}', '{"readBack": "k"}'])
def test_other_messages_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        key_of(text)


async def test_it_is_sent_to_sqs() -> None:
    client = make_sqs_client(
        {"aws_access_key_id": "a", "aws_secret_access_key": "s", "region_name": "eu-west-1"}
    )
    made: list[int] = []

    def make() -> SqsClient:
        made.append(threading.get_ident())
        made_client: SqsClient = client
        return made_client

    queue = SqsReadQueue(make, URL)
    expected = {"QueueUrl": URL, "MessageBody": to_message(KEY)}
    with Stubber(client) as stub:
        stub.add_response("send_message", {"MessageId": "1"}, expected)
        stub.add_client_error("send_message", "QueueDoesNotExist", expected_params=expected)
        await queue.send(KEY)
        with pytest.raises(client.exceptions.QueueDoesNotExist):
            await queue.send(KEY)
        stub.assert_no_pending_responses()
    # boto3 is imported once, and not on the event loop.
    assert len(made) == 1
    assert threading.get_ident() not in made
    await queue.finish()
    await queue.close()
