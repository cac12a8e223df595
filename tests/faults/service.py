"""The API as a child process, with a fault proxy on each of its connections."""

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
from urllib.parse import urlsplit

import httpx

from local.gateway import Gateway
from tests.api import PASSWORD, Api, Json, new_username
from tests.faults.proxy import FaultProxy, fault_proxy
from tests.local.stack_process import StackProcess

# The time limit for each request, and for the service to recover from a fault: more than twice the
# 8 s of the service, for busy machines, and less than the 30 s that the drivers wait by default.
BOUND_SECONDS = 20

LARGE = os.urandom(40 * 1024 * 1024)  # Three parts.


class Retryable(Exception):
    """The response has an error that allows a retry of the request."""


class BoundedApi(Api):
    """An `Api` whose requests fail with a timeout error if they take too long."""

    async def post(
        self, query: str, headers: Mapping[str, str] | None = None, **variables: Any
    ) -> httpx.Response:
        """Send a request and return the response."""
        async with asyncio.timeout(BOUND_SECONDS):
            return await super().post(query, headers, **variables)

    async def data(self, query: str, **variables: Any) -> Json:
        """Return the `data` of the response.

        Raises:
            Retryable: the response has the correct error for an unreachable database or storage,
                or says that the service is starting.
        """
        body = (await self.post(query, **variables)).json()
        if body == {"status": "starting"}:
            raise Retryable(body)
        if "errors" in body:
            extensions = [error["extensions"] for error in body["errors"]]
            told = {"code": "INTERNAL", "requestId": ANY, "retryable": True}
            assert extensions == [told] * len(extensions), body["errors"]
            raise Retryable(body["errors"])
        data: Json = body["data"]
        return data


class Service:
    """`python -m local` on existing servers, with fault proxies on its connections.

    `api` is between clients and the API, `database` and `storage` are between the API and its
    servers, and `bucket` is between clients and the storage.
    """

    def __init__(self, directory: Path, proxies: Mapping[str, FaultProxy], **given: str) -> None:
        self.api = proxies["api"]
        self.database = proxies["database"]
        self.storage = proxies["storage"]
        self.bucket = proxies["bucket"]
        self.directory = directory
        self.db_name = f"test-{uuid.uuid4().hex}"
        self.key_prefix = f"t-{uuid.uuid4().hex}"
        self._environment = {
            "DB_NAME": self.db_name,
            "S3_ENDPOINT_URL": self.storage.url,
            "S3_PUBLIC_ENDPOINT_URL": self.bucket.url,
            "S3_KEY_PREFIX": self.key_prefix,
            **given,
        }
        self._process: StackProcess | None = None
        self.client = httpx.AsyncClient(
            base_url=self.api.url, timeout=BOUND_SECONDS, trust_env=False, verify=False
        )

    async def start(self) -> None:
        """Start the process, or restart it after `kill`, and wait until it responds."""
        self._process = StackProcess(self.directory, **self._environment)
        self.api.upstream_port = self._process.port
        # In a thread, because the proxies must keep running.
        await asyncio.to_thread(self._process.wait_until_running)

    @property
    def process(self) -> StackProcess:
        """The process, which must have been started."""
        assert self._process is not None
        return self._process

    async def kill(self) -> None:
        """`kill -9`."""
        if self._process is not None:
            await asyncio.to_thread(self._process.stop, signal.SIGKILL)

    async def new_user(self) -> BoundedApi:
        """Return an API client that is logged in as a new user."""
        session = await BoundedApi(self.client).sign_up(new_username(), PASSWORD)
        return BoundedApi(self.client, session["accessToken"])

    async def health(self) -> tuple[int, Json]:
        """Return the status code and the parts that /health reports."""
        async with asyncio.timeout(BOUND_SECONDS):
            response = await self.client.get("/health")
        return response.status_code, response.json()["parts"]

    async def well_again(self, user: Api) -> None:
        """Wait until the service is healthy and can store a file; fail if that takes too long."""
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


def on_port(url: str, port: int) -> str:
    """Return the URL of a server with another port, such as that of a proxy."""
    return url.replace(f":{urlsplit(url).port}/", f":{port}/")


@asynccontextmanager
async def running_service(
    directory: Path, mongod_url: str, gateway: Gateway, bucket_name: str
) -> AsyncIterator[Service]:
    """Run the service on these servers."""
    async with AsyncExitStack() as exits:
        upstreams = {
            "api": 0,
            "database": urlsplit(mongod_url).port or 0,
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
            DB_URL=on_port(mongod_url, proxies["database"].port),
            AWS_ACCESS_KEY_ID=gateway.keys.access_key_id,
            AWS_SECRET_ACCESS_KEY=gateway.keys.secret_access_key,
            AWS_DEFAULT_REGION=gateway.region,
            S3_BUCKET=bucket_name,
        )
        exits.push_async_callback(service.client.aclose)
        exits.push_async_callback(service.kill)
        await service.start()
        yield service
