"""completeUploads, end to end."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from mypy_boto3_s3 import S3Client

from tests.api import Api, new_user, send_all


async def test_each_upload_succeeds_or_fails_by_itself_in_order(
    client: httpx.AsyncClient, s3_client: S3Client, key_prefix: str
) -> None:
    ada, bob = await new_user(client), await new_user(client)
    sent = [(await ada.request_and_send(b"hello"))["id"] for _ in range(2)]
    strangers = (await bob.request_and_send(b"hello"))["id"]
    nothing_sent = (await ada.request_upload(5))["upload"]["id"]
    cancelled = (await ada.request_and_send(b"hello"))["id"]
    await ada.cancel_upload(cancelled)
    wrong = (await ada.request_upload(5))["upload"]["id"]
    viewer = (await ada.data("{ viewer { id } }"))["viewer"]["id"]
    put = s3_client.put_object
    key = f"{key_prefix}/{viewer}/{wrong}"
    await asyncio.to_thread(lambda: put(Bucket="media", Key=key, Body=b"other size"))

    ids = [sent[0], strangers, nothing_sent, cancelled, wrong, "\ud800", sent[1], sent[0]]
    results = await ada.complete_uploads(ids)
    assert [result["__typename"] for result in results] == [
        "Upload",
        "UploadNotFound",
        "UploadIncomplete",
        "UploadClosed",
        "UploadRejected",
        "UploadNotFound",
        "Upload",
        "Upload",
    ]
    stored = [result for result in results if result["__typename"] == "Upload"]
    assert [result["id"] for result in stored] == [sent[0], sent[1], sent[0]]
    assert {result["status"] for result in stored} == {"STORED"}
    assert results[2]["missingParts"] == [1]
    assert results[3]["status"] == "CANCELLED"
    assert results[4]["upload"]["status"] == "REJECTED"
    assert results[1] == results[5]
    assert (await bob.upload(strangers) or {})["status"] == "PENDING"


async def test_it_is_safe_to_repeat_and_to_say_at_the_same_time(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    files = [{"filename": f"{n}.txt", "contentType": "text/plain", "size": 5} for n in range(20)]
    tickets = await ada.request_uploads(files)
    parts = [ticket["upload"]["transfer"]["parts"][0] for ticket in tickets]
    assert {response.status_code for response in await send_all(parts, b"hello")} == {200}
    ids = [ticket["upload"]["id"] for ticket in tickets]
    first, second = await asyncio.gather(ada.complete_uploads(ids), ada.complete_uploads(ids))
    assert {result["status"] for result in first} == {"STORED"}
    assert first == second == await ada.complete_uploads(ids)
    assert (await ada.uploads(filter={"status": ["STORED"]}))["totalCount"] == 20


async def test_none(client: httpx.AsyncClient) -> None:
    assert await (await new_user(client)).complete_uploads([]) == []


@pytest.mark.parametrize(("count", "refused"), [(100, False), (101, True)])
async def test_a_hundred_and_no_more(client: httpx.AsyncClient, count: int, refused: bool) -> None:
    ada = await new_user(client)
    query = "mutation ($ids: [ID!]!) { completeUploads(ids: $ids) { __typename } }"
    if refused:
        code, message = await ada.error(query, ids=["x"] * count)
        assert code == "BAD_USER_INPUT"
        assert "100" in message
    else:
        assert len((await ada.data(query, ids=["x"] * count))["completeUploads"]) == count


async def test_nobody_completes_nothing(client: httpx.AsyncClient) -> None:
    code, _ = await Api(client).error("mutation { completeUploads(ids: []) { __typename } }")
    assert code == "UNAUTHENTICATED"
