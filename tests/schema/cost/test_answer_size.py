"""Answers that would be too large are refused before anything is written."""

from __future__ import annotations

import random
from typing import Any

import httpx
import pytest
from graphql import (
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from gql_api.container import Container
from gql_api.domain.parts import GIB, MIB
from gql_api.http.negotiation import GRAPHQL
from gql_api.schema.cost import answer_shapes
from gql_api.schema.cost.answer_files import LARGEST_FILES, FileFacts, Measure
from gql_api.schema.cost.answer_size import AnswerEstimate, answer
from gql_api.schema.cost.wire import wire_bytes
from gql_api.schema.schema import create_schema
from tests.api import PART, ROW, TRANSFER, Api, Json, failures, new_user

LAMBDA_MAX_BYTES = 6_291_556
SESSION_TOKEN = "A" * 1200

REQUEST = f"""
mutation ($input: [RequestUploadInput!]!) {{
  requestUploads(input: $input) {{
    ... on UploadTicket {{ created upload {{ ...Row ...Sent }} }} {failures("requestUpload")}
  }}
}}
{ROW} {TRANSFER} {PART}
"""


def files(count: int, size: int = 2 * GIB, **more: object) -> list[Json]:
    """Return inputs of files that by default have 64 parts each."""
    name = {"filename": "clip.mp4", "contentType": "video/mp4", "size": size}
    return [name | more for _ in range(count)]


async def refused(ada: Api, query: str, **variables: Any) -> Json:
    """Send a document that is refused before execution, and return its error's extensions."""
    response = await ada.post(query, {"Accept": GRAPHQL}, **variables)
    assert response.status_code == 400
    assert list(response.json()) == ["errors"]
    [error] = response.json()["errors"]
    assert error["extensions"].pop("code") == "BAD_USER_INPUT"
    assert "bytes" in error["message"]
    extensions: Json = error["extensions"]
    return extensions


@pytest.mark.settings(AWS_SESSION_TOKEN=SESSION_TOKEN)
async def test_what_lambda_would_discard_is_not_recorded(
    client: httpx.AsyncClient, container: Container
) -> None:
    """60 files of 64 parts once answered 6,451,669 bytes, after recording all of them."""
    ada = await new_user(client)
    extensions = await refused(ada, REQUEST, input=files(60))
    assert 30 <= extensions["maxFiles"] < 60
    assert await container.database["uploads"].count_documents({}) == 0
    viewer = await ada.data("{ viewer { usage { uploads } } }")
    assert viewer["viewer"]["usage"]["uploads"] == 0


@pytest.mark.settings(GRAPHQL_MAX_RESPONSE_BYTES="200000")
async def test_the_number_that_fits_is_accepted_and_is_not_too_small(
    client: httpx.AsyncClient,
) -> None:
    ada = await new_user(client)
    most = (await refused(ada, REQUEST, input=files(20)))["maxFiles"]
    response = await ada.post(REQUEST, input=files(most))
    results = response.json()["data"]["requestUploads"]
    assert [len(result["upload"]["transfer"]["parts"]) for result in results] == [64] * most
    # The file that is left out would not have fitted into much less than the limit.
    answer_bytes = wire_bytes(response.content)
    assert answer_bytes <= 200_000
    assert answer_bytes * (most + 1) / most > 100_000


@pytest.mark.settings(GRAPHQL_MAX_RESPONSE_BYTES="65536")
async def test_all_fields_of_an_operation_count_together(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    selection = f"{{ ... on UploadTicket {{ upload {{ ...Sent }} }} }} {TRANSFER} {PART}"
    field, fragments = selection.split("fragment", 1)
    query = (
        "mutation ($one: RequestUploadInput!, $input: [RequestUploadInput!]!) { "
        f"requestUpload(input: $one) {field} more: requestUploads(input: $input) {field} }} "
        f"fragment{fragments}"
    )
    small = files(1, 64 * MIB)
    assert await refused(ada, query, one=files(1)[0], input=small) == {"maxFiles": 0}
    fitting = (await refused(ada, query, one=small[0], input=small * 100))["maxFiles"]
    assert 1 < fitting < 100
    response = await ada.post(query, one=small[0], input=small * (fitting - 1))
    assert "errors" not in response.json()


@pytest.mark.settings(GRAPHQL_MAX_RESPONSE_BYTES="65536")
async def test_completions_are_refused_before_anything_is_settled(
    client: httpx.AsyncClient,
) -> None:
    ada = await new_user(client)
    tags = ["t" * 100 + str(n) for n in range(10)]
    sent = [await ada.store(b"x", tags=[tag[1:] for tag in tags]) for _ in range(2)]
    pending = await ada.request_uploads(files(2, 0))
    ids = [upload["id"] for upload in sent] * 40 + [it["upload"]["id"] for it in pending]
    query = f"mutation ($ids: [ID!]!) {{ completeUploads(ids: $ids) {{ ...Row }} }} {ROW}"
    body = (await ada.post(query, ids=ids)).json()
    assert body["data"] is None
    [error] = body["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    most = error["extensions"]["maxFiles"]
    assert 20 < most < 80
    response = await ada.post(query, ids=ids[:most])
    assert len(response.json()["data"]["completeUploads"]) == most
    assert wire_bytes(response.content) <= 65_536


@pytest.mark.settings(GRAPHQL_MAX_RESPONSE_BYTES="65536")
async def test_batches_are_refused_before_anything_is_changed(client: httpx.AsyncClient) -> None:
    """New names are longer than the recorded ones."""
    ada = await new_user(client)
    ids = [(await ada.store(b"x", filename="🌊" * 255))["id"]] * 100
    for field in ("trashUploads", "restoreUploads"):
        query = f"mutation ($ids: [ID!]!) {{ {field}(ids: $ids) {{ ...Row }} }} {ROW}"
        code, message = await ada.error(query, ids=ids)
        assert (code, "bytes" in message) == ("BAD_USER_INPUT", True)
    assert (await ada.uploads())["totalCount"] == 1
    [pending] = await ada.request_uploads(files(1, 0))
    id = pending["upload"]["id"]
    changes = [{"id": id, "filename": "🌊" * 255}] * 100
    query = f"""mutation ($input: [UpdateUploadInput!]!) {{
      updateUploads(input: $input) {{ ...Row }} }} {ROW}"""
    body = (await ada.post(query, input=changes)).json()
    most = body["errors"][0]["extensions"]["maxFiles"]
    assert 10 < most < 100
    assert ((await ada.upload(id)) or {})["filename"] == "clip.mp4"
    response = await ada.post(query, input=changes[:most])
    assert len(response.json()["data"]["updateUploads"]) == most
    assert wire_bytes(response.content) <= 65_536
    deleted = await ada.delete_uploads(ids[:50])
    assert {result["__typename"] for result in deleted} == {"UploadDeleted"}


@pytest.mark.settings(GRAPHQL_MAX_RESPONSE_BYTES="65536")
async def test_parts_in_queries_are_bounded(client: httpx.AsyncClient) -> None:
    """The document does not say how many parts uploads have: the records do."""
    ada = await new_user(client)
    for _ in range(8):
        await ada.request_uploads(files(1, 1200 * MIB))
    query = f"{{ uploads {{ nodes {{ id ...Sent }} }} }} {TRANSFER} {PART}"
    response = await ada.post(query)
    assert response.json()["data"] is None
    [error] = response.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    most = error["extensions"]["maxFiles"]
    assert 1 <= most < 8
    assert f"first: {most}," in error["message"]
    page = await ada.post(query.replace("uploads", f"uploads(first: {most})"))
    assert [len(it["transfer"]["parts"]) for it in page.json()["data"]["uploads"]["nodes"]] == [
        38
    ] * most


@pytest.mark.settings(GRAPHQL_MAX_RESPONSE_BYTES="65536")
async def test_a_response_over_the_hard_cap_is_replaced(
    client: httpx.AsyncClient, container: Container
) -> None:
    ada = await new_user(client)
    short = [file | {"clientToken": str(n)} for n, file in enumerate(files(100, 0))]
    for upload in await ada.request_uploads(short[:9]):
        assert upload["created"]
    query = """mutation ($input: [RequestUploadInput!]!) {
      requestUploads(input: $input) { ... on UploadTicket { upload { filename } } } }"""
    await ada.post(query, input=short)
    renamed = {"$set": {"filename": "🌊" * 255}}
    await container.database["uploads"].update_many({}, renamed)
    assert await refused(ada, query, input=short) == {}
    assert len((await ada.data(query, input=short[:9]))["requestUploads"]) == 9


# ------------------------------------------------------------------ the estimate itself

NASTY = ("a.txt", "写真 🌊.jpg", '"\\' * 100, "🌊" * 255, "\x01\x7f", "", "x" * 300, "a.png")
TYPES = ("text/plain", 'text/plain;a="\\"\\\\b";c=d', "image/png", "nonsense", "x/" + "y" * 250)
SIZES = (0, 1, 16 * MIB, 17 * MIB, GIB, 6 * 1024**4)


def a_file(chance: random.Random) -> Json:
    """Return an input: often valid, often not."""
    tags = [chance.choice(NASTY) + str(n) for n in range(chance.choice((0, 1, 3, 60)))]
    more: Json = {} if chance.random() < 0.5 else {"tags": [*tags, "", "  "]}
    if chance.random() < 0.3:
        more["checksum"] = {"value": chance.choice(("x", "A" * 43 + "="))}
    if chance.random() < 0.3:
        more["clientToken"] = chance.choice(("t", "x" * 300))
    name, of_type = chance.choice(NASTY), chance.choice(TYPES)
    return {"filename": name, "contentType": of_type, "size": chance.choice(SIZES), **more}


SELECTIONS = (
    REQUEST,
    "mutation ($input: [RequestUploadInput!]!) { requestUploads(input: $input) { __typename } }",
    REQUEST.replace("parts {", "parts(select: [{number: 1}, {number: 1}]) {"),
    REQUEST.replace("...Sent", "... { ...Sent a: transfer { ...T } } ...Sent b: filename")
    + "fragment T on Transfer { c: parts { url } received { number size } partCount }",
)


@pytest.mark.random
@pytest.mark.settings(CHECK_FILE_TYPES="true", CONTENT_TYPES="text/*,image/*,x/*")
@pytest.mark.parametrize("query", SELECTIONS)
async def test_no_answer_is_larger_than_its_estimate(
    client: httpx.AsyncClient, container: Container, query: str
) -> None:
    chance = random.Random(20300131)
    ada = await new_user(client)
    schema = create_schema(introspection=False)
    document = schema.documents.get(query)
    expected = answer(schema._schema, document.node, None)
    for _ in range(3):
        variables = {"input": [a_file(chance) for _ in range(12)]}
        estimate = sum(AnswerEstimate(expected, variables, container).requested_bytes())
        response = await ada.post(query, input=variables["input"])
        assert response.json().get("data"), response.text
        assert wire_bytes(response.content) <= estimate


LISTS = (
    f"{{ uploads(first: 100) {{ nodes {{ ...Row ...Sent }} }} }} {ROW} {TRANSFER} {PART}",
    "{ uploads(first: 100, orderBy: {field: FILENAME}) { edges { cursor node { filename tags } } "
    "pageInfo { startCursor endCursor hasNextPage hasPreviousPage } totalCount } }",
    "{ uploads(last: 100) { nodes { a: download(expiresInSeconds: 0) { method } "
    "b: download(expiresInSeconds: 0) { method } c: download(expiresInSeconds: 0) { url } } } }",
    "{ uploads(first: 100) { nodes { a: download { ...D } download { url } } } } "
    "fragment D on PresignedRequest { method url headers { name value } expiresAt }",
)


@pytest.mark.random
@pytest.mark.settings(GRAPHQL_MAX_RESPONSE_BYTES="131072")
@pytest.mark.parametrize("query", LISTS)
async def test_no_list_is_larger_than_the_measure_of_its_records(
    client: httpx.AsyncClient,
    container: Container,
    monkeypatch: pytest.MonkeyPatch,
    query: str,
) -> None:
    measured: list[int] = []

    def file_bytes(measure: Measure, file: FileFacts) -> int:
        size_bytes = estimate(measure, file)
        if file not in LARGEST_FILES:
            measured.append(size_bytes)
        return size_bytes

    chance = random.Random(20300131)
    ada = await new_user(client)
    for name in (*filter(None, NASTY), "\ufdfa" * 255):
        ticket = await ada.request_upload(chance.choice((0, 17 * MIB)))
        changed: Json = {"filename": name, "tags": [name[:98] + str(n) for n in range(3)]}
        if chance.random() < 0.5:
            changed |= {"status": "STORED"}
        await container.database["uploads"].update_one(
            {"_id": ticket["upload"]["id"]}, {"$set": changed}
        )
    estimate = Measure.file_bytes
    monkeypatch.setattr(Measure, "file_bytes", file_bytes)
    response = await ada.post(query)
    assert response.json()["data"]
    assert len(measured) == len(NASTY)
    assert wire_bytes(response.content) <= sum(measured) + 100


def test_every_text_and_list_has_a_size() -> None:
    schema = create_schema(introspection=False)._schema
    waiting: list[Any] = [
        get_named_type(field.type)
        for root in (schema.query_type, schema.mutation_type)
        if root is not None
        for field in root.fields.values()
    ]
    seen: set[str] = set()
    while waiting:
        of_type = waiting.pop()
        if is_abstract_type(of_type):
            waiting += schema.get_possible_types(of_type)
        elif is_object_type(of_type) and of_type.name not in seen:
            seen.add(of_type.name)
            waiting += [get_named_type(field.type) for field in of_type.fields.values()]
            assert_has_sizes(of_type)
    assert {"PartRequest", "InvalidInput", "UploadClosed", "ApiKey", "PageInfo"} <= seen


def assert_has_sizes(of_type: GraphQLObjectType) -> None:
    for name, field in of_type.fields.items():
        coordinate = f"{of_type.name}.{name}"
        inner = field.type.of_type if is_non_null_type(field.type) else field.type
        if is_list_type(inner):
            lists = answer_shapes.LISTS.keys() | answer_shapes.WHOLE_LISTS.keys()
            assert coordinate in lists | answer_shapes.ROWS | {"Transfer.parts"}
        elif get_named_type(inner).name == "String":
            assert coordinate in answer_shapes.TEXTS


def test_the_default_leaves_room_for_the_envelope_of_lambda(container: Container) -> None:
    most = container.max_response_bytes
    assert most + most // 6 < LAMBDA_MAX_BYTES - 100_000
