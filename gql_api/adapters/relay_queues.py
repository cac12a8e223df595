"""Queues of uploads whose events are relayed: in this process, or by Amazon SQS on AWS."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable, Sequence

from gql_api.adapters.sqs import SqsClient, SqsSender
from gql_api.domain.outbox import to_message
from gql_api.domain.uploads import UploadName

_log = logging.getLogger(__name__)

_TOGETHER_MAX = 100


class InProcessRelayQueue:
    """Implements `RelayQueue` for a process that relays its own events.

    The changes of one turn of the event loop, and those that are made while others are being
    relayed, share the round trips.
    """

    def __init__(self, relay: Callable[[Sequence[UploadName]], Awaitable[object]]) -> None:
        self._relay = relay
        self._waiting: dict[UploadName, None] = {}
        self._working: asyncio.Task[None] | None = None

    async def send(self, names: Sequence[UploadName]) -> None:
        """See `RelayQueue.send`."""
        self._waiting |= dict.fromkeys(names)
        if self._working is None:
            # An empty context, so that the caller's time limit does not end the work.
            self._working = asyncio.create_task(self._work(), context=contextvars.Context())

    async def finish(self) -> None:
        """Wait until nothing waits."""
        if self._working is not None:
            await self._working

    async def close(self) -> None:
        """See `RelayQueue.close`."""
        if self._working is not None:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)

    async def _work(self) -> None:
        try:
            while self._waiting:
                names = list(self._waiting)[:_TOGETHER_MAX]
                for name in names:
                    del self._waiting[name]
                try:
                    await self._relay(names)
                except Exception:
                    _log.exception("Events could not be relayed. The sweep will relay them.")
        finally:
            self._working = None


class SqsRelayQueue:
    """Implements `RelayQueue` with Amazon SQS, whose messages invoke the function that relays.

    `send` returns at once. The messages of the changes so far are sent by `finish`, which the
    Lambda handler calls before its process is suspended: one message for up to 1,000 uploads.
    """

    def __init__(self, make_client: Callable[[], SqsClient], queue_url: str) -> None:
        self._sender = SqsSender(make_client, queue_url)
        self._waiting: dict[UploadName, None] = {}

    async def send(self, names: Sequence[UploadName]) -> None:
        """See `RelayQueue.send`."""
        self._waiting |= dict.fromkeys(names)

    async def finish(self) -> None:
        """Send what waits. Never fails: the sweep relays what a message did not."""
        names, self._waiting = list(self._waiting), {}
        for begin in range(0, len(names), _MESSAGE_MAX):
            try:
                await self._sender.send(to_message(names[begin : begin + _MESSAGE_MAX]))
            except Exception:
                _log.exception("The relay was not asked for events. The sweep will relay them.")

    async def close(self) -> None:
        """See `RelayQueue.close`."""


_MESSAGE_MAX = 1000  # A name takes 84 bytes, and a message may have 256 KiB.
