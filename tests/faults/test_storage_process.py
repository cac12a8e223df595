"""The S3 server's process is killed and frozen in the middle of an upload."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from local import ports
from local.gateway import Gateway, KeyPair, Webhook
from tests.api import Json, send
from tests.faults.processes import send_signal
from tests.faults.service import LARGE, BoundedApi, Retryable, Service, running_service

UNAVAILABLE = (503, {"database": True, "storage": False})


@pytest.fixture(scope="module")
async def own_gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Gateway]:
    """An S3 server used only by this module. Its events are not handled."""
    server = Gateway(
        tmp_path_factory.mktemp("s3"),
        ports.free_port(),
        KeyPair("local", "secret-of-the-tests"),
        Webhook(f"http://{ports.HOST}:{ports.free_port()}/", "token"),
    )
    try:
        await server.start()
        await server.ready()
        await asyncio.to_thread(server.client().create_bucket, Bucket="media")
        yield server
    finally:
        await server.stop()


@pytest.fixture(scope="module")
async def service(
    tmp_path_factory: pytest.TempPathFactory, mongod_url: str, own_gateway: Gateway
) -> AsyncIterator[Service]:
    """A service on this S3 server."""
    directory: Path = tmp_path_factory.mktemp("service")
    async with running_service(directory, mongod_url, own_gateway, "media") as service:
        yield service


async def send_part(part: Json) -> int:
    """Send one part of `LARGE` and return the status code."""
    return (await send(part, LARGE[part["offset"] : part["offset"] + part["size"]])).status_code


async def missing(user: BoundedApi, id: str) -> list[Json]:
    """Return the parts that are not in the bucket, with the query that a resuming client sends."""
    upload = await user.upload(id)
    assert upload is not None
    received = {part["number"] for part in upload["transfer"]["received"]}
    numbers = [n for n in range(1, upload["transfer"]["partCount"] + 1) if n not in received]
    return await user.parts(id, [{"number": number} for number in numbers])


async def everything(service: Service, user: BoundedApi, sent: Json, large: Json) -> None:
    """Send all requests that need the storage, and one that does not, concurrently."""
    select = [{"number": 1}]
    requested = asyncio.create_task(user.request_upload(10))
    health, unsent, *answers = await asyncio.gather(
        service.health(),
        user.request_upload(len(LARGE)),
        user.complete_upload(sent["id"]),
        user.upload(large["id"]),
        user.complete_upload(large["id"]),
        *(user.complete_upload(sent["id"]) for _ in range(20)),
        return_exceptions=True,
    )
    assert health == UNAVAILABLE
    ticket = await requested
    assert ticket["upload"]["transfer"]["parts"], "signing a single PUT does not need the storage"
    assert isinstance(unsent, Retryable), "starting a multipart upload needs the storage"
    assert {type(answer) for answer in answers} == {Retryable}, answers
    parts = await user.parts(large["id"], select)
    assert [part["number"] for part in parts] == [1]


async def test_killed_in_the_middle_of_an_upload(
    service: Service, user: BoundedApi, own_gateway: Gateway
) -> None:
    sent = await user.request_and_send(b"sent before")
    large = (await user.request_upload(len(LARGE)))["upload"]
    first, second, third = large["transfer"]["parts"]
    assert await send_part(first) == 200
    service.bucket.bytes_per_second = 4 * 2**20
    under_way = asyncio.create_task(send_part(second))
    await asyncio.sleep(0.2)
    send_signal(own_gateway, signal.SIGKILL)
    with pytest.raises(httpx.TransportError):
        await under_way
    service.bucket.heal()
    with pytest.raises(httpx.TransportError):
        await send_part(third)
    await everything(service, user, sent, large)

    await own_gateway.start()
    await service.well_again(user)

    parts = await missing(user, large["id"])
    assert [part["number"] for part in parts] == [2, 3]
    assert [await send_part(part) for part in parts] == [200, 200]
    assert (await user.complete_upload(large["id"]))["status"] == "STORED"
    assert (await user.complete_upload(sent["id"]))["status"] == "STORED"
    download = await user.download(large["id"])
    assert download is not None
    assert (await send(download)).content == LARGE


async def test_frozen_in_the_middle_of_an_upload(
    service: Service, user: BoundedApi, own_gateway: Gateway
) -> None:
    sent = await user.request_and_send(b"sent before")
    large = (await user.request_upload(len(LARGE)))["upload"]
    first, second, third = large["transfer"]["parts"]
    assert await send_part(first) == 200
    send_signal(own_gateway, signal.SIGSTOP)
    try:
        under_way = asyncio.create_task(send_part(second))
        await everything(service, user, sent, large)
    finally:
        send_signal(own_gateway, signal.SIGCONT)

    await service.well_again(user)

    assert await under_way == 200
    assert await send_part(third) == 200
    assert (await user.complete_upload(large["id"]))["status"] == "STORED"
    assert (await user.complete_upload(sent["id"]))["status"] == "STORED"
