"""The real servers of the tests: one MongoDB server and one S3 server per worker."""

from __future__ import annotations

import copy
import functools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias, cast

import pytest
from mypy_boto3_s3 import S3Client
from pymongo import AsyncMongoClient

from gql_api.adapters.passwords import Argon2Hasher
from gql_api.adapters.s3.client import Session, make_client
from local import ports
from local.gateway import Gateway, KeyPair, Webhook
from local.mongod import Mongod
from local.server import Server
from local.webhook import PATH, StorageEventsWebhook, nothing_else
from tests.storage_events import EventHub

MakeClient: TypeAlias = Callable[[Session, str | None], S3Client]

_WEBHOOK_TOKEN = "token-of-the-tests"
# SQLite, the default, takes more than twice as much CPU time for a request. `make run` keeps it, as
# files of Badger are as large as 2 GB, though mostly holes.
_METADATA = "badger://metadata"
_SHARED_MEMORY = Path("/dev/shm")
_DATA_BYTES_MAX = 4 * 2**30  # Of one worker, with a large margin.


@pytest.fixture(scope="session")
def server_directory() -> Iterator[Path]:
    """The directory of the servers' data: hundreds of MiB, deleted at the end."""
    with tempfile.TemporaryDirectory(prefix="media-tests-", dir=_memory()) as directory:
        yield Path(directory)


def _memory() -> Path | None:
    """Return a directory in memory if it has room, or None for the usual temporary directory."""
    if not os.access(_SHARED_MEMORY, os.W_OK):
        return None
    return _SHARED_MEMORY if shutil.disk_usage(_SHARED_MEMORY).free >= _DATA_BYTES_MAX else None


@pytest.fixture(scope="session")
async def mongod_url(server_directory: Path) -> AsyncIterator[str]:
    """The URL of a MongoDB replica set."""
    mongod = Mongod(server_directory / "mongodb", ports.free_port())
    try:
        await mongod.start()
        await mongod.ready()
        await _acknowledge_before_the_journal(mongod.url)
        yield mongod.url
    finally:
        await mongod.stop()


async def _acknowledge_before_the_journal(url: str) -> None:
    """Let the server acknowledge writes before it has synced its journal.

    Syncing takes half of its CPU time. Only a server that is killed could lose such a write, and
    `tests/faults` kills servers of its own.
    """
    async with AsyncMongoClient[dict[str, Any]](url) as client:
        config = (await client.admin.command("replSetGetConfig"))["config"]
        config["writeConcernMajorityJournalDefault"] = False
        config["version"] += 1
        await client.admin.command("replSetReconfig", config)
        # Without a write after the change, reads of majority-committed data wait ten seconds.
        await client.admin.command("appendOplogNote", data={"tests": "begin"})


@pytest.fixture(scope="session")
async def event_hub() -> EventHub:
    """The receiver of the S3 server's events; tests use `storage_events` instead."""
    return EventHub()


@pytest.fixture(scope="session")
async def gateway(server_directory: Path, event_hub: EventHub) -> AsyncIterator[Gateway]:
    """An S3 server; it has `endpoint_url`, `region`, `keys` and `client()`."""
    app = StorageEventsWebhook(nothing_else, _WEBHOOK_TOKEN, event_hub.handle)
    webhook = Server(app, ports.bound_socket(ports.free_port()))
    server = Gateway(
        server_directory / "s3",
        ports.free_port(),
        KeyPair("local", "secret-of-the-tests"),
        Webhook(webhook.url + PATH, _WEBHOOK_TOKEN),
        _METADATA,
    )
    try:
        await webhook.start()
        await server.start()
        await server.ready()
        yield server
    finally:
        await server.stop()
        await webhook.stop()


@pytest.fixture(scope="session")
def parsed_once() -> Iterator[None]:
    """Let all boto3 clients share the S3 model that botocore reads from its files.

    Each test has its own client. Parsing 1 MiB of JSON for each took half of the tests' time.
    """
    from botocore import loaders

    shared = loaders.create_loader()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.session.create_loader", lambda _path: shared)
        yield


@pytest.fixture(scope="session")
def copied_client(parsed_once: None) -> Iterator[MakeClient]:
    """Makes boto3 clients as `make_client` does, but copies of one: creating one takes 20 ms.

    A copy has its own event handlers. It shares the connections, which a test does not close.
    """
    originals: dict[tuple[object, ...], Any] = {}

    def copied(session: Session, endpoint_url: str | None) -> S3Client:
        arguments = (*session.items(), endpoint_url)
        if arguments not in originals:
            originals[arguments] = make_client(session, endpoint_url)
        client = _twin(originals[arguments])
        client.meta = copy.copy(client.meta)
        client.meta.events = copy.copy(client.meta.events)
        for part in ("_endpoint", "_request_signer"):
            setattr(client, part, _twin(getattr(client, part)))
            getattr(client, part)._event_emitter = client.meta.events
        client.close = lambda: None
        return cast("S3Client", client)

    yield copied
    for original in originals.values():
        original.close()


def _twin(original: Any) -> Any:
    """Return another object with the same attributes.

    `copy` cannot copy a client, which asks itself for attributes that it has not got yet.
    """
    twin = object.__new__(type(original))
    twin.__dict__.update(original.__dict__)
    return twin


@pytest.fixture(scope="session")
def cheap_hashes() -> Iterator[None]:
    """Give the services a hasher that takes 1 ms instead of 30 ms for each password.

    `tests/adapters/test_passwords.py` checks the parameters of a deployment.
    """
    hasher = functools.partial(Argon2Hasher, memory_kib=64, passes=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gql_api.bootstrap.Argon2Hasher", hasher)
        yield


@pytest.fixture(scope="session")
def s3_client(gateway: Gateway, parsed_once: None) -> Iterator[S3Client]:
    """A client of the S3 server with all rights. Creating one takes 15 ms."""
    client = gateway.client()
    yield client
    client.close()


@pytest.fixture(scope="session")
async def bucket_name(gateway: Gateway, parsed_once: None) -> str:
    """The name of an existing bucket that all tests of a worker share."""
    await gateway.create_bucket("media")
    return "media"


@pytest.fixture(scope="session")
def spare_databases() -> list[str]:
    """The names of unused databases, which are empty and have their indexes.

    Creating the indexes takes 0.2 s and dropping them 0.1 s; emptying a database takes 3 ms.
    """
    return []
