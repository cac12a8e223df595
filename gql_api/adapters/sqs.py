"""Sends messages to queues of Amazon SQS."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any, Protocol


class SqsClient(Protocol):
    """The part of boto3's SQS client that is used. IAM action: sqs:SendMessage."""

    def send_message(self, *, QueueUrl: str, MessageBody: str) -> Any: ...


class SqsSender:
    """Sends messages to one queue.

    `make_client` is called on first use, because it imports boto3.
    """

    def __init__(self, make_client: Callable[[], SqsClient], queue_url: str) -> None:
        self._make_client = make_client
        self._queue_url = queue_url
        self._client: SqsClient | None = None
        self._lock = threading.Lock()

    async def send(self, message: str) -> None:
        """Send a message. boto3's errors pass through."""
        await asyncio.to_thread(self._send, message)

    def _send(self, message: str) -> None:
        with self._lock:
            if self._client is None:
                self._client = self._make_client()
        self._client.send_message(QueueUrl=self._queue_url, MessageBody=message)
