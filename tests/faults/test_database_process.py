"""The mongod process is killed, stopped and frozen while the service runs."""

from __future__ import annotations

import asyncio
import signal
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from local import ports
from local.gateway import Gateway
from local.mongod import Mongod, is_set_up
from tests.api import Api, Json, new_username
from tests.faults.processes import kill, own_mongod, send_signal
from tests.faults.service import BoundedApi, Retryable, Service, running_service

WRITERS = 4
KILLS = 3
FROZEN_ROUNDS = 2  # Each takes eight seconds, the time limit of a request.

UNAVAILABLE = (503, {"database": False, "storage": True})


@pytest.fixture(scope="module")
async def mongod(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Mongod]:
    """A MongoDB server used only by this module."""
    async with own_mongod(tmp_path_factory.mktemp("mongod")) as mongod:
        yield mongod


@pytest.fixture(scope="module")
async def service(
    tmp_path_factory: pytest.TempPathFactory, mongod: Mongod, gateway: Gateway, bucket_name: str
) -> AsyncIterator[Service]:
    """A service on this MongoDB server."""
    directory: Path = tmp_path_factory.mktemp("service")
    async with running_service(directory, mongod.url, gateway, bucket_name) as service:
        yield service


async def test_a_server_that_still_applies_a_configuration_is_set_up_later(mongod: Mongod) -> None:
    """On a busy machine, a restarted server still loads its configuration meanwhile."""
    host = f"{ports.HOST}:{mongod.port}"
    async with mongod.as_itself() as client:
        attempts = [is_set_up(client.admin, host) for _ in range(8)]
        assert {*await asyncio.gather(*attempts)} == {True, False}
        await mongod.ready()


class Writer:
    """Requests uploads one after another, and retries until each is acknowledged."""

    def __init__(self, user: BoundedApi) -> None:
        self._user = user
        self.acknowledged: dict[str, str] = {}
        self.failures = 0

    async def write(self) -> None:
        """Request another upload, and retry until it is acknowledged."""
        token = uuid.uuid4().hex
        while token not in self.acknowledged:
            try:
                ticket = await self._user.request_upload(1, clientToken=token)
            except Retryable:
                self.failures += 1
            else:
                assert ticket["__typename"] == "UploadTicket", ticket
                self.acknowledged[token] = ticket["upload"]["id"]

    async def write_until(self, stop: asyncio.Event) -> None:
        """Request uploads until the event is set."""
        while not stop.is_set():
            await self.write()


async def test_no_acknowledged_upload_is_lost_when_mongod_is_killed(
    service: Service, mongod: Mongod
) -> None:
    user, other = await service.new_user(), await service.new_user()
    stop = asyncio.Event()
    writers = [Writer(user) for _ in range(WRITERS)]
    async with asyncio.TaskGroup() as writing:
        for writer in writers:
            writing.create_task(writer.write_until(stop))
        for _ in range(KILLS):
            known = [len(writer.acknowledged) for writer in writers]
            await asyncio.sleep(0.5)
            await kill(mongod)
            await asyncio.sleep(0.3)
            await mongod.start()
            await service.well_again(other)
            assert all(len(w.acknowledged) > n for w, n in zip(writers, known, strict=True))
        stop.set()

    acknowledged = [id for writer in writers for id in writer.acknowledged.values()]
    assert len(set(acknowledged)) == len(acknowledged)
    # Every retry found the existing record, so there are no records without acknowledgement.
    assert await all_ids(user) == set(acknowledged)
    usage = await user.data("{ viewer { usage { uploads bytes } } }")
    assert usage["viewer"]["usage"] == {"uploads": len(acknowledged), "bytes": len(acknowledged)}


async def all_ids(user: Api) -> set[str]:
    """Return the ids of all uploads of the user, read page by page."""
    ids: set[str] = set()
    after = None
    while True:
        page = await user.uploads(first=100, after=after)
        ids |= {node["id"] for node in page["nodes"]}
        if not page["pageInfo"]["hasNextPage"]:
            return ids
        after = page["pageInfo"]["endCursor"]


async def everything(service: Service, user: BoundedApi, upload: Json) -> None:
    """Send all kinds of requests that need the database at once; each gets a typed response."""
    calls = [
        user.uploads(),
        user.upload(upload["id"]),
        user.request_upload(1),
        user.complete_upload(upload["id"]),
        user.cancel_upload(upload["id"]),
        user.update_upload(upload["id"], filename="b.jpg"),
        user.delete_upload(upload["id"]),
        user.create_api_key("key"),
        user.sign_up(new_username()),
        user.login(new_username()),
    ]
    more_than_the_pool_has = [user.request_upload(1) for _ in range(15)]
    health, *answers = await asyncio.gather(
        service.health(), *calls, *more_than_the_pool_has, return_exceptions=True
    )
    assert health == UNAVAILABLE
    assert {type(answer) for answer in answers} == {Retryable}, answers


async def test_a_frozen_mongod(service: Service, mongod: Mongod) -> None:
    user = await service.new_user()
    upload = await user.request_and_send(b"sent before")
    assert await service.health() == (200, {"database": True, "storage": True})
    send_signal(mongod, signal.SIGSTOP)
    try:
        for _ in range(FROZEN_ROUNDS):
            await everything(service, user, upload)
    finally:
        send_signal(mongod, signal.SIGCONT)

    await service.well_again(user)
    found = await user.upload(upload["id"])
    # The mutations may have reached the database, so any of them may have been executed.
    assert found is None or found["status"] in ("PENDING", "STORED", "CANCELLED")


async def test_a_mongod_that_is_not_there(service: Service, mongod: Mongod) -> None:
    user = await service.new_user()
    upload = await user.request_and_send(b"sent before")
    await kill(mongod)
    await everything(service, user, upload)
    await mongod.start()

    await service.well_again(user)
    assert (await user.complete_upload(upload["id"]))["status"] == "STORED"
