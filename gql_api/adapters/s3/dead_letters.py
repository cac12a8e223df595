"""A dead-letter queue in Amazon SQS. It is here because only this package imports boto3.

IAM actions on the queue: sqs:GetQueueAttributes, sqs:ReceiveMessage, sqs:ChangeMessageVisibility,
sqs:DeleteMessage, sqs:StartMessageMoveTask and sqs:ListMessageMoveTasks; on the queue that its
messages came from: sqs:SendMessage (Amazon SQS Developer Guide, "dead-letter queue redrive").
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from gql_api.domain.dead_letters import DeadLetter, Redrive

_RECEIVED_MOST = 10  # The maximum of ReceiveMessage and ChangeMessageVisibilityBatch.
# Long enough to receive each message once; then they are made visible again.
_HIDDEN_SECONDS = 60
_WAIT_SECONDS = 2  # Long polling asks all SQS servers; short polling may miss messages.


class SqsDeadLetters:
    """Implements `DeadLetters`."""

    def __init__(self, make_client: Callable[[], Any], url: str) -> None:
        """`make_client` is called on first use, because it imports boto3."""
        self._make_client = make_client
        self._url = url
        self._client: Any = None

    def client(self) -> Any:
        """Return the boto3 client; the first call creates it."""
        if self._client is None:
            self._client = self._make_client()
        return self._client

    async def count(self) -> int:
        """See `DeadLetters.count`."""
        return int(await self._attribute("ApproximateNumberOfMessages"))

    async def peek(self, limit: int) -> Sequence[DeadLetter]:
        """See `DeadLetters.peek`."""
        return await asyncio.to_thread(self._peek, limit)

    async def start_redrive(self) -> None:
        """See `DeadLetters.start_redrive`."""
        arn = await self._attribute("QueueArn")
        await asyncio.to_thread(self.client().start_message_move_task, SourceArn=arn)

    async def redrive(self) -> Redrive:
        """See `DeadLetters.redrive`."""
        arn = await self._attribute("QueueArn")
        listed = await asyncio.to_thread(
            self.client().list_message_move_tasks, SourceArn=arn, MaxResults=1
        )
        tasks = listed.get("Results", [])
        if not tasks:
            return Redrive(moved=0, running=False)
        [task] = tasks
        return Redrive(
            moved=task["ApproximateNumberOfMessagesMoved"],
            running=task["Status"] in ("RUNNING", "CANCELLING"),
            failure=task.get("FailureReason"),
        )

    async def _attribute(self, name: str) -> str:
        answer = await asyncio.to_thread(
            self.client().get_queue_attributes, QueueUrl=self._url, AttributeNames=[name]
        )
        return str(answer["Attributes"][name])

    def _peek(self, limit: int) -> Sequence[DeadLetter]:
        handles: dict[str, str] = {}
        letters: list[DeadLetter] = []
        try:
            while len(letters) < limit and (messages := self._receive(limit - len(letters))):
                handles |= {message["MessageId"]: message["ReceiptHandle"] for message in messages}
                letters += map(_letter, messages)
        finally:
            self._release(list(handles.values()))
        return letters

    def _receive(self, limit: int) -> Sequence[dict[str, Any]]:
        answer = self.client().receive_message(
            QueueUrl=self._url,
            MessageSystemAttributeNames=["SentTimestamp"],
            MaxNumberOfMessages=min(limit, _RECEIVED_MOST),
            VisibilityTimeout=_HIDDEN_SECONDS,
            WaitTimeSeconds=_WAIT_SECONDS,
        )
        messages: Sequence[dict[str, Any]] = answer.get("Messages", [])
        return messages

    def _release(self, handles: Sequence[str]) -> None:
        """Make the messages visible again."""
        for begin in range(0, len(handles), _RECEIVED_MOST):
            entries = [
                {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
                for number, handle in enumerate(handles[begin : begin + _RECEIVED_MOST])
            ]
            self.client().change_message_visibility_batch(QueueUrl=self._url, Entries=entries)


def _letter(message: dict[str, Any]) -> DeadLetter:
    milliseconds = int(message["Attributes"]["SentTimestamp"])
    return DeadLetter(
        id=message["MessageId"],
        sent_at=datetime.fromtimestamp(milliseconds // 1000, UTC),
        body=message["Body"],
    )
