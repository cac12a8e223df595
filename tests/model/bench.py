"""The real services for the state machine, run in a thread with its own event loop.

Hypothesis calls the rules of the machine synchronously, one after another.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import httpx
import hypothesis

from gql_api import bootstrap
from gql_api.domain.presigner import PresignedRequest
from gql_api.domain.uploads import Checksum
from gql_api.settings import Settings
from local.gateway import Gateway
from tests.clock import SettableClock
from tests.services.dying import Fuse, Process, presigner
from tests.services.media_world import MediaFunction, with_media
from tests.services.relay_world import Sink
from tests.services.world import World

T = TypeVar("T")


class RealTimeSigner:
    """Sign at the real time, because the S3 server has no settable clock.

    `expires_at` is in the time of the settable clock. The machine never sends to an expired URL;
    other tests show that S3 rejects one.
    """

    def __init__(self, world: World) -> None:
        self._inner = presigner(world)

    def put_object(
        self,
        key: str,
        size_bytes: int,
        content_type: str,
        checksum: Checksum | None,
        *,
        at: datetime,
        ttl_seconds: int,
    ) -> PresignedRequest:
        real = bootstrap.utc_now()
        signed = self._inner.put_object(
            key, size_bytes, content_type, checksum, at=real, ttl_seconds=900
        )
        return _expiring(signed, at, ttl_seconds)

    def upload_parts(
        self,
        key: str,
        multipart_id: str,
        parts: Iterable[tuple[int, int, str | None]],
        *,
        at: datetime,
        ttl_seconds: int,
    ) -> Sequence[PresignedRequest]:
        real = bootstrap.utc_now()
        signed = self._inner.upload_parts(key, multipart_id, parts, at=real, ttl_seconds=900)
        return [_expiring(request, at, ttl_seconds) for request in signed]

    def get_object(
        self,
        key: str,
        content_type: str,
        content_disposition: str,
        *,
        at: datetime,
        ttl_seconds: int,
    ) -> PresignedRequest:
        return self._inner.get_object(
            key, content_type, content_disposition, at=at, ttl_seconds=ttl_seconds
        )

    def get_rendition(self, key: str, content_type: str, *, at: datetime) -> PresignedRequest:
        return self._inner.get_rendition(key, content_type, at=at)


def _expiring(request: PresignedRequest, at: datetime, ttl_seconds: int) -> PresignedRequest:
    return request._replace(expires_at=at + timedelta(seconds=ttl_seconds))


@dataclass
class Bench:
    """The world of the machine, and the event loop that its thread runs coroutines on."""

    runner: asyncio.Runner
    world: World
    signer: RealTimeSigner
    function: MediaFunction
    steps: int = 0
    examples: int = 0
    reached: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        reached = ", ".join(f"{what} {count}" for what, count in sorted(self.reached.items()))
        return f"{self.steps} steps in {self.examples} examples; {reached}"

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run the coroutine and return its result."""
        return self.runner.run(work)

    def process(self, fuse: Fuse, sink: Sink) -> Process:
        """Return services as after a restart; they die when the fuse blows."""
        return Process(self.world, fuse, self.signer, sink=sink)

    async def clean(self) -> None:
        """Delete all records, objects and multipart uploads before the next example.

        The deployment stays prepared, and the bucket its own.
        """
        world = self.world
        for name in await world.container.database.list_collection_names():
            if name != "deployment":
                await world.container.database[name].delete_many({})
        for key in await world.objects():
            await world.container.bucket.delete(key)
        await world.container.settling.looks.derived.delete(await world.derived())
        self.function.requests.clear()
        for key, multipart_id in await world.multiparts():
            await world.container.bucket.abort_multipart(key, multipart_id)
        world.owner_ids.clear()


# Takes the settings and an optional seed.
Run = Callable[[hypothesis.settings, int | None], Awaitable[Bench]]


def on_bench(settings: Settings, gateway: Gateway, work: Callable[[Bench], T]) -> T:
    """Call `work` with a bench and return its result. Needs a thread without an event loop."""
    with asyncio.Runner() as runner:
        bench, close = runner.run(_set_up(settings, gateway, runner))
        try:
            return work(bench)
        finally:
            runner.run(close())


async def _set_up(
    settings: Settings, gateway: Gateway, runner: asyncio.Runner
) -> tuple[Bench, Callable[[], Coroutine[Any, Any, None]]]:
    clock = SettableClock(bootstrap.utc_now())
    container = bootstrap.build(settings, clock)
    await container.preparation.prepare(print)
    # `make soak` repeats this with a new database, which would not know the bucket.
    await container.deployment.adopt()
    http = httpx.AsyncClient(trust_env=False, timeout=60, verify=False)
    world = World(container, clock, gateway.client(), http)

    async def close() -> None:
        await container.database.client.drop_database(container.database.name)
        await container.close()
        await http.aclose()
        world.s3.close()

    return Bench(runner, world, RealTimeSigner(world), with_media(world)), close
