"""requestUpload, end to end, verified against a real bucket."""

from __future__ import annotations

import base64
import hashlib

import httpx
import pytest

from tests.api import Api, new_user, send, send_all

MIB = 1024 * 1024
REQUEST = """
mutation { requestUpload(input: { filename: "a", contentType: "a/b", size: 1 }) { __typename } }
"""


def _sha256(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


async def test_the_bucket_takes_the_bytes_with_exactly_these_headers(
    client: httpx.AsyncClient,
) -> None:
    ada = await new_user(client)
    ticket = await ada.request_upload(5, filename="ü.txt", content_type="Text/Plain")
    assert ticket["__typename"] == "UploadTicket"
    assert ticket["created"] is True
    upload = ticket["upload"]
    assert upload["status"] == "PENDING"
    assert upload["filename"] == "ü.txt"
    assert upload["contentType"] == "text/plain"
    assert upload["expiresAt"] > upload["createdAt"]
    assert upload["storedAt"] is None
    [part] = upload["transfer"]["parts"]
    assert (part["number"], part["offset"], part["size"], part["method"]) == (1, 0, 5, "PUT")
    assert (await send(part, b"hello")).status_code == 200


async def test_the_bucket_refuses_anything_else(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    ticket = await ada.request_upload(5, content_type="text/plain")
    [part] = ticket["upload"]["transfer"]["parts"]
    other_type = [
        {**header, "value": "text/html"} if header["name"].lower() == "content-type" else header
        for header in part["headers"]
    ]
    for request, data in (
        (part, b"hello!"),
        ({**part, "headers": other_type}, b"hello"),
        ({**part, "url": part["url"].replace(ticket["upload"]["id"], "other")}, b"hello"),
        ({**part, "method": "DELETE"}, None),
    ):
        assert (await send(request, data)).status_code == 403
    assert (await ada.complete_upload(ticket["upload"]["id"]))["code"] == "UPLOAD_INCOMPLETE"


async def test_a_checksum_that_the_store_cannot_verify_is_invalid(
    client: httpx.AsyncClient,
) -> None:
    ada = await new_user(client)
    checksum = {"algorithm": "CRC64NVME", "value": "rosUhgp5mIg="}
    refused = await ada.request_upload(9, checksum=checksum)
    assert refused["__typename"] == "InvalidInput"
    sentence = "is a CRC64NVME, which this store cannot verify; use SHA256"
    assert refused["fields"] == [{"path": ["checksum"], "message": sentence}]


async def test_an_empty_file(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    stored = await ada.store(b"")
    assert (stored["status"], stored["size"]) == ("STORED", 0)


@pytest.mark.settings(SINGLE_PART_MAX_BYTES=str(5 * MIB))
async def test_a_large_file_is_sent_in_parts(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    data = bytes(range(256)) * (20 * MIB // 256) + b"end"
    ticket = await ada.request_upload(len(data))
    transfer = ticket["upload"]["transfer"]
    assert transfer["partCount"] == len(transfer["parts"]) == 2
    first, second = transfer["parts"]
    assert first["size"] == transfer["partSize"] == second["offset"]
    assert second["offset"] + second["size"] == len(data)
    responses = await send_all([second, first], data)
    assert [response.status_code for response in responses] == [200, 200]
    assert (await ada.complete_upload(ticket["upload"]["id"]))["status"] == "STORED"


async def test_what_is_declared_comes_back(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    checksum = {"algorithm": "SHA256", "value": _sha256(b"hello")}
    ticket = await ada.request_upload(5, checksum=checksum, tags=["a", " b ", "a"])
    assert ticket["upload"]["checksum"] == checksum
    assert ticket["upload"]["tags"] == ["a", "b"]
    [part] = ticket["upload"]["transfer"]["parts"]
    headers = {header["name"].lower(): header["value"] for header in part["headers"]}
    assert headers["x-amz-checksum-sha256"] == checksum["value"]


async def test_sha256_is_the_default_algorithm(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    ticket = await ada.request_upload(5, checksum={"value": _sha256(b"hello")})
    assert ticket["upload"]["checksum"]["algorithm"] == "SHA256"


async def test_it_counts_against_the_quota(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    await ada.request_upload(7)
    data = await ada.data("{ viewer { usage { bytes uploads } } }")
    assert data == {"viewer": {"usage": {"bytes": 7, "uploads": 1}}}


async def test_a_client_token_finds_the_same_upload_again(client: httpx.AsyncClient) -> None:
    ada, bob = await new_user(client), await new_user(client)
    first = await ada.request_upload(5, clientToken="t")
    again = await ada.request_upload(5, clientToken="t")
    assert (first["created"], again["created"]) == (True, False)
    assert again["upload"]["id"] == first["upload"]["id"]
    assert (await bob.request_upload(5, clientToken="t"))["created"] is True


async def test_a_client_token_belongs_to_one_file(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    await ada.request_upload(5, clientToken="t")
    other = await ada.request_upload(6, clientToken="t")
    assert (other["__typename"], other["code"]) == ("ClientTokenReused", "CLIENT_TOKEN_REUSED")


@pytest.mark.settings(MAX_UPLOAD_BYTES="1000")
async def test_a_file_can_be_too_large(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    assert (await ada.request_upload(1000))["__typename"] == "UploadTicket"
    result = await ada.request_upload(1001)
    assert (result["__typename"], result["code"]) == ("FileTooLarge", "FILE_TOO_LARGE")
    assert result["maxUploadBytes"] == 1000


@pytest.mark.settings(CONTENT_TYPES="image/*,text/plain")
async def test_a_type_can_be_unsupported(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    assert (await ada.request_upload(1, content_type="image/webp"))["created"]
    result = await ada.request_upload(1, content_type="text/html")
    assert result["__typename"] == "UnsupportedMediaType"
    assert result["code"] == "UNSUPPORTED_MEDIA_TYPE"
    assert result["contentTypes"] == ["image/*", "text/plain"]


@pytest.mark.settings(USER_QUOTA_BYTES="1000")
async def test_the_quota_can_be_exceeded(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    await ada.request_upload(600)
    result = await ada.request_upload(401)
    assert (result["__typename"], result["code"]) == ("QuotaExceeded", "QUOTA_EXCEEDED")
    assert result["availableBytes"] == 400
    assert (await ada.request_upload(400))["__typename"] == "UploadTicket"


async def test_every_wrong_field_is_named(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    result = await ada.request_upload(
        1,
        filename="",
        content_type="image",
        checksum={"value": "not Base64"},
        clientToken="",
        tags=["fine", ""],
    )
    assert (result["__typename"], result["code"]) == ("InvalidInput", "INVALID_INPUT")
    assert [field["path"] for field in result["fields"]] == [
        ["filename"],
        ["contentType"],
        ["checksum"],
        ["clientToken"],
        ["tags", "1"],
    ]


async def test_nobody_requests_nothing(client: httpx.AsyncClient) -> None:
    code, message = await Api(client).error(REQUEST)
    assert code == "UNAUTHENTICATED"
    assert "Authorization" in message
    assert (await Api(client, "stale").error(REQUEST))[0] == "UNAUTHENTICATED"
