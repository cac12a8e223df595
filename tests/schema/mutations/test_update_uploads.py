"""updateUploads, end to end."""

from __future__ import annotations

import httpx

from tests.api import new_user


async def test_each_change_succeeds_or_fails_by_itself_in_order(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    one, two = [(await ada.request_upload(5, tags=["a"]))["upload"]["id"] for _ in range(2)]
    results = await ada.update_uploads(
        [
            {"id": one, "filename": "b.txt"},
            {"id": two, "tags": [""], "filename": ""},
            {"id": "x", "filename": "b.txt"},
            {"id": one, "filename": None, "tags": ["b"]},
        ]
    )
    assert [it["__typename"] for it in results] == [
        *("Upload", "InvalidInput", "UploadNotFound", "Upload")
    ]
    assert [(results[n]["filename"], results[n]["tags"]) for n in (0, 3)] == [
        ("b.txt", ["a"]),
        ("b.txt", ["b"]),
    ]
    assert [field["path"] for field in results[1]["fields"]] == [["filename"], ["tags", "0"]]
    assert await ada.update_uploads([]) == []
