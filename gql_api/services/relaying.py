"""The relay: hands the events of uploads over to their sink, and takes them out of their outboxes.

A change and its event are one update, so an event exists if, and only if, its change does. The
process that made the change has it relayed at once. If it dies before, or the sink does not
respond, the event stays in the outbox, and the sweep relays it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import cast

from gql_api.domain.clock import Clock
from gql_api.domain.outbox import OVERDUE_AFTER, EventSwitch, Outbox, RelayQueue
from gql_api.domain.upload_events import EventSink
from gql_api.domain.upload_store import UploadStore
from gql_api.domain.uploads import Upload, UploadName, UploadStatus
from gql_api.services.sweep_report import SweepReport
from gql_api.services.turns import HasTime

_log = logging.getLogger(__name__)

_CHANGES = frozenset({"transition", "note_replaced", "note_processing", "update_details"})
SWITCH_SECONDS = 10.0


class RelayService:
    """Relays events at least once, and those of one upload in the order of their versions.

    Two relays of one upload at the same time may both hand an event over, the slower one after
    later events: the sink knows it by its id.
    """

    def __init__(self, *, outbox: Outbox, sink: EventSink, clock: Clock, batch: int = 100) -> None:
        self._outbox = outbox
        self._sink = sink
        self._clock = clock
        self._batch = batch

    async def relay(self, names: Iterable[UploadName]) -> int:
        """Relay all events of these uploads; returns their number.

        Raises:
            Unavailable: the sink did not take them, or the database does not respond.
        """
        events = await self._outbox.waiting(names)
        if events:
            await self._sink.accept(events)
            # If this fails, they are handed over again, with the same ids.
            await self._outbox.remove(events)
        return len(events)

    async def relay_waiting(self) -> None:
        """Relay what is in outboxes, overdue or not, the oldest first.

        Raises:
            Unavailable: the sink did not take them, or the database does not respond.
        """
        await self.relay(await self._outbox.overdue(self._clock() + OVERDUE_AFTER, self._batch))

    async def relay_overdue(self, report: SweepReport, has_time: HasTime) -> None:
        """Relay what no process has relayed, the longest overdue first; a step of the sweep."""
        while has_time():
            names = await self._outbox.overdue(self._clock(), self._batch)
            if not names:
                return
            report.events_relayed += await self.relay(names)


def relayed(uploads: UploadStore, queue: RelayQueue, *, leaves_stored: bool = False) -> UploadStore:
    """Return the store, which then has the events of each change relayed.

    With `leaves_stored`, it leaves an upload that becomes STORED to the storage event of its
    object, with which `StorageEventService` has it relayed in any case. So completeUpload need not
    wait for a message to be sent.
    """
    return cast(UploadStore, _Relayed(uploads, queue, leaves_stored))


class _Relayed:
    def __init__(self, uploads: UploadStore, queue: RelayQueue, leaves_stored: bool) -> None:
        self._uploads = uploads
        self._queue = queue
        self._leaves_stored = leaves_stored

    def __getattr__(self, name: str) -> Callable[..., Awaitable[object]]:
        method: Callable[..., Awaitable[object]] = getattr(self._uploads, name)
        used = self._announcing(method) if name in _CHANGES else method
        setattr(self, name, used)
        return used

    def _announcing(
        self, method: Callable[..., Awaitable[object]]
    ) -> Callable[..., Awaitable[object]]:
        async def change(*args: object, **kwargs: object) -> object:
            changed = await method(*args, **kwargs)
            if isinstance(changed, Upload) and not self._is_left(changed, *args):
                await self._announce(changed.name)
            return changed

        return change

    def _is_left(self, changed: Upload, before: object, *_more: object) -> bool:
        was_pending = isinstance(before, Upload) and before.status is UploadStatus.PENDING
        return self._leaves_stored and was_pending and changed.status is UploadStatus.STORED

    async def _announce(self, name: UploadName) -> None:
        try:
            await self._queue.send([name])
        except Exception:
            # The change is made. Its caller must not believe that it failed.
            _log.exception("The relay was not asked for events. The sweep will relay them.")


class SwitchedQueue:
    """Implements `RelayQueue`: uses another queue while anybody wants events."""

    def __init__(self, queue: RelayQueue, wants_events: EventSwitch) -> None:
        self._queue = queue
        self._wants_events = wants_events

    async def send(self, names: Sequence[UploadName]) -> None:
        """See `RelayQueue.send`."""
        if await self._wants_events():
            await self._queue.send(names)

    async def finish(self) -> None:
        """See `RelayQueue.finish`."""
        await self._queue.finish()

    async def close(self) -> None:
        """See `RelayQueue.close`."""
        await self._queue.close()


async def always_wanted() -> bool:
    """Implement `EventSwitch` for a sink that takes all events."""
    return True


class CachedSwitch:
    """Implements `EventSwitch`: asks whether anybody wants events once in a few seconds.

    Without webhooks, outboxes stay empty, and a change costs nothing more. A new webhook gets all
    events that happen `SWITCH_SECONDS` after it was added.
    """

    def __init__(
        self, ask: Callable[[], Awaitable[bool]], timer: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask = ask
        self._timer = timer
        self._wanted = False
        self._ask_again_at = float("-inf")
        self._asking: asyncio.Task[None] | None = None

    async def __call__(self) -> bool:
        """See `EventSwitch`.

        Raises:
            Unavailable: the database does not respond.
        """
        if self._timer() >= self._ask_again_at:
            # All changes of a batch wait for one answer, and go on together.
            self._asking = self._asking or asyncio.create_task(self._ask_now())
            await asyncio.shield(self._asking)
        return self._wanted

    async def _ask_now(self) -> None:
        try:
            self._wanted = await self._ask()
            self._ask_again_at = self._timer() + SWITCH_SECONDS
        finally:
            self._asking = None
