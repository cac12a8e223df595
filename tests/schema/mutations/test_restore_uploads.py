"""restoreUploads, end to end."""

from __future__ import annotations

import httpx

from tests.api import new_user


async def test_uploads_come_back_and_others_stay(client: httpx.AsyncClient) -> None:
    ada, bob = await new_user(client), await new_user(client)
    stored, strangers = await ada.store(b"hello"), await bob.store(b"hello")
    pending = (await ada.request_upload(5))["upload"]
    await bob.trash_uploads([strangers["id"]])
    await ada.trash_uploads([stored["id"]])

    ids = [stored["id"], pending["id"], strangers["id"], stored["id"]]
    first, other, unknown, again = await ada.restore_uploads(ids)

    assert first == again
    assert (first["id"], first["status"], first["trashedAt"]) == (stored["id"], "STORED", None)
    assert (other["id"], other["status"], other["trashedAt"]) == (pending["id"], "PENDING", None)
    assert unknown["__typename"] == "UploadNotFound"
    row = (await ada.uploads())["nodes"][1]
    assert row | {"__typename": "Upload"} == stored
    assert (await ada.uploads(filter={"trashed": True}))["totalCount"] == 0
    assert (await bob.uploads())["totalCount"] == 0
