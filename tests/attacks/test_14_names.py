"""Names that hide what they are, and tags that look the same but differ."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from gql_api.adapters.mongo.schema import MongoSchema
from gql_api.container import Container
from tests.api import Api, new_user, send

COMPOSED, DECOMPOSED = "caf\u00e9", "cafe\u0301"
HALF = "\u00ea\u0301"  # Vietnamese keyboards type ế as ê and an accent.
CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "visible_names.json").read_text(encoding="utf-8")
)


async def download_name(api: Api, filename: str) -> str:
    """Store a file of this name and return the name under which browsers save it."""
    stored = await api.store(b"x", filename=filename)
    assert stored["filename"] == filename
    download = await api.download(stored["id"])
    assert download is not None
    disposition = (await send(download)).headers["content-disposition"]
    exact = re.search(r"filename\*=UTF-8''(\S+)$", disposition)
    plain = re.search(r'filename="([^"]*)"', disposition)
    assert plain is not None
    return unquote(exact[1]) if exact else plain[1]


async def test_a_download_hides_and_reorders_no_character(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    tried = 0
    for case in CASES:
        name, shown = case["name"], case["shown"]
        if not name.strip() or "\0" in name or "\ud800" in name or "[U+" in name:
            continue  # The first three are refused; the last one is a name as it is.
        expected = re.sub(r"\[U\+[0-9A-F]{4,6}\]", "_", shown)
        saved = await download_name(ada, name)
        assert saved == expected or (shown == "(blank)" and set(saved) <= set("_\u2800")), case
        tried += 1
    assert tried > 45


async def test_a_picture_is_no_program(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    assert await download_name(ada, "holiday\u202egnp.exe") == "holiday_gnp.exe"


async def found(api: Api, tag: str) -> int:
    count: int = (await api.uploads(filter={"tags": [tag]}))["totalCount"]
    return count


@pytest.mark.parametrize("written", [COMPOSED, DECOMPOSED])
async def test_tags_that_look_the_same_are_one(client: httpx.AsyncClient, written: str) -> None:
    ada = await new_user(client)
    ticket = await ada.request_upload(1, tags=[COMPOSED, written, DECOMPOSED, HALF, "\u1ebf"])
    upload = ticket["upload"]
    assert upload["tags"] == [COMPOSED, "\u1ebf"]
    assert [await found(ada, tag) for tag in (COMPOSED, DECOMPOSED, HALF)] == [1, 1, 1]
    updated = await ada.update_upload(upload["id"], tags=[DECOMPOSED, " ", COMPOSED])
    assert updated["fields"] == [{"path": ["tags", "1"], "message": "must not be empty"}]
    updated = await ada.update_upload(upload["id"], tags=[DECOMPOSED, COMPOSED])
    assert updated["tags"] == [COMPOSED]
    assert (await found(ada, DECOMPOSED), await found(ada, HALF)) == (1, 0)


async def test_tags_of_earlier_releases_are_found(
    client: httpx.AsyncClient, container: Container
) -> None:
    ada = await new_user(client)
    ids = [(await ada.request_upload(1, tags=["a"]))["upload"]["id"] for _ in range(3)]
    records = container.database["uploads"]
    for id, tags in zip(ids, ([DECOMPOSED, COMPOSED, "b"], [HALF], ["\u00e9"]), strict=True):
        await records.update_one({"_id": id}, {"$set": {"tags": tags}})
    assert await found(ada, COMPOSED) == 1
    assert await found(ada, HALF) == 0
    for _ in range(2):  # It may be interrupted and repeated.
        await MongoSchema(container.database, indexes={}).apply(1, print)
        assert [await found(ada, tag) for tag in (COMPOSED, HALF, "e\u0301")] == [1, 1, 1]
    current = [(await ada.upload(id) or {}).get("tags") for id in ids]
    assert current == [[COMPOSED, "b"], ["\u1ebf"], ["\u00e9"]]
