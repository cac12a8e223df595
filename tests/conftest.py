"""Real servers for the tests, and a separate service on top of them for each test.

Each xdist worker starts one MongoDB server and one S3 server. Each test has its own database and
its own key prefix in the bucket. The settings are those of a deployment; a test can
override some with `@pytest.mark.settings(USER_QUOTA_BYTES="1000")`.
"""

from __future__ import annotations

import functools
import os
import uuid
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx
import pytest
from pymongo import AsyncMongoClient, monitoring

from gql_api import bootstrap
from gql_api.adapters.metrics import EmbeddedMetrics
from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.database import connect as connect_anew
from gql_api.adapters.mongo.deployment import MongoDeployments
from gql_api.adapters.mongo.schema import MongoSchema
from gql_api.container import Container
from gql_api.domain.deployment import RELEASE
from gql_api.settings import Settings, read_settings
from local.gateway import Gateway
from tests.clock import SettableClock
from tests.issuer import Issuer
from tests.metric_lines import MetricLines
from tests.storage_events import EventHub, Events
from tests.upload_commands import RECORDER

if TYPE_CHECKING:
    from tests.servers import MakeClient

Connect: TypeAlias = Callable[[str, str], Database]

# botocore would sign with awscrt, which the SDK's tests need and no deployment has. It reads this
# when it is imported, which the plugin does.
os.environ["BOTO_DISABLE_CRT"] = "true"
pytest_plugins = ["tests.servers"]

monitoring.register(RECORDER)

# xdist starts tests in order. If a long one starts last, the other worker waits for it.
LONGEST_FIRST = (
    "tests/model/",
    "tests/acceptance/test_files.py",
    "tests/services/test_races.py",
    "client/python/tests/test_scale.py",
    "tests/faults/",
    "tests/local/",
)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "settings(NAME=value, …): settings of the test's service")
    config.addinivalue_line("markers", "random: does random work; `make soak` does more of it")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    """Return the position of the test's file in `LONGEST_FIRST`."""
    ranks = (rank for rank, path in enumerate(LONGEST_FIRST) if item.nodeid.startswith(path))
    return next(ranks, len(LONGEST_FIRST))


@pytest.fixture(scope="session", autouse=True)
def one_schema_per_configuration() -> Iterator[None]:
    """Build each schema once: it takes 50 ms, and does not depend on a test's servers."""
    from gql_api.schema.schema import create_schema

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gql_api.http.app.create_schema", functools.cache(create_schema))
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, None, None]:
    """Fail the test if the service sent a command about uploads that names no owner."""
    yield
    assert RECORDER.take_violations() == []


@pytest.fixture(scope="session", autouse=True)
def requests_have_time() -> Iterator[None]:
    """Give requests as long as the driver has (`deployed_environment`).

    On a busy machine, a request for 250 files may need more than the 8 s of a deployment.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gql_api.http.app.REQUEST_SECONDS", 30.0)
        yield


@pytest.fixture(autouse=True)
def owners_are_named() -> Iterator[None]:
    """Report such commands of the test's fixtures as an error, too."""
    yield
    assert RECORDER.take_violations() == []


@pytest.fixture
def clock() -> SettableClock:
    """The service's clock: `clock.now`, `clock.advance(seconds=…)`."""
    return SettableClock(bootstrap.utc_now())


@pytest.fixture
def key_prefix() -> str:
    """The prefix of all keys of this test."""
    return f"t-{uuid.uuid4().hex}"


def deployed_environment(
    mongod_url: str, gateway: Gateway, bucket_name: str, *, key_prefix: str, db_name: str
) -> dict[str, str]:
    """Return the settings of a deployment on the servers of the tests."""
    return {
        # These tests check results, not response times on a busy machine. `tests/faults` uses the
        # time limits of a deployment.
        "DB_URL": f"{mongod_url}&timeoutMS=30000",
        "DB_NAME": db_name,
        "AWS_ACCESS_KEY_ID": gateway.keys.access_key_id,
        "AWS_SECRET_ACCESS_KEY": gateway.keys.secret_access_key,
        "AWS_DEFAULT_REGION": gateway.region,
        "S3_BUCKET": bucket_name,
        "S3_ENDPOINT_URL": gateway.endpoint_url,
        "S3_KEY_PREFIX": key_prefix,
        "JWT_SECRET_KEY": "key-of-the-tests-" * 4,
        "CORS_ORIGINS": "https://app.test",
        # Tombstones go when no bytes can arrive any more. Tests of the feed keep them.
        "CHANGES_KEPT_DAYS": "0",
    }


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """An OpenID Connect issuer; a test that uses it sets OIDC_ISSUERS to `issuer.settings()`."""
    issuer = Issuer()
    issuer.start()
    yield issuer
    issuer.stop()


@pytest.fixture
def environment(
    request: pytest.FixtureRequest,
    mongod_url: str,
    gateway: Gateway,
    bucket_name: str,
    key_prefix: str,
    spare_databases: list[str],
) -> dict[str, str]:
    """The environment that `settings` are read from."""
    db_name = spare_databases.pop() if spare_databases else f"test-{uuid.uuid4().hex}"
    environment = deployed_environment(
        mongod_url, gateway, bucket_name, key_prefix=key_prefix, db_name=db_name
    )
    for marker in request.node.iter_markers("settings"):
        environment.update(marker.kwargs)
    return environment


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    """The settings of this test's service."""
    return read_settings(environment)


@pytest.fixture(scope="session")
async def connect() -> AsyncIterator[Connect]:
    """Connects to databases with one client per URL: opening and closing one takes 20 ms."""
    clients: dict[str, AsyncMongoClient[dict[str, Any]]] = {}

    def connect(url: str, name: str) -> Database:
        if url not in clients:
            clients[url] = connect_anew(url, name).client
        return clients[url][name]

    yield connect
    for client in clients.values():
        await client.close()


@pytest.fixture
async def container(
    settings: Settings,
    clock: SettableClock,
    spare_databases: list[str],
    connect: Connect,
    cheap_hashes: None,
    copied_client: MakeClient,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Container]:
    """This test's services, on its own prepared database.

    Database and bucket carry no identity yet: creating one takes 10 ms, and few tests need it.
    """
    monkeypatch.setattr("gql_api.adapters.s3.bucket.make_client", copied_client)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "connect", connect)
        container = bootstrap.build(settings, clock)
    deployments = MongoDeployments(container.database)
    try:
        if (await deployments.read()).release < RELEASE:
            await MongoSchema(container.database).apply(0, print)
            await deployments.record_release(RELEASE)
        yield container
        for name in await _filled_collections(container.database):
            await container.database[name].delete_many({})
        await deployments.record_release(RELEASE)
        spare_databases.append(settings.db_name)
    finally:
        await container.reads.close()
        await container.bucket.close()


async def _filled_collections(database: Database) -> list[str]:
    """Return the names of the collections that have documents, in two commands.

    A test fills two or three of about 15, and deleting from all of them took a tenth of its time.
    """
    first, *others = await database.list_collection_names()
    unions = [{"$unionWith": {"coll": name, "pipeline": _one_named(name)}} for name in others]
    found = await database[first].aggregate([*_one_named(first), *unions])
    return [row["name"] async for row in found]


def _one_named(name: str) -> list[dict[str, Any]]:
    """Return a pipeline that turns the first document of a collection into this name."""
    return [{"$limit": 1}, {"$project": {"_id": 0, "name": {"$literal": name}}}]


@pytest.fixture
def metric_lines(container: Container) -> MetricLines:
    """The metric lines of this test's service, which needs a METRICS_NAMESPACE."""
    lines = MetricLines()
    assert isinstance(container.metrics, EmbeddedMetrics)
    container.metrics.write = lines.append
    return lines


@pytest.fixture
def database(container: Container) -> Database:
    """This test's database, with its indexes."""
    return container.database


@pytest.fixture
async def client(container: Container) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of this test's app, which is served as https://api.test."""
    from gql_api.http.app import create_app

    transport = httpx.ASGITransport(app=create_app(container))
    async with httpx.AsyncClient(transport=transport, base_url="https://api.test") as client:
        yield client


@pytest.fixture
def storage_events(container: Container, event_hub: EventHub, key_prefix: str) -> Iterator[Events]:
    """Pass the S3 server's events about this test's keys to the service as they arrive.

    Without this fixture, the service receives no storage events.
    """
    events = Events(container.storage_events.handle)
    event_hub.join(key_prefix, events)
    yield events
    event_hub.leave(key_prefix)
