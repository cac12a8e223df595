"""What a user may have and do is counted: uploads of no bytes, logins, and networks of addresses."""

from __future__ import annotations

import asyncio
import collections
import itertools

import httpx
import pytest

from gql_api.container import Container
from tests.api import Api, new_user

EMPTY = {"filename": "empty.txt", "contentType": "text/plain", "size": 0}
USAGE = "{ viewer { usage { bytes uploads quotaBytes quotaUploads } } }"


@pytest.mark.settings(USER_UPLOADS_MAX="20")
async def test_empty_files_count(client: httpx.AsyncClient, container: Container) -> None:
    ada, bob = await new_user(client), await new_user(client)
    results = await ada.request_uploads([EMPTY] * 100)
    kinds = [result["__typename"] for result in results]
    assert kinds == ["UploadTicket"] * 20 + ["QuotaExceeded"] * 80
    refused = results[-1]
    assert refused["message"].startswith("You have as many uploads as your quota allows.")
    assert refused["availableBytes"] == 100 * 2**30
    assert await container.database["uploads"].count_documents({}) == 20
    usage = (await ada.data(USAGE))["viewer"]["usage"]
    assert usage == {"bytes": 0, "uploads": 20, "quotaBytes": 100 * 2**30, "quotaUploads": 20}
    assert (await bob.request_upload(0))["__typename"] == "UploadTicket"


@pytest.mark.settings(USER_UPLOADS_MAX="20")
async def test_no_number_of_requests_at_once_makes_one_upload_more(
    client: httpx.AsyncClient, container: Container
) -> None:
    users = [await new_user(client) for _ in range(3)]
    batches = (user.request_uploads([EMPTY] * 3) for user in users for _ in range(10))
    singles = (user.request_uploads([{**EMPTY, "size": 1}]) for user in users for _ in range(10))
    answers = await asyncio.gather(*batches, *singles)
    results = list(itertools.chain.from_iterable(answers))
    assert {it["__typename"] for it in results} == {"UploadTicket", "QuotaExceeded"}
    owners = [row["owner"] async for row in container.database["uploads"].find({})]
    assert set(collections.Counter(owners).values()) == {20}
    for user in users:
        assert (await user.data(USAGE))["viewer"]["usage"]["uploads"] == 20


@pytest.mark.settings(USER_UPLOADS_MAX="2")
async def test_what_ends_makes_room(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    stored = await ada.store(b"")
    pending = (await ada.request_upload(0, clientToken="again"))["upload"]
    assert (await ada.request_upload(0))["__typename"] == "QuotaExceeded"
    repeated = await ada.request_upload(0, clientToken="again")
    assert (repeated["__typename"], repeated["created"]) == ("UploadTicket", False)
    await ada.cancel_upload(pending["id"])
    await ada.cancel_upload(pending["id"])
    assert (await ada.request_upload(0))["__typename"] == "UploadTicket"
    assert (await ada.request_upload(0))["__typename"] == "QuotaExceeded"
    await ada.delete_upload(stored["id"])
    assert (await ada.request_upload(0))["__typename"] == "UploadTicket"
    assert (await ada.request_upload(0))["__typename"] == "QuotaExceeded"


@pytest.mark.settings(USER_UPLOADS_MAX="")
async def test_without_a_limit_there_is_none(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    assert {it["__typename"] for it in await ada.request_uploads([EMPTY] * 50)} == {"UploadTicket"}
    assert (await ada.data(USAGE))["viewer"]["usage"]["quotaUploads"] is None


async def test_a_million_is_the_default(client: httpx.AsyncClient, container: Container) -> None:
    ada: Api = await new_user(client)
    usage = {"usage.uploads": 999_999}
    await container.database["users"].update_one({}, {"$set": usage})
    kinds = [it["__typename"] for it in await ada.request_uploads([EMPTY] * 2)]
    assert kinds == ["UploadTicket", "QuotaExceeded"]
