"""Queues of objects to read back: Amazon SQS on AWS, and tasks of this process elsewhere."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable

from gql_api.adapters.sqs import SqsClient, SqsSender
from gql_api.domain.read_queue import to_message

_log = logging.getLogger(__name__)


class SqsReadQueue:
    """Implements `ReadQueue` with Amazon SQS; the `checksums` function reads the objects."""

    def __init__(self, make_client: Callable[[], SqsClient], queue_url: str) -> None:
        self._sender = SqsSender(make_client, queue_url)

    async def send(self, key: str) -> None:
        """See `ReadQueue.send`. boto3's errors pass through, because the caller is retried."""
        await self._sender.send(to_message(key))

    async def finish(self) -> None:
        """See `ReadQueue.finish`. Another process reads, so there is nothing to wait for."""

    async def close(self) -> None:
        """See `ReadQueue.close`."""


class InProcessReadQueue:
    """Implements `ReadQueue` with tasks that call `read`, one after the other.

    A failure is logged. The sweep finds the upload again.
    """

    def __init__(self, read: Callable[[str], Awaitable[None]]) -> None:
        self._read = read
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()

    async def send(self, key: str) -> None:
        """See `ReadQueue.send`. Does nothing if the object is waiting or being read."""
        if key not in self._tasks:
            # An empty context, so that the caller's time limit does not end the reading.
            context = contextvars.Context()
            task = asyncio.create_task(self._take_turn(key), context=context)
            self._tasks[key] = task
            task.add_done_callback(lambda _: self._tasks.pop(key))

    async def finish(self) -> None:
        """See `ReadQueue.finish`."""
        while self._tasks:
            await asyncio.gather(*self._tasks.values())

    async def close(self) -> None:
        """See `ReadQueue.close`."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _take_turn(self, key: str) -> None:
        try:
            async with self._turn:
                await self._read(key)
        except Exception:
            _log.exception("Reading an object back failed. The sweep will try again.")
