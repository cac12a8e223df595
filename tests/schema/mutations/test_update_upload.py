"""updateUpload, end to end."""

from __future__ import annotations

import httpx

from tests.api import Api, new_user, send


async def test_a_new_name_is_what_a_download_is_saved_under(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    stored = await ada.store(b"hello", filename="old.txt", tags=["a"])
    updated = await ada.update_upload(stored["id"], filename="new.txt")
    assert updated == {**stored, "filename": "new.txt"}
    request = await ada.download(stored["id"], disposition="ATTACHMENT")
    assert request is not None
    disposition = (await send(request)).headers["content-disposition"]
    assert disposition == 'attachment; filename="new.txt"'


async def test_tags_are_replaced(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    upload = (await ada.request_upload(5, tags=["a", "b"]))["upload"]
    assert (await ada.update_upload(upload["id"], tags=["c", " c", "d"]))["tags"] == ["c", "d"]
    assert (await ada.update_upload(upload["id"], tags=[]))["tags"] == []


async def test_what_is_null_or_left_out_stays(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    upload = (await ada.request_upload(5, filename="a.txt", tags=["a"]))["upload"]
    for fields in ({}, {"filename": None}, {"tags": None}, {"filename": None, "tags": None}):
        updated = await ada.update_upload(upload["id"], **fields)
        assert (updated["filename"], updated["tags"]) == ("a.txt", ["a"])


async def test_every_wrong_field_is_named(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    upload = (await ada.request_upload(5, filename="a.txt"))["upload"]
    result = await ada.update_upload(upload["id"], filename="a\0b", tags=[""])
    assert (result["__typename"], result["code"]) == ("InvalidInput", "INVALID_INPUT")
    assert [field["path"] for field in result["fields"]] == [["filename"], ["tags", "0"]]
    assert (await ada.upload(upload["id"]) or {})["filename"] == "a.txt"


async def test_a_strangers_upload_looks_as_one_that_does_not_exist(
    client: httpx.AsyncClient,
) -> None:
    ada, bob = await new_user(client), await new_user(client)
    upload = (await ada.request_upload(5, filename="a.txt"))["upload"]
    for fields in ({"filename": "mine.txt"}, {}):
        strangers = await bob.update_upload(upload["id"], **fields)
        assert strangers["__typename"] == "UploadNotFound"
        assert strangers["code"] == "UPLOAD_NOT_FOUND"
        for unknown in ("0199c0de-0000-7000-8000-000000000000", "x", "", "\ud800"):
            assert await bob.update_upload(unknown, **fields) == strangers
    assert (await ada.upload(upload["id"]) or {})["filename"] == "a.txt"


async def test_nobody_updates_nothing(client: httpx.AsyncClient) -> None:
    code, _ = await Api(client).error('mutation { updateUpload(input: {id: "x"}) { __typename } }')
    assert code == "UNAUTHENTICATED"
