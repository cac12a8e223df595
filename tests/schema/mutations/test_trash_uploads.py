"""trashUploads, end to end."""

from __future__ import annotations

from datetime import datetime

import httpx

from tests.api import new_user
from tests.clock import SettableClock

HIDDEN = {"filter": {"trashed": True}}


async def test_each_upload_succeeds_or_fails_by_itself_in_order(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    ada, bob = await new_user(client), await new_user(client)
    stored, kept = await ada.store(b"hello"), await ada.store(b"hello")
    assert stored.pop("__typename") == "Upload"
    strangers = await bob.store(b"hello")
    pending = (await ada.request_upload(5))["upload"]

    ids = [stored["id"], strangers["id"], pending["id"], "\ud800", stored["id"]]
    first, unknown, closed, nothing, again = await ada.trash_uploads(ids)

    assert first == again
    assert (first["__typename"], first["id"], first["status"]) == ("Upload", stored["id"], "STORED")
    assert datetime.fromisoformat(first["trashedAt"]) == clock()
    assert first["download"] is not None
    assert unknown == nothing
    assert unknown["__typename"] == "UploadNotFound"
    assert (closed["__typename"], closed["status"]) == ("UploadClosed", "PENDING")
    assert "Only a STORED upload" in closed["message"]
    assert [it["id"] for it in (await ada.uploads())["nodes"]] == [pending["id"], kept["id"]]
    page = await ada.uploads(**HIDDEN)
    assert (page["totalCount"], page["nodes"]) == (1, [stored])
    assert (await ada.data("{ viewer { usage { uploads } } }"))["viewer"]["usage"]["uploads"] == 3
    assert (await bob.uploads(**HIDDEN))["totalCount"] == 0
    failure = await ada.cancel_upload(stored["id"])
    assert (failure["code"], failure["status"]) == ("UPLOAD_CLOSED", "STORED")
