"""All processes are killed at random while uploads change: no change and no event is lost."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import httpx
import pytest

from gql_api import bootstrap
from gql_api.adapters.mongo.database import connect
from gql_api.adapters.mongo.documents import to_upload
from gql_api.bootstrap import utc_now
from gql_api.domain.deliveries import DeliveryState
from gql_api.domain.processing import ProcessingStatus
from gql_api.domain.uploads import UploadStatus
from gql_api.settings import read_settings
from gql_api.webhook_builder import webhook_sending
from local import ports
from local.data import kept_ports
from local.gateway import Gateway
from local.mongod import Mongod
from tests.adapters.media import samples
from tests.api import Json, send
from tests.clock import SettableClock
from tests.faults.events import passed_to, secrets
from tests.faults.processes import kill_and_restart, own_mongod
from tests.faults.service import BOUND_SECONDS, BoundedApi, Retryable, Service, running_service
from tests.random_work import SOAKING, generator
from tests.schema.test_changes import all_changes, changes
from tests.storage_events import EventHub
from tests.webhook_records import Webhooks

ROOT = Path(__file__).parents[2]
UPLOADS, KILLS = (2000, 30) if SOAKING else (64, 4)
WORKERS = 4
VICTIMS = ("api", "relay", "receiver", "mongod")
ENDINGS = (
    *("store", "leave", "reject", "cancel", "expire", "trash", "restore", "delete", "process"),
)
REACHED = set(UploadStatus) - {UploadStatus.PENDING}
LATER = timedelta(days=8)  # Uploads that are pending have then expired.
PAGE = 20
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class Child:
    """A process that is killed and started again."""

    def __init__(self, *command: str, environment: Mapping[str, str] | None = None) -> None:
        self._command = (sys.executable, "-m", *command)
        self._environment = {"PATH": os.environ["PATH"], **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        self._process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """Kill it; it must not have ended by itself."""
        assert self._process is not None
        assert self._process.poll() in (None, -signal.SIGKILL)
        self._process.kill()
        self._process.wait()


class World:
    """All processes, and what the receiver got."""

    def __init__(
        self, service: Service, mongod: Mongod, directory: Path, settings: dict[str, str]
    ) -> None:
        self.service = service
        self.mongod = mongod
        self.settings = settings
        self.file = directory / "received.txt"
        port = ports.free_port()
        self.url = f"http://{ports.HOST}:{port}/"
        self.receiver = Child("tests.faults.receiving", str(port), str(self.file))
        self.relay = Child("tests.faults.relaying", environment=settings)

    @property
    def received(self) -> list[str]:
        """The ids of the events, in the order of their arrival."""
        return self.file.read_text().splitlines()

    async def kill(self, name: str) -> None:
        """Kill a process and start it again."""
        if name == "api":
            await self.service.kill()
            await self.service.start()
        elif name == "mongod":
            await kill_and_restart(self.mongod)
        else:
            child = self.receiver if name == "receiver" else self.relay
            child.kill()
            child.start()


@pytest.fixture
async def world(
    tmp_path: Path,
    gateway: Gateway,
    bucket_name: str,
    environment: dict[str, str],
    event_hub: EventHub,
) -> AsyncIterator[World]:
    """A service with a webhook and the bucket's events, on a MongoDB server of its own."""
    async with (
        own_mongod(tmp_path / "mongod") as mongod,
        running_service(tmp_path, mongod.url, gateway, bucket_name) as service,
    ):
        port = kept_ports(service.directory / ".local").media_worker
        settings = environment | {
            "MEDIA_WORKER_URL": f"http://{ports.HOST}:{port}",
            "MEDIA_WORKER_TOKEN": secrets(service)["media_token"],
            "DB_URL": mongod.url,
            "DB_NAME": service.db_name,
            "S3_KEY_PREFIX": service.key_prefix,
            "WEBHOOK_ALLOWED_HOSTS": ports.HOST,
            "CHANGES_KEPT_DAYS": "30",
        }
        world = World(service, mongod, tmp_path, settings)
        database = connect(mongod.url, service.db_name)
        await Webhooks(database, SettableClock(utc_now())).add(world.url)
        await database.client.close()
        await world.kill("api")  # It remembers for a while that there was no webhook.
        world.receiver.start()
        world.relay.start()
        try:
            with passed_to(service, event_hub):
                yield world
        finally:
            world.receiver.kill()
            world.relay.kill()


class Client:
    """Takes uploads through their states, and repeats each step until it is answered.

    `cursors` has those that it was given on the way, with the versions that it had seen by then.
    """

    def __init__(self, user: BoundedApi) -> None:
        self.user = user
        self.cursors: list[tuple[str | None, dict[str, int]]] = [(None, {})]
        self.done = 0

    async def insist(self, step: Callable[[], Awaitable[Json]]) -> Json:
        """Return the answer to a step, which may be made more than once."""
        while True:
            try:
                return await step()
            except (Retryable, httpx.TransportError, TimeoutError):
                await asyncio.sleep(0.05)  # Until a process has been restarted.

    async def live(self, number: int) -> None:
        """Take one upload through some states."""
        ending = ENDINGS[number % len(ENDINGS)]
        data = PICTURE if ending == "process" else f"upload {number}".encode()
        declared = DECLARED.get(ending, TEXT)
        ticket = await self.insist(
            lambda: self.user.request_upload(
                len(data), clientToken=f"token-{number:020}", **declared
            )
        )
        upload = ticket["upload"]
        id = upload["id"]
        if ending == "cancel":
            await self.insist(lambda: self.user.cancel_upload(id))
        elif ending != "expire":
            await send(upload["transfer"]["parts"][0], data)
            if ending != "leave":
                await self.insist(lambda: self.user.complete_upload(id))
                await self._change(id, ending)
        self.done += 1

    async def read_on(self) -> None:
        """Read a page of the feed after the latest cursor, and keep where it ends."""
        cursor, seen = self.cursors[-1]
        page = await self.insist(lambda: changes(self.user, first=PAGE, after=cursor))
        new = {node["id"]: node["version"] for node in page["nodes"]}
        self.cursors.append((page["endCursor"], seen | new))

    async def _change(self, id: str, ending: str) -> None:
        if ending in ("store", "trash"):
            await self.insist(lambda: self.user.update_upload(id, filename="b.txt"))
        if ending in ("trash", "restore"):
            await self.insist(lambda: one(self.user.trash_uploads([id])))
        if ending == "restore":
            await self.insist(lambda: one(self.user.restore_uploads([id])))
        if ending == "delete":
            await self.insist(lambda: self.user.delete_upload(id))


TEXT = {"filename": "a.txt", "content_type": "text/plain"}
OTHER = base64.b64encode(hashlib.sha256(b"other bytes").digest()).decode()
DECLARED: dict[str, Json] = {
    "reject": {**TEXT, "checksum": {"algorithm": "SHA256", "value": OTHER}},
    "process": {"filename": "a.png", "content_type": "image/png"},
}
PICTURE = samples.encoded(samples.picture(), "PNG")


async def one(results: Awaitable[list[Json]]) -> Json:
    [result] = await results
    return result


async def work(client: Client, numbers: Iterator[int]) -> None:
    """Take uploads through their states, one after another."""
    for number in numbers:
        await client.live(number)
        if number % 10 == 0:
            await client.read_on()


def planned(random: Random) -> list[tuple[float, str]]:
    """Return after how many uploads each kill comes, and which process it hits."""
    victims = [VICTIMS[number % len(VICTIMS)] for number in range(KILLS)]
    random.shuffle(victims)
    distance = UPLOADS / KILLS
    return [(distance * (n + random.random()), victim) for n, victim in enumerate(victims)]


async def kill_as_planned(world: World, client: Client, plan: list[tuple[float, str]]) -> None:
    """Kill processes while the client works, each as often."""
    for moment, victim in plan:
        while client.done < moment:  # noqa: ASYNC110 - several tasks count.
            await asyncio.sleep(0.01)
        await world.kill(victim)


@pytest.mark.random
async def test_nothing_is_lost_whatever_is_killed(world: World) -> None:
    plan = planned(generator(18))
    client = Client(await user_of(world.service))
    numbers = iter(range(UPLOADS))
    async with asyncio.TaskGroup() as group:
        group.create_task(kill_as_planned(world, client, plan))
        for _ in range(WORKERS):
            group.create_task(work(client, numbers))
    await until_processed(world)
    world.relay.kill()
    await world.service.kill()  # What it has claimed, it must not send later.
    await settle(world)
    await world.service.start()

    database = connect(world.mongod.url, world.service.db_name)
    uploads = [to_upload(row) async for row in database["uploads"].find()]
    await database.client.close()
    versions = {upload.id: upload.version for upload in uploads}
    assert len(versions) == UPLOADS
    each = UPLOADS // len(ENDINGS)
    reached = Counter(upload.status for upload in uploads)
    assert all(reached[status] >= each for status in REACHED), reached
    assert sum(upload.processing.status is ProcessingStatus.DONE for upload in uploads) >= each
    assert_received(world.received, versions)
    for cursor, seen in client.cursors:
        for node in await all_changes(client.user, cursor, 100):
            seen[node["id"]] = node["version"]
        assert seen == versions


async def user_of(service: Service) -> BoundedApi:
    """Return an API client with a key: a soak takes longer than an access token lasts."""
    created = await (await service.new_user()).create_api_key("soak")
    return BoundedApi(service.client, created["token"])


async def until_processed(world: World) -> None:
    """Wait until no upload waits for the media worker, as some minutes later."""
    database = connect(world.mongod.url, world.service.db_name)
    waiting = {"processing": ProcessingStatus.PENDING.value}
    async with asyncio.timeout(BOUND_SECONDS * (1 + UPLOADS // 500)):
        while await database["uploads"].count_documents(waiting):
            await database["uploads"].update_many(waiting, {"$set": {"check_at": LONG_AGO}})
            await asyncio.sleep(1)
    await database.client.close()


async def settle(world: World) -> None:
    """Sweep and send as some hours later, until nothing is left to do."""
    clock = SettableClock(utc_now())
    container = bootstrap.build(read_settings(world.settings), clock)
    deliveries = Webhooks(container.database, clock).deliveries
    clock.advance(seconds=LATER.total_seconds())
    await container.maintenance.sweep()
    await container.relay_queue.finish()
    while await deliveries.list([DeliveryState.PENDING], None, 1):
        await webhook_sending(container, clock).send_due()
        clock.advance(seconds=timedelta(hours=1).total_seconds())
    assert not await container.database["uploads"].count_documents({"outbox": {"$exists": True}})
    await container.database.client.close()


def assert_received(received: list[str], versions: Mapping[str, int]) -> None:
    """Assert that each event arrived, and none before the one before it."""
    expected = {f"{id}-{v}" for id, last in versions.items() for v in range(2, last + 1)}
    assert set(received) == expected
    latest: Counter[str] = Counter(dict.fromkeys(versions, 1))
    for event_id in received:
        id, _, version = event_id.rpartition("-")
        assert int(version) in (latest[id], latest[id] + 1), event_id
        latest[id] = int(version)
