"""The media worker and the stack are killed while files are processed, and decoders never end.

Nothing may be lost: in the end, each file has its facts, and the bucket has no other derived file.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest
from mypy_boto3_s3 import S3Client

from gql_api.adapters.media.confinement import LIMITS
from gql_api.adapters.media.decoding import decode
from gql_api.adapters.s3.client import session
from gql_api.adapters.s3.media_objects import S3MediaObjects
from gql_api.container import Container
from gql_api.domain.media import Derived, Refusal, RenditionName
from gql_api.domain.processing import FACTS_NAME, DerivedFile, derived_file, file_name
from gql_api.domain.uploads import upload_name_of
from gql_api.media_server import MediaServer
from gql_api.services.derivation import Derivation
from local import ports
from local.gateway import Gateway
from tests import random_work
from tests.adapters.media import samples
from tests.adapters.media.test_hostile import laughs
from tests.api import Api, Json, new_user
from tests.conftest import Connect
from tests.faults.events import passed_to
from tests.faults.proxy import Connection
from tests.faults.service import BOUND_SECONDS, BoundedApi, Service
from tests.local.stack_process import WORKER
from tests.storage_events import EventHub, Events

# Only the worker reads that much at once.
FIRST_READ = rb"(?is)GET /\S*%s.*\r\nrange: bytes=0-262143\r\n"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
DEATHS_PER_LIFE = 3
UPLOADS = """{ uploads(first: 100) { nodes {
  id processing processingError media { width height pages durationSeconds }
  thumbnail: rendition(name: THUMBNAIL) { name } preview: rendition(name: PREVIEW) { name }
} } }"""


class File(NamedTuple):
    """A file to upload. Pictures are derived from all but sounds."""

    name: str
    content_type: str
    data: bytes

    @property
    def derived(self) -> set[str]:
        """The names of the files that are derived from it."""
        pictures = () if self.content_type.startswith("audio/") else RenditionName
        return {*map(file_name, pictures), FACTS_NAME}


def files() -> list[File]:
    """Return a small file of each kind."""
    picture = samples.picture()
    turned = samples.encoded(samples.stored(6), "JPEG", exif=samples.exif(6, location=True))
    return [
        File("a.jpg", "image/jpeg", turned),
        File("b.png", "image/png", samples.encoded(picture, "PNG")),
        File("c.webp", "image/webp", samples.encoded(picture, "WEBP")),
        File("d.heic", "image/heic", samples.heic(picture)),
        File("e.pdf", "application/pdf", samples.pdf()),
        File("f.mp4", "video/mp4", samples.video()),
        File("g.webm", "video/webm", samples.video("webm", "libvpx", None, frames=5)),
        File("h.flac", "audio/flac", samples.audio("flac", "flac")),
    ]


class Moment(NamedTuple):
    """A request of the worker, before it arrives or before its answer does."""

    side: str
    request: bytes


MOMENTS = [
    Moment(side, request)
    for request in (
        FIRST_READ % b"",
        rb"PUT /\S*/thumbnail\.webp",
        rb"PUT /\S*/preview\.webp",
        rb"PUT /\S*/facts\.json",
    )
    for side in ("before", "after")
]


class Killer:
    """Kills the media worker of a service with `kill -9`, never the same one twice."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.killed: list[int] = []

    def kill(self) -> bool:
        """Kill the worker; returns whether there was one."""
        with suppress(FileNotFoundError):  # One that ends while it is looked at.
            pid = self._service.process.children().get(WORKER)
            if pid is not None and pid not in self.killed:
                os.kill(pid, signal.SIGKILL)
                self.killed.append(pid)
                return True
        return False

    async def kill_at(self, moment: Moment) -> None:
        """Kill the worker at its next request of this kind."""
        done = asyncio.Event()

        def arm() -> None:
            getattr(self._service.storage, moment.side)(moment.request, spring)

        def spring(_connection: Connection) -> None:
            # The request may be one that a killed worker has sent.
            done.set() if self.kill() else arm()

        arm()
        async with asyncio.timeout(2 * BOUND_SECONDS):
            await done.wait()

    async def kill_after(self, seconds: float) -> None:
        """Kill the worker at any moment."""
        await asyncio.sleep(seconds)
        while not self.kill():  # noqa: ASYNC110 - another process starts it.
            await asyncio.sleep(0.05)


@pytest.fixture
def events(service: Service, event_hub: EventHub) -> Iterator[None]:
    """Pass the events of the bucket to the service."""
    with passed_to(service, event_hub):
        yield


@pytest.fixture
async def killer(service: Service, events: None) -> Killer:
    """Kills the worker of a stack in which none has died yet: it bears four deaths a minute."""
    await service.kill()
    await service.start()
    return Killer(service)


async def store(user: Api, file: File) -> str:
    """Upload a file; return the upload's id."""
    stored = await user.store(file.data, filename=file.name, contentType=file.content_type)
    return str(stored["id"])


async def processed(user: Api, seconds: float = 3 * BOUND_SECONDS) -> dict[str, Json]:
    """Return all uploads of the user by their id, as soon as none is waiting."""
    async with asyncio.timeout(seconds):
        while True:
            nodes: Sequence[Json] = (await user.data(UPLOADS))["uploads"]["nodes"]
            if all(node["processing"] != "PENDING" for node in nodes):
                return {node["id"]: node for node in nodes}
            await asyncio.sleep(0.2)


async def five_minutes_pass(service: Service, owner: str, connect: Connect, url: str) -> None:
    """Make the uploads due whose message may be lost, as after five minutes."""
    uploads = connect(url, service.db_name)["uploads"]
    waiting = {"owner": owner, "processing": "PENDING"}
    await uploads.update_many(waiting, {"$set": {"check_at": LONG_AGO}})


def derived_files(s3_client: S3Client, bucket: str, prefix: str) -> list[DerivedFile]:
    """Return the files derived from this service's uploads; fail if there is any other key.

    The keys of other tests' files have other prefixes.
    """
    pages = s3_client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
    derived = []
    for key in keys:
        file = derived_file(f"{prefix}-renditions", key)
        if file is not None:
            derived.append(file)
        else:
            assert upload_name_of(prefix, key) is not None, key
    return derived


def in_group(group: int) -> list[int]:
    """Return the running processes of a process group, which decoders share with their worker."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            state, _parent, of_group, *_ = path.read_text().rpartition(")")[2].split()
            if int(of_group) == group and state != "Z":
                found.append(int(path.parent.name))
    return found


async def test_a_file_that_ends_its_worker_three_times_delays_no_other(
    service: Service, user: BoundedApi, killer: Killer
) -> None:
    """The kernel may end the worker, if a file takes more memory than the machine has."""
    fatal, *others = files()

    def spring(_connection: Connection) -> None:
        killer.kill()
        service.storage.after(FIRST_READ % upload_id.encode(), spring)

    ticket = await user.request_and_send(
        fatal.data, filename=fatal.name, contentType=fatal.content_type
    )
    upload_id = ticket["id"]
    service.storage.after(FIRST_READ % upload_id.encode(), spring)
    await user.complete_upload(upload_id)
    ids = await asyncio.gather(*(store(user, file) for file in others))

    found = await processed(user)

    service.storage.heal()
    assert found[upload_id]["processing"] == "FAILED"
    assert "failed or took too long" in found[upload_id]["processingError"]
    assert {found[id]["processing"] for id in ids} == {"DONE"}
    assert len(killer.killed) == 3
    # The stack goes on, and so does its worker.
    again = await store(user, others[0])
    assert (await processed(user))[again]["processing"] == "DONE"


@pytest.mark.random
async def test_whatever_is_killed_nothing_is_lost(
    service: Service,
    user: BoundedApi,
    killer: Killer,
    connect: Connect,
    mongod_url: str,
    s3_client: S3Client,
    bucket_name: str,
) -> None:
    random = random_work.generator(1719)
    moments: list[Moment | None] = [*MOMENTS, None]
    random.shuffle(moments)
    lives = 1 if random_work.SOAK_FACTOR == 1 else len(moments) // DEATHS_PER_LIFE
    uploaded: dict[str, File] = {}
    owner = (await user.data("{ viewer { id } }"))["viewer"]["id"]
    for _ in range(lives):
        batch = files()
        ids = asyncio.gather(*(store(user, file) for file in batch))
        for _ in range(DEATHS_PER_LIFE):
            moment = moments.pop()
            if moment is not None:
                await killer.kill_at(moment)
            else:
                await killer.kill_after(random.uniform(0, 1))
        uploaded |= dict(zip(await ids, batch, strict=True))
        await asyncio.sleep(random.uniform(0, 1))
        await service.kill()  # Its worker ends with it, and what it has not sent is lost.
        await five_minutes_pass(service, owner, connect, mongod_url)
        await service.start()  # A stack begins with a sweep.

    found = await processed(user)

    assert {id: it["processing"] for id, it in found.items()} == dict.fromkeys(uploaded, "DONE")
    derived = derived_files(s3_client, bucket_name, service.key_prefix)
    for id, file in uploaded.items():
        its = [it for it in derived if it.upload_id == id]
        assert {it.name for it in its} == file.derived, file.name
        assert len({it.folder for it in its}) == 1
        pictures = [found[id][name] for name in ("thumbnail", "preview")]
        assert all(pictures) == (len(file.derived) > 1), file.name
    logs = (service.directory / ".local" / "media").iterdir()
    assert {path.name for path in logs} <= {"worker.log", "worker.log.1"}
    assert not any(pid for group in killer.killed for pid in in_group(group))


# ---------------------------------------------------------------- decoders that never end


class OnePatience:
    """Decodes files as the media function does, but waits only a second for one of them."""

    def __init__(self, hanging: bytes) -> None:
        self._hanging = hanging
        self.attempts = 0

    def __call__(
        self, fetch: Callable[[int, int], bytes], size_bytes: int
    ) -> Derived | Refusal | None:
        if size_bytes != len(self._hanging):
            return decode(fetch, size_bytes)
        self.attempts += 1
        return decode(fetch, size_bytes, LIMITS._replace(elapsed_seconds=1))


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """The environment of a service with a media worker."""
    url = f"http://{ports.HOST}:{ports.free_port()}"
    return environment | {"MEDIA_WORKER_URL": url, "MEDIA_WORKER_TOKEN": "t" * 32}


@pytest.fixture
def patience(container: Container, gateway: Gateway) -> Iterator[OnePatience]:
    """The decoding of a worker that serves the test's service."""
    settings, patience = container.settings, OnePatience(laughs())
    keys = session(gateway.region, gateway.keys.access_key_id, gateway.keys.secret_access_key)
    prefix = settings.uploads.key_prefix
    derivation = Derivation(
        objects=S3MediaObjects(
            bucket=settings.s3_bucket, endpoint_url=gateway.endpoint_url, session=keys
        ),
        decode=patience,
        key_prefix=prefix,
        renditions_prefix=settings.uploads.renditions_prefix,
    )
    address = urlsplit(settings.media_worker_url or "")
    token = settings.media_worker_token or ""
    with MediaServer(
        str(address.hostname), address.port or 0, derivation.derive, token
    ) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        yield patience
        listening.shutdown()
        thread.join()


async def test_a_file_whose_decoder_hangs_three_times_delays_no_other(
    container: Container,
    client: httpx.AsyncClient,
    patience: OnePatience,
    storage_events: Events,
) -> None:
    user = await new_user(client)
    hanging = File("hangs.pdf", "application/pdf", laughs())
    others = files()
    ids = [await store(user, file) for file in (hanging, *others)]

    found = await processed(user)

    await container.media_queue.close()
    assert found[ids[0]]["processing"] == "FAILED"
    assert "failed or took too long" in found[ids[0]]["processingError"]
    assert patience.attempts == 3
    assert {found[id]["processing"] for id in ids[1:]} == {"DONE"}
