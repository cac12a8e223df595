"""cancelUpload, end to end."""

from __future__ import annotations

import httpx

from tests.api import Api, new_user


async def test_a_pending_upload_is_given_up(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    upload = (await ada.request_upload(5))["upload"]
    cancelled = await ada.cancel_upload(upload["id"])
    assert cancelled["__typename"] == "Upload"
    assert cancelled["status"] == "CANCELLED"
    assert cancelled["expiresAt"] is None
    assert (await ada.upload(upload["id"]) or {})["transfer"] is None
    usage = await ada.data("{ viewer { usage { bytes uploads } } }")
    assert usage == {"viewer": {"usage": {"bytes": 0, "uploads": 0}}}


async def test_it_is_safe_to_repeat(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    upload = (await ada.request_upload(5))["upload"]
    cancelled = await ada.cancel_upload(upload["id"])
    assert await ada.cancel_upload(upload["id"]) == cancelled


async def test_a_stored_upload_stays(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    stored = await ada.store(b"hello")
    result = await ada.cancel_upload(stored["id"])
    assert (result["__typename"], result["code"]) == ("UploadClosed", "UPLOAD_CLOSED")
    assert result["status"] == "STORED"
    assert await ada.download(stored["id"]) is not None


async def test_a_strangers_upload_looks_as_one_that_does_not_exist(
    client: httpx.AsyncClient,
) -> None:
    ada, bob = await new_user(client), await new_user(client)
    upload = (await ada.request_upload(5))["upload"]
    strangers = await bob.cancel_upload(upload["id"])
    assert (strangers["__typename"], strangers["code"]) == ("UploadNotFound", "UPLOAD_NOT_FOUND")
    for unknown in ("0199c0de-0000-7000-8000-000000000000", "x", "", "\ud800"):
        assert await bob.cancel_upload(unknown) == strangers
    assert (await ada.upload(upload["id"]) or {})["status"] == "PENDING"


async def test_nobody_cancels_nothing(client: httpx.AsyncClient) -> None:
    code, _ = await Api(client).error('mutation { cancelUpload(id: "x") { __typename } }')
    assert code == "UNAUTHENTICATED"
