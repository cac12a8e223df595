"""Small requests whose answers are large.

`tags` counted as one value, though an upload has up to 50 tags of 100 characters: 2.2 KB in,
61.5 MB out. An answer is now measured before its fields are written: by what each text and list may
hold, and if that is too much, by the records that the answer is about.
"""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from gql_api.container import Container
from gql_api.http.negotiation import GRAPHQL
from gql_api.schema.cost import wire
from tests.api import ROW, Api, Json, new_user

LIMIT_BYTES = 5 * 1024**2
ROWS = 20
EMOJI, CONTROL = "🌊", "\x01"
FOLDED = "\ufdfa"  # A cursor of a list by name has 18 characters for it.


async def fill(ada: Api, container: Container, character: str, **fields: Any) -> list[str]:
    """Record uploads with the largest names and tags; return their ids."""
    small = {"filename": "a.txt", "contentType": "text/plain", "size": 0, **fields}
    ids = [it["upload"]["id"] for it in await ada.request_uploads([small] * ROWS)]
    tags = [character * 98 + f"{number:02}" for number in range(50)]
    largest = {"filename": character * 255, "tags": tags}
    await container.database["uploads"].update_many({}, {"$set": largest})
    return ids


def aliases(count: int, field: str) -> str:
    """Return a query that selects a field this often; # is the number."""
    return "{ " + " ".join(f"a{n}: {field.replace('#', str(n))}" for n in range(count)) + " }"


async def answered(ada: Api, query: str, **variables: Any) -> tuple[int, Json]:
    """Send a query; return the bytes that the answer takes on Lambda, and the answer."""
    response = await ada.post(query, **variables)
    return wire.wire_bytes(response.content), response.json()


def refusal(body: Json) -> Json:
    """Return the only error of an answer that was too large."""
    [error] = body["errors"]
    assert error["extensions"]["code"] in ("BAD_USER_INPUT", "QUERY_TOO_COMPLEX")
    assert body.get("data") is None
    found: Json = error
    return found


LARGE = {
    "tags": aliases(50, "uploads(first: 20) { nodes { tags } }"),
    "tags in one list": "{ uploads(first: 20) { nodes { "
    + " ".join(f"t{n}: tags" for n in range(90))
    + " } } }",
    "edges": aliases(50, "uploads(first: 20) { edges { node { tags } } }"),
    "names and cursors": aliases(50, "uploads(first: 20, orderBy: {field: FILENAME}) { ...N }")
    + " fragment N on UploadConnection { nodes { filename } edges { cursor node { filename } } "
    + "pageInfo { startCursor endCursor } }",
    "URLs of parts": "{ uploads(first: 20) { nodes { transfer { parts(select: ["
    + "{number: 1} " * 100
    + "]) { "
    + " ".join(f"u{n}: url" for n in range(90))
    + " } } } } }",
}  # fmt: skip


DOWNLOAD = "download { url expiresAt }"


@pytest.mark.parametrize("character", [EMOJI, CONTROL, '"', FOLDED])
@pytest.mark.parametrize("attack", LARGE)
async def test_no_answer_is_larger_than_the_limit(
    client: httpx.AsyncClient,
    container: Container,
    monkeypatch: pytest.MonkeyPatch,
    attack: str,
    character: str,
) -> None:
    """What is refused is not even written as JSON."""
    written: list[int] = []

    def record(value: object) -> bytes:
        written.append(len(wire.to_json(value)))
        return wire.to_json(value)

    ada = await new_user(client)
    await fill(ada, container, character)
    monkeypatch.setattr("gql_api.http.view.to_json", record)
    size_bytes, body = await answered(ada, LARGE[attack])
    assert size_bytes <= LIMIT_BYTES
    assert sum(written) <= LIMIT_BYTES
    if "errors" in body:
        refusal(body)


async def test_the_error_says_how_many_rows_fit(
    client: httpx.AsyncClient, container: Container
) -> None:
    ada = await new_user(client)
    for _ in range(5):
        await fill(ada, container, CONTROL)
    fields = " ".join(f"t{n}: tags" for n in range(3))
    query = f"query ($n: Int) {{ uploads(first: $n) {{ nodes {{ {fields} }} }} }}"
    error = refusal((await answered(ada, query, n=100))[1])
    most = error["extensions"]["maxFiles"]
    assert f"first: {most}," in error["message"]
    size_bytes, body = await answered(ada, query, n=most)
    assert len(body["data"]["uploads"]["nodes"]) == most
    # One row more would not have fitted.
    assert size_bytes * (most + 1) / most > LIMIT_BYTES * 0.9
    assert size_bytes <= LIMIT_BYTES


async def test_small_rows_are_not_refused_for_what_they_could_hold(
    client: httpx.AsyncClient, container: Container
) -> None:
    """The largest rows would take 12 MB."""
    ada = await new_user(client)
    await fill(ada, container, "x")
    await container.database["uploads"].update_many({}, {"$set": {"tags": [], "filename": "x"}})
    query = aliases(4, f"uploads(first: 100) {{ nodes {{ ...Row {DOWNLOAD} }} }}") + ROW
    assert len((await ada.data(query))["a3"]["nodes"]) == ROWS


async def test_mutations_are_refused_before_they_write(
    client: httpx.AsyncClient, container: Container
) -> None:
    ada = await new_user(client)
    [first, *_] = await fill(ada, container, CONTROL)
    fields = " ".join(
        f'a{n}: updateUpload(input: {{id: "{first}", filename: "b"}}) {{ ...T }}' for n in range(50)
    )
    query = (
        f"mutation ($s: [PartInput!]) {{ {fields} }} "
        "fragment T on Upload { tags transfer { parts(select: $s) { url } } }"
    )
    refusal((await answered(ada, query, s=[{"number": 1}] * 1000))[1])
    names = await container.database["uploads"].distinct("filename")
    assert names == [CONTROL * 255]


async def test_all_root_fields_share_the_limit(
    client: httpx.AsyncClient, container: Container
) -> None:
    """Each completeUploads once had the whole limit for itself."""
    ada = await new_user(client)
    ids = await fill(ada, container, CONTROL)
    fields = " ".join(f"c{n}: completeUploads(ids: $ids) {{ ...T }}" for n in range(20))
    tags = "fragment T on Upload { t: tags u: tags }"
    query = f"mutation ($ids: [ID!]!) {{ {fields} }} {tags}"
    size_bytes, body = await answered(ada, query, ids=ids)
    assert size_bytes <= LIMIT_BYTES
    refusal(body)


@pytest.mark.parametrize("count", [50, 51])
async def test_root_fields_are_limited(client: httpx.AsyncClient, count: int) -> None:
    ada = await new_user(client)
    here = aliases(30, "uploadLimits { urlTtlSeconds }").removesuffix("}")
    there = aliases(count - 30, "viewer { id }").replace(" a", " b")
    response = await ada.post(
        f"{here} ... {{ ...F }} }} fragment F on Query {there}", {"Accept": GRAPHQL}
    )
    if count > 50:
        assert refusal(response.json())["message"].endswith("51 root fields; the maximum is 50.")
    else:
        assert len(response.json()["data"]) == 50


# ------------------------------------------------------------------ JSON in UTF-8


async def test_json_is_written_in_utf_8(client: httpx.AsyncClient, container: Container) -> None:
    ada = await new_user(client)
    name = "Ünï 写真 🌊\u2028\x7f.txt"
    await ada.request_upload(0, name)
    response = await ada.post("{ uploads { nodes { filename } } }")
    assert json.loads(response.content)["data"]["uploads"]["nodes"] == [{"filename": name}]
    assert name.encode() in response.content
    assert int(response.headers["content-length"]) == len(response.content)


@pytest.mark.parametrize("lone", ["\ud800", "a\udfff", "\udc00\ud800", "\ud83c🌊"])
async def test_lone_surrogates_are_escaped(client: httpx.AsyncClient, lone: str) -> None:
    """UTF-8 has no form for them, and errors repeat what clients send."""
    ada = await new_user(client)
    document = json.dumps(f'{{ uploads(first: "{lone}") {{ totalCount }} }}')
    response = await client.post(
        "/graphql",
        content=f'{{"query": {document}}}',
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {ada.token}"},
    )
    assert response.status_code == 200
    assert json.loads(response.content.decode())["errors"]
    assert json.loads(wire.to_json([lone, {lone: 1}])) == [lone, {lone: 1}]


@pytest.mark.parametrize(
    "text", ["a", "\x00\x1f", '"\\', "é", "\u2028", "写", "🌊", "\ud800", "\x7f"]
)
def test_no_character_takes_more_than_it_counts(text: str) -> None:
    """As AWS's runtime for Python 3.13 sends the response."""
    sent = json.dumps({"body": wire.to_json(text * 9).decode()}, ensure_ascii=False).encode()
    assert len(sent) - len('{"body": ""}') == wire.text_bytes(text * 9)
    assert wire.text_bytes(text * 9) <= 9 * len(text) * wire.CHARACTER_MAX_BYTES + wire.QUOTES_BYTES
