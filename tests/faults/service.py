"""The API as a process of its own, with a fault proxy on each of its ways."""

from __future__ import annotations

import asyncio
import os
import signal
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import httpx

from local.gateway import Gateway
from local.mongod import Mongod
from tests.api import PASSWORD, Api, Json, new_username
from tests.faults.proxy import FaultProxy, fault_proxy
from tests.local.stack_process import StackProcess

# Each request ends within this time, and the service is well again this long after a fault.
BOUND_SECONDS = 10

LARGE = os.urandom(40 * 1024 * 1024)  # Three parts.


class Retryable(Exception):
    """The typed answer of a request that may be repeated."""


class BoundedApi(Api):
    """As `Api`, but each request must end in time: else TimeoutError, or httpx's own."""

    async def post(
        self, query: str, headers: Mapping[str, str] | None = None, **variables: Any
    ) -> httpx.Response:
        """The raw answer."""
        async with asyncio.timeout(BOUND_SECONDS):
            return await super().post(query, headers, **variables)

    async def data(self, query: str, **variables: Any) -> Json:
        """The `data` of the answer.

        Raises:
            Retryable: database or storage were out of reach, and the answer says so as it must.
        """
        body = (await self.post(query, **variables)).json()
        if "errors" in body:
            extensions = [error["extensions"] for error in body["errors"]]
            told = {"code": "INTERNAL", "requestId": ANY, "retryable": True}
            assert extensions == [told] * len(extensions), body["errors"]
            raise Retryable(body["errors"])
        data: Json = body["data"]
        return data


class Service:
    """`python -m local` on given servers. Its own parts in it: `api` in front of it, `database`
    and `storage` behind it, and `bucket` between its clients and the storage."""

    def __init__(self, directory: Path, proxies: Mapping[str, FaultProxy], **given: str) -> None:
        self.api = proxies["api"]
        self.database = proxies["database"]
        self.storage = proxies["storage"]
        self.bucket = proxies["bucket"]
        self._directory = directory
        self._environment = {
            "DB_URL": Mongod(directory, self.database.port).url,
            "DB_NAME": f"test-{uuid.uuid4().hex}",
            "S3_ENDPOINT_URL": self.storage.url,
            "S3_PUBLIC_ENDPOINT_URL": self.bucket.url,
            "S3_KEY_PREFIX": f"t-{uuid.uuid4().hex}",
            **given,
        }
        self._process: StackProcess | None = None
        self.client = httpx.AsyncClient(
            base_url=self.api.url, timeout=BOUND_SECONDS, trust_env=False
        )

    async def start(self) -> None:
        """Start the process, anew after `kill`, and return once it answers."""
        self._process = StackProcess(self._directory, **self._environment)
        self.api.upstream_port = self._process.port
        # In a thread, since the proxies have to go on meanwhile.
        await asyncio.to_thread(self._process.wait_until_running)

    async def kill(self) -> None:
        """`kill -9`."""
        if self._process is not None:
            await asyncio.to_thread(self._process.stop, signal.SIGKILL)

    async def new_user(self) -> BoundedApi:
        """A caller signed in as a new user."""
        session = await BoundedApi(self.client).sign_up(new_username(), PASSWORD)
        return BoundedApi(self.client, session["accessToken"])

    async def health(self) -> tuple[int, Json]:
        """The status code and the parts that /health tells."""
        async with asyncio.timeout(BOUND_SECONDS):
            response = await self.client.get("/health")
        return response.status_code, response.json()["parts"]

    async def well_again(self, user: Api) -> None:
        """Return once the service is well and a file goes all the way; fail if that lasts."""
        async with asyncio.timeout(BOUND_SECONDS):
            while not await self._works_for(user):  # noqa: ASYNC110 - another process.
                await asyncio.sleep(0.1)

    async def _works_for(self, user: Api) -> bool:
        status, _ = await self.health()
        if status != 200:
            return False
        try:
            await user.store(b"all is well")
        except Retryable:
            return False
        return True


@asynccontextmanager
async def running_service(
    directory: Path, database_port: int, gateway: Gateway, bucket_name: str
) -> AsyncIterator[Service]:
    """The service on these servers."""
    async with AsyncExitStack() as exits:
        upstreams = {
            "api": 0,
            "database": database_port,
            "storage": gateway.port,
            "bucket": gateway.port,
        }
        proxies = {
            name: await exits.enter_async_context(fault_proxy(port))
            for name, port in upstreams.items()
        }
        service = Service(
            directory,
            proxies,
            AWS_ACCESS_KEY_ID=gateway.keys.access_key_id,
            AWS_SECRET_ACCESS_KEY=gateway.keys.secret_access_key,
            AWS_DEFAULT_REGION=gateway.region,
            S3_BUCKET=bucket_name,
        )
        exits.push_async_callback(service.client.aclose)
        exits.push_async_callback(service.kill)
        await service.start()
        yield service
