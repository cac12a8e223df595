"""The API as a Lambda function, with a fault proxy on each of its connections."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.api import Json, new_username
from tests.faults.proxy import FaultProxy, fault_proxy
from tests.faults.service import BOUND_SECONDS, BoundedApi, on_port
from tests.lambda_runtime.events import HttpApi
from tests.lambda_runtime.function import LambdaFunction, lambda_function


@dataclass
class ApiFunction:
    """The function, which handles one request at a time, and the proxies to its servers."""

    process: LambdaFunction
    client: httpx.AsyncClient
    database: FaultProxy
    storage: FaultProxy

    async def new_user(self) -> BoundedApi:
        """Return an API client that is logged in as a new user."""
        session = await BoundedApi(self.client).sign_up(new_username())
        return BoundedApi(self.client, session["accessToken"])

    async def health(self) -> tuple[int, Json]:
        """Return the status code and the parts that /health reports."""
        async with asyncio.timeout(BOUND_SECONDS):
            response = await self.client.get("/health")
        return response.status_code, response.json()["parts"]


@asynccontextmanager
async def api_function(
    environment: Mapping[str, str], log: Path, db_options: str = ""
) -> AsyncIterator[ApiFunction]:
    """Run the function on the servers of `environment`, whose database is prepared."""
    ports = [urlsplit(environment[name]).port or 0 for name in ("DB_URL", "S3_ENDPOINT_URL")]
    async with AsyncExitStack() as exits:
        database, storage = [await exits.enter_async_context(fault_proxy(port)) for port in ports]
        given = {
            "DB_URL": on_port(environment["DB_URL"], database.port) + db_options,
            "S3_ENDPOINT_URL": storage.url,
            "S3_PUBLIC_ENDPOINT_URL": environment["S3_ENDPOINT_URL"],
        }
        process = await exits.enter_async_context(
            lambda_function("api", {**environment, **given}, log)
        )
        client = await exits.enter_async_context(
            httpx.AsyncClient(
                transport=HttpApi(process), base_url="https://api.test", timeout=BOUND_SECONDS
            )
        )
        yield ApiFunction(process, client, database, storage)
