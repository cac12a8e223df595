"""The real servers of the tests: one MongoDB and one S3 server, once a worker."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from local import ports
from local.gateway import Gateway, KeyPair, Webhook
from local.mongod import Mongod
from local.server import Server
from local.webhook import PATH, StorageEventsWebhook, nothing_else
from tests.storage_events import EventHub

_WEBHOOK_TOKEN = "token-of-the-tests"


@pytest.fixture(scope="session")
def server_directory() -> Iterator[Path]:
    """Where the servers keep their data; deleted at the end, for it holds hundreds of MiB."""
    with tempfile.TemporaryDirectory(prefix="media-tests-") as directory:
        yield Path(directory)


@pytest.fixture(scope="session")
async def mongod_url(server_directory: Path) -> AsyncIterator[str]:
    """The URL of a MongoDB replica set."""
    mongod = Mongod(server_directory / "mongodb", ports.free_port())
    try:
        await mongod.start()
        await mongod.ready()
        yield mongod.url
    finally:
        await mongod.stop()


@pytest.fixture(scope="session")
async def event_hub() -> EventHub:
    """Where the events of the S3 server arrive; tests use `storage_events`."""
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
    """Has all boto3 clients share what botocore reads of S3 from its files.

    Each test has a client of its own; to parse 1 MiB of JSON for each took half of the tests' time.
    """
    from botocore import loaders

    shared = loaders.create_loader()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.session.create_loader", lambda _path: shared)
        yield


@pytest.fixture(scope="session")
async def bucket_name(gateway: Gateway, parsed_once: None) -> str:
    """A bucket that is there; all tests of a worker share it."""
    await gateway.create_bucket("media")
    return "media"


@pytest.fixture(scope="session")
def spare_databases() -> list[str]:
    """Names of databases that no test uses: empty, but with their indexes.

    To make the indexes takes 0.2 s and to drop them another 0.1 s; to empty a database, 3 ms.
    """
    return []
