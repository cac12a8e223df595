"""A Lambda environment is frozen between invocations while its connections are dropped."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from gql_api.container import Container
from local.gateway import Gateway
from tests.api import new_username
from tests.faults.proxy import Connection, FaultProxy, fault_proxy
from tests.faults.service import BOUND_SECONDS, BoundedApi, on_port
from tests.lambda_runtime.events import HttpApi
from tests.lambda_runtime.function import LambdaFunction, lambda_function

# AWS drops connections that have been idle for some minutes. The settings stop using a connection
# after one idle minute; this test, after half a second.
IDLE = "maxIdleTimeMS=500"


@dataclass
class Frozen:
    """The function, and a user who signed up before it was frozen."""

    function: LambdaFunction
    user: BoundedApi
    database: FaultProxy
    storage: FaultProxy

    def freeze(self) -> None:
        self.function.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.function.signal(signal.SIGCONT)


@pytest.fixture
async def api(
    container: Container,
    environment: dict[str, str],
    mongod_url: str,
    gateway: Gateway,
    tmp_path: Path,
) -> AsyncIterator[Frozen]:
    """The API function, with proxies between it and its servers.

    `container` has prepared the database.
    """
    port = urlsplit(mongod_url).port
    assert port is not None
    async with AsyncExitStack() as exits:
        database = await exits.enter_async_context(fault_proxy(port))
        storage = await exits.enter_async_context(fault_proxy(gateway.port))
        given = {
            "DB_URL": f"{on_port(mongod_url, database.port)}&{IDLE}",
            "S3_ENDPOINT_URL": storage.url,
            "S3_PUBLIC_ENDPOINT_URL": gateway.endpoint_url,
        }
        function = await exits.enter_async_context(
            lambda_function("api", {**environment, **given}, tmp_path / "api.log")
        )
        client = await exits.enter_async_context(
            httpx.AsyncClient(
                transport=HttpApi(function), base_url="https://api.test", timeout=BOUND_SECONDS
            )
        )
        session = await BoundedApi(client).sign_up(new_username())
        user = BoundedApi(client, session["accessToken"])
        await user.store(b"before the frost")
        yield Frozen(function, user, database, storage)


@pytest.mark.parametrize(
    "fault",
    [Connection.cut, Connection.reset, Connection.silence],
    ids=["cut", "reset", "silent"],
)
async def test_the_next_invocation_succeeds(
    api: Frozen, fault: Callable[[Connection], None]
) -> None:
    sent = await api.user.request_and_send(b"sent before the frost")
    api.freeze()
    assert api.database.connections
    assert api.storage.connections
    api.database.each(fault)
    api.storage.each(fault)
    await asyncio.sleep(1)
    api.thaw()
    assert (await api.user.complete_upload(sent["id"]))["status"] == "STORED"
    await api.user.store(b"after the frost")


async def test_frozen_in_the_middle_of_an_invocation(api: Frozen) -> None:
    """The client has timed out by then. If it retries the request, it gets the first result."""
    reached = asyncio.Event()
    api.database.after(rb"commitTransaction\x00", lambda _: reached.set())
    requesting = asyncio.create_task(api.user.request_upload(7, clientToken="frozen"))
    await reached.wait()
    api.freeze()
    api.database.each(Connection.reset)
    await asyncio.sleep(1)
    api.thaw()
    ticket = await requesting
    again = await api.user.request_upload(7, clientToken="frozen")
    assert again["created"] is False
    assert again["upload"]["id"] == ticket["upload"]["id"]
