"""requestUploads, end to end."""

from __future__ import annotations

import httpx
import pytest

from tests.api import Api, Json, new_user, send_all


def _file(name: str, size: int = 5, **more: object) -> Json:
    return {"filename": name, "contentType": "text/plain", "size": size, **more}


@pytest.mark.settings(
    USER_QUOTA_BYTES="1000", MAX_UPLOAD_BYTES="900", CONTENT_TYPES="text/plain,image/*"
)
async def test_each_file_succeeds_or_fails_by_itself_in_order(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    await ada.request_upload(5, clientToken="used")
    results = await ada.request_uploads(
        [
            _file("a.txt"),
            _file(""),
            _file("b.txt", 901),
            _file("c.txt", contentType="video/mp4"),
            _file("d.txt", 900),
            _file("e.txt", 900),
            _file("f.txt", clientToken="used"),
            _file("g.txt"),
        ]
    )
    assert [result["__typename"] for result in results] == [
        "UploadTicket",
        "InvalidInput",
        "FileTooLarge",
        "UnsupportedMediaType",
        "UploadTicket",
        "QuotaExceeded",
        "ClientTokenReused",
        "UploadTicket",
    ]
    names = [result["upload"]["filename"] for result in results if "upload" in result]
    assert names == ["a.txt", "d.txt", "g.txt"]
    assert results[1]["fields"][0]["path"] == ["filename"]
    assert results[2]["maxUploadBytes"] == 900
    assert results[3]["contentTypes"] == ["text/plain", "image/*"]
    assert results[5]["availableBytes"] == 1000 - 5 - 5 - 900 - 5  # Including g.txt.


async def test_each_has_requests_of_its_own(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    results = await ada.request_uploads([_file("a.txt"), _file("b.txt")])
    parts = [result["upload"]["transfer"]["parts"][0] for result in results]
    assert [response.status_code for response in await send_all(parts, b"hello")] == [200, 200]
    for result in results:
        assert (await ada.complete_upload(result["upload"]["id"]))["status"] == "STORED"


async def test_a_client_token_twice_in_one_call_is_one_upload(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    first, second = await ada.request_uploads([_file("a.txt", clientToken="t")] * 2)
    assert first["upload"]["id"] == second["upload"]["id"]
    assert [first["created"], second["created"]] == [True, False]


async def test_none(client: httpx.AsyncClient) -> None:
    assert await (await new_user(client)).request_uploads([]) == []


async def test_five_hundred_and_no_more(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    files = [_file(f"{'x' * 200}-{number}.txt") for number in range(501)]
    results = await ada.request_uploads(files[:500])
    ids = [result["upload"]["id"] for result in results]
    assert len(set(ids)) == 500
    assert ids == sorted(ids)
    query = "mutation ($input: [RequestUploadInput!]!) { requestUploads(input: $input) "
    code, message = await ada.error(query + "{ __typename } }", input=files)
    assert code == "BAD_USER_INPUT"
    assert "500" in message
    assert (await ada.uploads(first=1))["totalCount"] == 500


async def test_nobody_requests_nothing(client: httpx.AsyncClient) -> None:
    code, _ = await Api(client).error("mutation { requestUploads(input: []) { __typename } }")
    assert code == "UNAUTHENTICATED"
