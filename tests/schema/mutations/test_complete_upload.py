"""completeUpload, end to end."""

from __future__ import annotations

import asyncio
import base64
import hashlib

import httpx
import pytest
from mypy_boto3_s3 import S3Client

from tests.api import Api, Json, new_user, send
from tests.clock import SettableClock

MIB = 1024 * 1024


async def _put_behind_the_apis_back(
    s3_client: S3Client, key: str, data: bytes, content_type: str
) -> None:
    put = s3_client.put_object
    await asyncio.to_thread(
        lambda: put(Bucket="media", Key=key, Body=data, ContentType=content_type)
    )


async def _key(prefix: str, owner: Api, upload: Json) -> str:
    viewer = (await owner.data("{ viewer { id } }"))["viewer"]
    return f"{prefix}/{viewer['id']}/{upload['id']}"


async def test_what_was_sent_is_stored_and_comes_back(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    data = bytes(range(256))
    upload = await ada.request_and_send(data, content_type="application/x-bytes")
    stored = await ada.complete_upload(upload["id"])
    assert stored["__typename"] == "Upload"
    assert stored["status"] == "STORED"
    assert stored["storedAt"] is not None
    assert stored["expiresAt"] is None
    request = await ada.download(upload["id"])
    assert request is not None
    response = await send(request)
    assert response.content == data
    assert response.headers["content-type"] == "application/x-bytes"


async def test_it_is_safe_to_repeat(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    stored = await ada.store(b"hello")
    assert await ada.complete_upload(stored["id"]) == stored


async def test_nothing_was_sent(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    ticket = await ada.request_upload(5)
    result = await ada.complete_upload(ticket["upload"]["id"])
    assert (result["__typename"], result["code"]) == ("UploadIncomplete", "UPLOAD_INCOMPLETE")
    assert result["missingParts"] == [1]


@pytest.mark.settings(SINGLE_PART_MAX_BYTES=str(5 * MIB))
async def test_a_part_is_missing(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    upload = (await ada.request_upload(20 * MIB))["upload"]
    first, second = upload["transfer"]["parts"]
    await send(second, bytes(second["size"]))
    assert (await ada.complete_upload(upload["id"]))["missingParts"] == [1]
    await send(first, bytes(first["size"]))
    assert (await ada.complete_upload(upload["id"]))["status"] == "STORED"


@pytest.mark.parametrize(
    ("data", "content_type", "reason"),
    [(b"other size", "text/plain", "10 bytes"), (b"hello", "text/html", "text/html")],
)
async def test_something_else_arrived(
    client: httpx.AsyncClient,
    s3_client: S3Client,
    key_prefix: str,
    data: bytes,
    content_type: str,
    reason: str,
) -> None:
    ada = await new_user(client)
    upload = (await ada.request_upload(5, content_type="text/plain"))["upload"]
    key = await _key(key_prefix, ada, upload)
    await _put_behind_the_apis_back(s3_client, key, data, content_type)
    result = await ada.complete_upload(upload["id"])
    assert (result["__typename"], result["code"]) == ("UploadRejected", "UPLOAD_REJECTED")
    assert result["upload"]["status"] == "REJECTED"
    assert reason in result["upload"]["statusReason"]
    assert result["message"] == result["upload"]["statusReason"]
    assert await ada.complete_upload(upload["id"]) == result
    assert await ada.download(upload["id"]) is None


async def test_other_bytes_of_the_same_size_arrived(
    client: httpx.AsyncClient, s3_client: S3Client, key_prefix: str
) -> None:
    ada = await new_user(client)
    digest = base64.b64encode(hashlib.sha256(b"hello").digest()).decode()
    upload = (await ada.request_upload(5, content_type="text/plain", checksum={"value": digest}))[
        "upload"
    ]
    key = await _key(key_prefix, ada, upload)
    await _put_behind_the_apis_back(s3_client, key, b"jello", "text/plain")
    result = await ada.complete_upload(upload["id"])
    assert result["__typename"] == "UploadRejected"
    assert digest in result["message"]


async def test_it_was_cancelled(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    upload = await ada.request_and_send(b"hello")
    await ada.cancel_upload(upload["id"])
    result = await ada.complete_upload(upload["id"])
    assert (result["__typename"], result["code"]) == ("UploadClosed", "UPLOAD_CLOSED")
    assert result["status"] == "CANCELLED"


async def test_a_strangers_upload_looks_as_one_that_does_not_exist(
    client: httpx.AsyncClient,
) -> None:
    ada, bob = await new_user(client), await new_user(client)
    upload = await ada.request_and_send(b"hello")
    strangers = await bob.complete_upload(upload["id"])
    assert (strangers["__typename"], strangers["code"]) == ("UploadNotFound", "UPLOAD_NOT_FOUND")
    for unknown in ("0199c0de-0000-7000-8000-000000000000", "x", "", "\ud800"):
        assert await bob.complete_upload(unknown) == strangers
    assert (await ada.upload(upload["id"]) or {})["status"] == "PENDING"


async def test_nobody_completes_nothing(client: httpx.AsyncClient, clock: SettableClock) -> None:
    query = 'mutation { completeUpload(id: "x") { __typename } }'
    assert (await Api(client).error(query))[0] == "UNAUTHENTICATED"
    ada = await new_user(client)
    clock.advance(hours=1)
    code, message = await ada.error(query)
    assert code == "UNAUTHENTICATED"
    assert "Refresh the session" in message
