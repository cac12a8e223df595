"""Fixtures that run Lambda functions against real servers."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from pymongo import AsyncMongoClient

from gql_api import bootstrap
from gql_api.settings import read_settings
from local.gateway import Gateway
from tests.conftest import deployed_environment
from tests.lambda_runtime.events import HttpApi
from tests.lambda_runtime.function import LambdaFunction, lambda_function
from tests.lambda_runtime.packages import unpack

__all__ = ["unpack"]

# No server listens on this port. The default time limit of an operation is five seconds.
NO_DATABASE = "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=200&timeoutMS=200"

Start = Callable[..., Awaitable[LambdaFunction]]


@pytest.fixture
async def start(environment: dict[str, str], tmp_path: Path) -> AsyncIterator[Start]:
    """Start a function by its handler's name; keyword arguments override the test's settings."""
    async with AsyncExitStack() as exits:

        async def start(handler: str, **settings: str) -> LambdaFunction:
            log = tmp_path / f"{handler}-{uuid.uuid4().hex}.log"
            return await exits.enter_async_context(
                lambda_function(handler, {**environment, **settings}, log)
            )

        yield start


@pytest.fixture
async def new_database(mongod_url: str) -> AsyncIterator[str]:
    """The name of a database that does not exist yet, so it is not prepared."""
    name = f"test-{uuid.uuid4().hex}"
    yield name
    async with AsyncMongoClient[dict[str, object]](mongod_url) as client:
        await client.drop_database(name)


@pytest.fixture
async def prepared_database(environment: dict[str, str], new_database: str) -> str:
    """The name of a new database that an operator has prepared."""
    await prepare({**environment, "DB_NAME": new_database})
    return new_database


async def prepare(environment: dict[str, str]) -> None:
    """Prepare the database that `environment` names."""
    container = bootstrap.build(read_settings(environment))
    try:
        await container.preparation.prepare(print)
    finally:
        await container.close()


@pytest.fixture
async def api(start: Start, prepared_database: str) -> LambdaFunction:
    """The API function with a new database, as after the first deployment."""
    return await start("api", DB_NAME=prepared_database)


@pytest.fixture
async def http_client(api: LambdaFunction) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client for the API function."""
    async with httpx.AsyncClient(transport=HttpApi(api), base_url="https://api.test") as client:
        yield client


@pytest.fixture(scope="module")
async def shared_api(
    mongod_url: str, gateway: Gateway, bucket_name: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[LambdaFunction]:
    """An API function that the tests of a module share, because it takes seconds to start."""
    name = f"shared-{uuid.uuid4().hex}"
    environment = deployed_environment(
        mongod_url, gateway, bucket_name, key_prefix=name, db_name=name
    )
    await prepare(environment)
    log = tmp_path_factory.mktemp("shared") / "api.log"
    async with lambda_function("api", environment, log) as function:
        yield function


@pytest.fixture
async def shared_client(shared_api: LambdaFunction) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client, without cookies at first, for the shared API function."""
    transport = HttpApi(shared_api)
    async with httpx.AsyncClient(transport=transport, base_url="https://api.test") as client:
        yield client
