"""Lambda functions for the tests, on the real servers."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from pymongo import AsyncMongoClient

from tests.lambda_runtime.events import HttpApi
from tests.lambda_runtime.function import LambdaFunction, lambda_function

# Nothing listens on the port; by default an operation would be tried for five seconds.
NO_DATABASE = "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=200&timeoutMS=200"

Start = Callable[..., Awaitable[LambdaFunction]]


@pytest.fixture
async def start(environment: dict[str, str], tmp_path: Path) -> AsyncIterator[Start]:
    """Start a function by its handler's name; keyword arguments change settings of the test."""
    async with AsyncExitStack() as exits:

        async def start(handler: str, **settings: str) -> LambdaFunction:
            log = tmp_path / f"{handler}-{uuid.uuid4().hex}.log"
            return await exits.enter_async_context(
                lambda_function(handler, {**environment, **settings}, log)
            )

        yield start


@pytest.fixture
async def new_database(mongod_url: str) -> AsyncIterator[str]:
    """The name of a database that is not there yet, so it has no indexes."""
    name = f"test-{uuid.uuid4().hex}"
    yield name
    async with AsyncMongoClient[dict[str, object]](mongod_url) as client:
        await client.drop_database(name)


@pytest.fixture
async def api(start: Start, new_database: str) -> LambdaFunction:
    """The API, just deployed."""
    return await start("api", DB_NAME=new_database)


@pytest.fixture
async def http_client(api: LambdaFunction) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the API."""
    async with httpx.AsyncClient(transport=HttpApi(api), base_url="https://api.test") as client:
        yield client
