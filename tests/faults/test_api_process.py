"""The API is killed between parts and at completion; a new process can finish the upload."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tests.api import Json, send
from tests.faults.service import LARGE, BoundedApi, Service

COMPLETE = rb"POST /[^ ]*\?uploadId="
STATUS = rb"findAndModify\x00"


async def send_part(part: Json) -> None:
    response = await send(part, LARGE[part["offset"] : part["offset"] + part["size"]])
    assert response.status_code == 200, response.text


async def assert_stored_once(user: BoundedApi, id: str) -> None:
    download = await user.download(id)
    assert download is not None
    assert (await send(download)).content == LARGE
    usage = await user.data("{ viewer { usage { uploads bytes } } }")
    assert usage["viewer"]["usage"] == {"uploads": 1, "bytes": len(LARGE)}


async def test_killed_between_parts(service: Service, user: BoundedApi) -> None:
    upload = (await user.request_upload(len(LARGE)))["upload"]
    first, second, _ = upload["transfer"]["parts"]
    await send_part(first)
    await service.kill()
    await send_part(second)  # Parts go to the bucket, so they do not need the API.
    with pytest.raises(httpx.TransportError):
        await user.upload(upload["id"])
    await service.start()

    found = await user.upload(upload["id"])
    assert found is not None
    assert [part["number"] for part in found["transfer"]["received"]] == [1, 2]
    for part in await user.parts(upload["id"], [{"number": 3}]):
        await send_part(part)
    assert (await user.complete_upload(upload["id"]))["status"] == "STORED"
    await assert_stored_once(user, upload["id"])


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    ("way", "pattern"), [("storage", COMPLETE), ("database", STATUS)], ids=["assembly", "record"]
)
async def test_killed_at_completion(
    service: Service, user: BoundedApi, way: str, pattern: bytes, moment: str
) -> None:
    upload = await user.request_and_send(LARGE)
    proxy = getattr(service, way)
    reached = asyncio.Event()
    getattr(proxy, moment)(pattern, lambda _connection: reached.set())
    completing = asyncio.create_task(user.complete_upload(upload["id"]))
    async with asyncio.timeout(10):
        await reached.wait()
    await service.kill()
    with pytest.raises(httpx.TransportError):
        await completing
    proxy.heal()
    await service.start()

    assert (await user.complete_upload(upload["id"]))["status"] == "STORED"
    await assert_stored_once(user, upload["id"])
