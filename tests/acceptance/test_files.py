"""Files of various sizes and names, uploaded through the API and compared after download."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from urllib.parse import unquote

import httpx
import pytest

from tests.api import Api, Json, send

MIB = 1024 * 1024
LARGE_BYTES = 120 * MIB  # Eight parts.


def part_bytes(seed: int, size: int) -> bytes:
    """Return pseudo-random bytes; the same seed gives the same bytes."""
    return random.Random(seed).randbytes(size)


@pytest.mark.parametrize(
    ("size", "parts"),
    [(0, 1), (1, 1), (16 * MIB, 1), (16 * MIB + 1, 2)],
    ids=["empty", "1 byte", "16 MiB", "16 MiB + 1"],
)
async def test_a_file_comes_back_as_it_was_sent(api: Api, size: int, parts: int) -> None:
    data = part_bytes(size, size)
    upload = await api.request_and_send(data, filename="a.bin", content_type="video/mp4")
    assert len(upload["transfer"]["parts"]) == upload["transfer"]["partCount"] == parts
    stored = await api.complete_upload(upload["id"])
    assert (stored["__typename"], stored["status"], stored["size"]) == ("Upload", "STORED", size)
    request = await api.download(upload["id"])
    assert request is not None
    response = await send(request)
    assert response.content == data
    assert response.headers["content-type"] == "video/mp4"
    assert response.headers["content-disposition"] == 'inline; filename="a.bin"'


async def test_a_large_file_in_shuffled_parts_four_at_a_time(api: Api) -> None:
    """At most four parts are in memory, when sending and when comparing."""
    ticket = await api.request_upload(LARGE_BYTES, filename="film.mp4", content_type="video/mp4")
    upload = ticket["upload"]
    parts = upload["transfer"]["parts"]
    shuffled = random.Random(LARGE_BYTES).sample(parts, len(parts))
    assert shuffled != parts
    lanes = asyncio.Semaphore(4)

    async def put(part: Json) -> int:
        async with lanes:
            return (await send(part, part_bytes(part["number"], part["size"]))).status_code

    assert {*await asyncio.gather(*map(put, shuffled))} == {200}
    stored = await api.complete_upload(upload["id"])
    assert (stored["status"], stored["size"]) == ("STORED", LARGE_BYTES)
    await assert_downloads_as(api, upload["id"], parts)


async def assert_downloads_as(api: Api, id: str, parts: list[Json]) -> None:
    """Download the object and compare it with its parts, chunk by chunk."""
    request = await api.download(id)
    assert request is not None

    def expected() -> Iterator[memoryview]:
        for part in parts:
            yield memoryview(part_bytes(part["number"], part["size"]))

    sent, rest = expected(), memoryview(b"")
    async with (
        httpx.AsyncClient(trust_env=False, verify=False, timeout=60) as bucket,
        bucket.stream(request["method"], request["url"]) as response,
    ):
        assert response.status_code == 200
        async for chunk in response.aiter_raw():
            received = memoryview(chunk)
            while received:
                rest = rest or next(sent)
                length = min(len(rest), len(received))
                assert received[:length] == rest[:length]
                received, rest = received[length:], rest[length:]
    assert not rest
    assert next(sent, None) is None


@pytest.mark.parametrize("disposition", ["INLINE", "ATTACHMENT"])
async def test_a_name_that_no_header_can_hold_as_it_is(api: Api, disposition: str) -> None:
    name = '夏の"写真"/海🌊\n2026.png'
    stored = await api.store(b"sea", filename=name, content_type="image/png")
    assert stored["filename"] == name
    request = await api.download(stored["id"], disposition=disposition)
    assert request is not None
    response = await send(request)
    assert response.content == b"sea"
    assert response.headers["content-type"] == "image/png"
    kind, plain, exact = response.headers["content-disposition"].split("; ")
    assert kind == disposition.lower()
    assert plain == 'filename="__________2026.png"'
    assert unquote(exact.removeprefix("filename*=UTF-8''")) == name.replace("\n", "_")
