"""deleteUploads, end to end."""

from __future__ import annotations

import httpx

from tests.api import new_user, send
from tests.schema.mutations.test_delete_upload import NOT_FOUND


async def test_records_and_objects_are_gone(client: httpx.AsyncClient) -> None:
    ada, bob = await new_user(client), await new_user(client)
    stored, trashed = await ada.store(b"hello"), await ada.store(b"hello")
    await ada.trash_uploads([trashed["id"]])
    pending, strangers = (await ada.request_upload(5))["upload"], await bob.store(b"hello")
    requests = [await ada.download(it["id"]) for it in (stored, trashed)]

    ids = [it["id"] for it in (stored, strangers, trashed, pending, stored)]
    results = await ada.delete_uploads(ids)

    deleted = [{"__typename": "UploadDeleted", "id": id} for id in ids]
    assert results == [deleted[0], NOT_FOUND, *deleted[2:]]
    assert [(await send(it)).status_code for it in requests if it] == [404, 404]
    assert (await ada.uploads())["totalCount"] == 0
    assert (await ada.uploads(filter={"trashed": True}))["totalCount"] == 0
    assert await ada.data("{ viewer { usage { bytes } } }") == {"viewer": {"usage": {"bytes": 0}}}
    assert await ada.delete_uploads(ids[:1]) == [NOT_FOUND]
    assert (await bob.uploads())["totalCount"] == 1
