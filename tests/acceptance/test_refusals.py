"""Requests to signed URLs that the S3 server rejects, and objects that settling rejects."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from gql_api.container import Container
from gql_api.domain.ids import new_id
from local.gateway import Gateway
from tests.api import Api, Json, new_user, send
from tests.clock import SettableClock

DATA = b"the bytes of a picture"
MIB = 1024 * 1024


@pytest.fixture
async def part(api: Api) -> Json:
    """A signed PUT of `DATA`; `id` is the upload's."""
    upload = (await api.request_upload(len(DATA)))["upload"]
    [part] = upload["transfer"]["parts"]
    return {**part, "id": upload["id"]}


@pytest.fixture
def is_refused(api: Api, gateway: Gateway, bucket_name: str, key_prefix: str) -> Callable[..., Any]:
    """A check that S3 rejects the request with this error code and stores nothing."""

    async def check(part: Json, data: bytes, code: str) -> None:
        response = await send(part, data)
        assert (response.status_code, f"<Code>{code}</Code>" in response.text) == (403, True)
        s3 = gateway.client()
        listed = await asyncio.to_thread(s3.list_objects_v2, Bucket=bucket_name, Prefix=key_prefix)
        s3.close()
        assert listed["KeyCount"] == 0
        upload = await api.upload(part["id"])
        assert upload is not None
        assert upload["status"] == "PENDING"

    return check


def with_header(part: Json, name: str, value: str) -> Json:
    """Return the request with another value for an existing header."""
    names = [header["name"].lower() for header in part["headers"]]
    assert name in names
    kept = [header for header in part["headers"] if header["name"].lower() != name]
    return {**part, "headers": [*kept, {"name": name, "value": value}]}


async def test_the_request_as_it_was_signed_is_taken(part: Json) -> None:
    assert (await send(part, DATA)).status_code == 200


@pytest.mark.parametrize("data", [DATA + b"!", DATA[:-1], b""])
async def test_another_size(part: Json, is_refused: Callable[..., Any], data: bytes) -> None:
    await is_refused(part, data, "SignatureDoesNotMatch")


async def test_another_content_type(part: Json, is_refused: Callable[..., Any]) -> None:
    changed = with_header(part, "content-type", "text/html")
    await is_refused(changed, DATA, "SignatureDoesNotMatch")


async def test_no_content_type(part: Json, is_refused: Callable[..., Any]) -> None:
    headers = [it for it in part["headers"] if it["name"].lower() != "content-type"]
    response = await send({**part, "headers": headers}, DATA)
    assert response.status_code in (400, 403)


async def test_another_key(
    part: Json, is_refused: Callable[..., Any], clock: SettableClock
) -> None:
    url = part["url"].replace(part["id"], new_id(clock()))
    assert url != part["url"]
    await is_refused({**part, "url": url}, DATA, "SignatureDoesNotMatch")


@pytest.mark.settings(URL_TTL_SECONDS="60")
async def test_an_expired_url(http: httpx.AsyncClient, clock: SettableClock) -> None:
    clock.advance(seconds=-61)  # The S3 server uses the real time.
    api = await new_user(http)
    upload = (await api.request_upload(len(DATA)))["upload"]
    response = await send(upload["transfer"]["parts"][0], DATA)
    assert response.status_code == 403
    assert "Request has expired" in response.text
    clock.advance(seconds=61)
    [fresh] = await api.parts(upload["id"])
    assert (await send(fresh, DATA)).status_code == 200
    stored = await api.complete_upload(upload["id"])
    assert stored["status"] == "STORED"


@pytest.mark.settings(URL_TTL_SECONDS="60")
async def test_an_expired_download(http: httpx.AsyncClient, clock: SettableClock) -> None:
    api = await new_user(http)
    id = (await api.store(DATA))["id"]
    key = (await api.create_api_key("k"))["token"]
    clock.advance(seconds=-20)
    short = await api.with_token(key).download(id, expiresInSeconds=10)
    long = await api.with_token(key).download(id, expiresInSeconds=40)
    assert short is not None
    assert long is not None
    assert [(await send(short)).status_code, (await send(long)).status_code] == [403, 200]


async def test_a_longer_life(part: Json, is_refused: Callable[..., Any]) -> None:
    url = part["url"].replace("X-Amz-Expires=900", "X-Amz-Expires=9000")
    assert url != part["url"]
    await is_refused({**part, "url": url}, DATA, "SignatureDoesNotMatch")


async def test_a_changed_signature(part: Json, is_refused: Callable[..., Any]) -> None:
    base, _, signature = part["url"].partition("X-Amz-Signature=")
    changed = ("1" if signature[0] == "0" else "0") + signature[1:]
    await is_refused(
        {**part, "url": f"{base}X-Amz-Signature={changed}"}, DATA, "SignatureDoesNotMatch"
    )


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_another_method(part: Json, is_refused: Callable[..., Any], method: str) -> None:
    await is_refused({**part, "method": method}, DATA, "SignatureDoesNotMatch")


@pytest.mark.parametrize("method", ["DELETE", "PUT"])
async def test_a_download_url_changes_nothing(api: Api, method: str) -> None:
    id = (await api.store(DATA))["id"]
    request = await api.download(id)
    assert request is not None
    assert (await send({**request, "method": method}, b"")).status_code == 403
    assert (await send(request)).content == DATA


async def test_a_download_of_another_upload_or_under_another_name(api: Api) -> None:
    one, other = (await api.store(DATA))["id"], (await api.store(DATA))["id"]
    request = await api.download(one)
    assert request is not None
    for old, new in ((one, other), ("photo.jpg", "photo.exe"), ("image%2Fjpeg", "text%2Fhtml")):
        url = request["url"].replace(old, new)
        assert url != request["url"]
        assert (await send({**request, "url": url})).status_code == 403


async def test_a_part_of_another_size_or_number(api: Api) -> None:
    size = 16 * MIB + 1
    upload = (await api.request_upload(size))["upload"]
    second = upload["transfer"]["parts"][1]
    other = second["url"].replace("partNumber=2", "partNumber=1")
    assert other != second["url"]
    for request, data in (
        (second, bytes(second["size"] + 1)),
        ({**second, "url": other}, bytes(second["size"])),
    ):
        # The server closes the connection before the whole body of a rejected request is sent.
        with contextlib.suppress(httpx.TransportError):
            assert (await send(request, data)).status_code == 403
    found = await api.upload(upload["id"])
    assert found is not None
    assert found["transfer"]["received"] == []
    answer = await api.complete_upload(upload["id"])
    assert (answer["__typename"], answer["missingParts"]) == ("UploadIncomplete", [1, 2])


# ------------------------------------------------------------------ rejected by settling


async def test_an_object_of_another_size_put_there_behind_the_api(
    api: Api, part: Json, gateway: Gateway, container: Container, bucket_name: str
) -> None:
    found = await container.database["uploads"].find_one({"_id": part["id"]})
    assert found is not None
    s3 = gateway.client()
    s3.put_object(Bucket=bucket_name, Key=found["key"], Body=b"!", ContentType="image/jpeg")
    answer = await api.complete_upload(part["id"])
    assert answer["__typename"] == "UploadRejected"
    assert answer["message"] == "The bucket received 1 bytes; 22 were declared."
    assert answer["upload"]["status"] == "REJECTED"
    assert s3.list_objects_v2(Bucket=bucket_name, Prefix=found["key"])["KeyCount"] == 0
    s3.close()


async def test_a_wrong_checksum(api: Api) -> None:
    declared = base64.b64encode(hashlib.sha256(DATA).digest()).decode()
    upload = await api.request_and_send(DATA[::-1], checksum={"value": declared})
    answer = await api.complete_upload(upload["id"])
    assert answer["__typename"] == "UploadRejected"
    assert declared in answer["message"]
    assert await api.download(upload["id"]) is None
