"""Storage events in tests: routes the S3 server's webhook to the tests by key prefix."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

Event = Mapping[str, Any]
Handle = Callable[[Event], Awaitable[object]]

_DEADLINE_SECONDS = 60  # Events take about three seconds; the limit only stops a hanging test.


@dataclass
class Events:
    """The events about the keys of one test, after the service has handled them."""

    handle: Handle
    received: list[Event] = field(default_factory=list)
    _arrival: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def deliver(self, event: Event) -> None:
        """Pass the event to the service, then record it."""
        await self.handle(event)
        async with self._arrival:
            self.received.append(event)
            self._arrival.notify_all()

    async def wait_for(self, count: int = 1) -> list[Event]:
        """Return all events as soon as there are at least `count`."""
        async with asyncio.timeout(_DEADLINE_SECONDS), self._arrival:
            await self._arrival.wait_for(lambda: len(self.received) >= count)
        return self.received


class EventHub:
    """Passes each event to the test that owns its key prefix; drops all others."""

    def __init__(self) -> None:
        self._by_prefix: dict[str, Events] = {}

    def join(self, prefix: str, events: Events) -> None:
        """Send the events of keys under `prefix` to `events`."""
        self._by_prefix[prefix] = events

    def leave(self, prefix: str) -> None:
        """Stop passing on the events of `prefix`."""
        del self._by_prefix[prefix]

    async def handle(self, event: Event) -> None:
        """Handle an event from the webhook."""
        key = unquote_plus(event["Records"][0]["s3"]["object"]["key"])
        events = self._by_prefix.get(key.partition("/")[0])
        if events is not None:
            await events.deliver(event)
