"""Wakes up those who send webhooks: by Amazon SQS on AWS, and within this process elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from gql_api.adapters.sqs import SqsClient, SqsSender

_log = logging.getLogger(__name__)
_MESSAGE = "{}"


class SqsWakeUps:
    """Implements `WakeUps` with Amazon SQS, whose messages invoke the function for webhooks."""

    def __init__(self, make_client: Callable[[], SqsClient], queue_url: str) -> None:
        self._sender = SqsSender(make_client, queue_url)

    async def send(self) -> None:
        """See `WakeUps.send`."""
        try:
            await self._sender.send(_MESSAGE)
        except Exception:
            _log.exception("Asking for webhooks to be sent failed. The schedule does it, too.")

    async def wait(self, seconds: float) -> None:
        """See `WakeUps.wait`. Another process gets the messages."""
        await asyncio.sleep(seconds)


class InProcessWakeUps:
    """Implements `WakeUps` for a process that both accepts events and sends them."""

    def __init__(self) -> None:
        self._woken = asyncio.Event()

    async def send(self) -> None:
        """See `WakeUps.send`. If nobody waits now, the next one to wait does not."""
        self._woken.set()

    async def wait(self, seconds: float) -> None:
        """See `WakeUps.wait`."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)
        self._woken.clear()
