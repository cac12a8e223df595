"""A world whose events are relayed, and a sink that may fail."""

from __future__ import annotations

from collections.abc import Sequence

from gql_api import bootstrap
from gql_api.domain.errors import Unavailable
from gql_api.domain.upload_events import UploadEvent
from tests.services.world import World


class Sink:
    """Implements `EventSink`: remembers the events; `fails` and `dies` say what goes wrong."""

    def __init__(self) -> None:
        self.events: list[UploadEvent] = []
        self.fails = False
        self.dies: BaseException | None = None

    async def accept(self, events: Sequence[UploadEvent]) -> None:
        if self.fails:
            raise Unavailable("database")
        self.events += events
        if self.dies is not None:
            raise self.dies

    def first_of_each(self) -> dict[str, list[UploadEvent]]:
        """Return the events without repetitions, by upload, in the order of their arrival."""
        known: dict[str, UploadEvent] = {}
        for event in self.events:
            same = known.setdefault(event.id, event)
            assert (same.type, same.version, same.at) == (event.type, event.version, event.at)
        by_upload: dict[str, list[UploadEvent]] = {}
        for event in known.values():
            by_upload.setdefault(event.upload.id, []).append(event)
        return by_upload


class Relaying:
    """A world whose services write events, and whose process relays them to `sink`."""

    def __init__(self, world: World, sink: Sink) -> None:
        self.sink = sink
        own = bootstrap.build(world.container.settings, world.clock, sink=sink)
        self.container = own
        self.world = World(own, world.clock, world.s3, world.http, world.owner_ids)

    async def relayed(self) -> list[UploadEvent]:
        """Return the events that have arrived when nothing waits any more in this process."""
        await self.container.relay_queue.finish()
        return self.sink.events

    async def waiting(self) -> int:
        """Return how many records have events."""
        return await self.container.database["uploads"].count_documents(
            {"owner": {"$in": self.world.owner_ids}, "outbox": {"$exists": True}}
        )
