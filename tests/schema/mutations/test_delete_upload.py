"""deleteUpload, end to end."""

from __future__ import annotations

import httpx

from tests.api import Api, new_user, send

NOT_FOUND = {
    "__typename": "UploadNotFound",
    "code": "UPLOAD_NOT_FOUND",
    "message": "There is no such upload.",
}


async def test_record_and_object_are_gone(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    stored = await ada.store(b"hello")
    request = await ada.download(stored["id"])
    assert request is not None
    deleted = await ada.delete_upload(stored["id"])
    assert deleted == {"__typename": "UploadDeleted", "id": stored["id"]}
    assert await ada.upload(stored["id"]) is None
    assert (await ada.uploads())["totalCount"] == 0
    assert (await send(request)).status_code == 404
    usage = await ada.data("{ viewer { usage { bytes uploads } } }")
    assert usage == {"viewer": {"usage": {"bytes": 0, "uploads": 0}}}


async def test_uploads_in_other_states_can_be_deleted_too(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    pending = (await ada.request_upload(5))["upload"]
    cancelled = (await ada.request_upload(5))["upload"]
    await ada.cancel_upload(cancelled["id"])
    for upload in (pending, cancelled):
        assert (await ada.delete_upload(upload["id"]))["__typename"] == "UploadDeleted"
        assert await ada.upload(upload["id"]) is None


async def test_nothing_can_be_done_with_it_afterwards(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    upload = (await ada.request_upload(5))["upload"]
    await ada.delete_upload(upload["id"])
    assert await ada.delete_upload(upload["id"]) == NOT_FOUND
    assert await ada.complete_upload(upload["id"]) == NOT_FOUND
    assert await ada.cancel_upload(upload["id"]) == NOT_FOUND
    assert await ada.update_upload(upload["id"], filename="b") == NOT_FOUND


async def test_a_strangers_upload_looks_as_one_that_does_not_exist(
    client: httpx.AsyncClient,
) -> None:
    ada, bob = await new_user(client), await new_user(client)
    stored = await ada.store(b"hello")
    for unknown in (stored["id"], "0199c0de-0000-7000-8000-000000000000", "x", "", "\ud800"):
        assert await bob.delete_upload(unknown) == NOT_FOUND
    assert await ada.download(stored["id"]) is not None


async def test_nobody_deletes_nothing(client: httpx.AsyncClient) -> None:
    code, _ = await Api(client).error('mutation { deleteUpload(id: "x") { __typename } }')
    assert code == "UNAUTHENTICATED"
