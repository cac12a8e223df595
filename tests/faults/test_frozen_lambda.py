"""A Lambda environment is frozen between invocations while its connections are dropped."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from gql_api.container import Container
from tests.faults.function import ApiFunction, api_function
from tests.faults.proxy import Connection
from tests.faults.service import BoundedApi

# AWS drops connections that have been idle for some minutes. The settings stop using a connection
# after one idle minute; this test, after half a second.
IDLE = "maxIdleTimeMS=500"


@dataclass
class Frozen:
    """The function, and a user who signed up before it was frozen."""

    function: ApiFunction
    user: BoundedApi

    def freeze(self) -> None:
        self.function.process.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.function.process.signal(signal.SIGCONT)


@pytest.fixture
async def api(
    container: Container, environment: dict[str, str], tmp_path: Path
) -> AsyncIterator[Frozen]:
    """The API function, with proxies between it and its servers.

    `container` has prepared the database.
    """
    log = tmp_path / "api.log"
    async with api_function(environment, log, f"&{IDLE}") as function:
        user = await function.new_user()
        await user.store(b"before the frost")
        yield Frozen(function, user)


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
    assert api.function.database.connections
    assert api.function.storage.connections
    api.function.database.each(fault)
    api.function.storage.each(fault)
    await asyncio.sleep(1)
    api.thaw()
    assert (await api.user.complete_upload(sent["id"]))["status"] == "STORED"
    await api.user.store(b"after the frost")


async def test_frozen_in_the_middle_of_an_invocation(api: Frozen) -> None:
    """The client has timed out by then. If it retries the request, it gets the first result."""
    reached = asyncio.Event()
    api.function.database.after(rb"commitTransaction\x00", lambda _: reached.set())
    requesting = asyncio.create_task(api.user.request_upload(7, clientToken="frozen"))
    await reached.wait()
    api.freeze()
    api.function.database.each(Connection.reset)
    await asyncio.sleep(1)
    api.thaw()
    ticket = await requesting
    again = await api.user.request_upload(7, clientToken="frozen")
    assert again["created"] is False
    assert again["upload"]["id"] == ticket["upload"]["id"]
