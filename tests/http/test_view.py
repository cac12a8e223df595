"""GraphQL over HTTP."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from gql_api.http.negotiation import GRAPHQL, JSON
from gql_api.http.view import BODY_MAX_BYTES
from tests.api import Json

OK = '{"query": "{ __typename }"}'
BY_GET = pytest.mark.settings(GRAPHQL_GET="true")


async def _post(
    client: httpx.AsyncClient, body: str | bytes, content_type: str = JSON, accept: str = GRAPHQL
) -> httpx.Response:
    headers = {"Content-Type": content_type, "Accept": accept}
    return await client.post("/graphql", content=body, headers=headers)


def _refused(response: httpx.Response, status_code: int, expected: str) -> None:
    """Check that the response is a request error in JSON."""
    assert response.status_code == status_code
    body = response.json()
    assert list(body) == ["errors"]
    [error] = body["errors"]
    assert expected in error["message"]
    assert error["extensions"] == {"code": "BAD_REQUEST"}
    assert response.headers["content-type"] in (
        f"{GRAPHQL}; charset=utf-8",
        f"{JSON}; charset=utf-8",
    )


async def test_the_answer_has_the_type_that_is_accepted(client: httpx.AsyncClient) -> None:
    for accept, media_type in ((GRAPHQL, GRAPHQL), (JSON, JSON), ("*/*", JSON)):
        response = await _post(client, OK, accept=accept)
        assert response.status_code == 200
        assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
        assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    "query", ["{", "{ nothing }", "query A {a: __typename} query B {__typename}"]
)
async def test_request_errors_have_no_data(client: httpx.AsyncClient, query: str) -> None:
    body = json.dumps({"query": query})
    for accept, status_code in ((GRAPHQL, 400), (JSON, 200)):
        response = await _post(client, body, accept=accept)
        assert response.status_code == status_code
        assert list(response.json()) == ["errors"]


async def test_errors_of_fields_have_data(client: httpx.AsyncClient) -> None:
    for query, data in (
        ("{ uploads { totalCount } }", None),
        ('{ upload(id: "x") { id } }', {"upload": None}),
    ):
        response = await _post(client, json.dumps({"query": query}))
        assert response.status_code == 200
        assert response.json()["data"] == data
        assert response.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}


async def test_an_operation_is_run_by_name(client: httpx.AsyncClient) -> None:
    query = "query A { a: __typename } query B { b: __typename }"
    for name, data in (("A", {"a": "Query"}), ("B", {"b": "Query"})):
        response = await _post(client, json.dumps({"query": query, "operationName": name}))
        assert response.json() == {"data": data}
    response = await _post(client, json.dumps({"query": query, "operationName": "C"}))
    _refused(response, 400, '"C"')
    response = await _post(client, json.dumps({"query": query, "operationName": None}))
    _refused(response, 400, "operationName")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"\xff", "JSON"),
        (b'{"query": "\xff"}', "JSON"),
        (OK.encode("utf-16"), "JSON"),
        (b'{"query": "{ a }", "variables": {"x": NaN}}', "JSON"),
        (b'{"query": "{ a }", "variables": {"x": -Infinity}}', "JSON"),
        (b'{"query": "{ a }", "variables": {"x": ' + b"9" * 5000 + b"}}", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b'{"a":' * 100_000, "JSON"),
        (b"null", "must be a JSON object"),
        (b"5", "must be a JSON object"),
        (b'"{ __typename }"', "must be a JSON object"),
        (b"[]", "Batches"),
        (f"[{OK}, {OK}]".encode(), "Batches"),
        (b"{}", "No GraphQL query"),
        (b'{"query": null}', "No GraphQL query"),
        (b'{"query": ""}', "No GraphQL query"),
        (b'{"query": 5}', "query must be a string"),
        (b'{"query": ["{ a }"]}', "query must be a string"),
        (b'{"query": "{ a }", "variables": []}', "variables must be an object"),
        (b'{"query": "{ a }", "variables": "{}"}', "variables must be an object"),
        (b'{"query": "{ a }", "operationName": 5}', "operationName must be a string"),
        (b'{"query": "{ a }", "extensions": 5}', "extensions must be an object"),
    ],
)
@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
async def test_bodies_that_are_no_request(
    client: httpx.AsyncClient, body: bytes, expected: str, accept: str
) -> None:
    _refused(await _post(client, body, accept=accept), 400, expected)


async def test_what_is_null_or_unknown_does_no_harm(client: httpx.AsyncClient) -> None:
    body = {"query": "{ __typename }", "variables": None, "operationName": None, "x": 1}
    response = await _post(client, json.dumps({**body, "extensions": None}))
    assert response.json() == {"data": {"__typename": "Query"}}


async def test_variables_can_be_nested_deeply(client: httpx.AsyncClient) -> None:
    nested: object = {}
    for _ in range(300):
        nested = [nested]
    query = "query ($f: UploadFilter) { uploads(filter: $f) { totalCount } }"
    response = await _post(client, json.dumps({"query": query, "variables": {"f": nested}}))
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
    ],
)
async def test_json_in_utf_8(client: httpx.AsyncClient, content_type: str) -> None:
    assert (await _post(client, OK, content_type)).status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/jsonx",
        "x-application/json",
        "application/json; charset=utf-16",
        "",
    ],
)
async def test_other_types_of_request(client: httpx.AsyncClient, content_type: str) -> None:
    _refused(await _post(client, OK, content_type), 415, "application/json")


async def test_no_type_at_all(client: httpx.AsyncClient) -> None:
    _refused(await client.post("/graphql", content=OK), 415, "application/json")


async def test_a_body_up_to_a_mebibyte(client: httpx.AsyncClient) -> None:
    padded = OK.ljust(BODY_MAX_BYTES)
    assert (await _post(client, padded)).status_code == 200
    _refused(await _post(client, padded + " "), 413, str(BODY_MAX_BYTES))


async def test_a_body_is_not_read_beyond_the_limit(client: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b" " * 65_536

    response = await client.post(
        "/graphql", content=endless(), headers={"Content-Type": "application/json"}
    )
    _refused(response, 413, str(BODY_MAX_BYTES))
    assert sent <= BODY_MAX_BYTES + 2 * 65_536


@BY_GET
async def test_queries_by_get(client: httpx.AsyncClient) -> None:
    parameters = {
        "query": "query A($x: Boolean!) { __typename @include(if: $x) } query B { b: __typename }",
        "operationName": "A",
        "variables": '{"x": true}',
    }
    response = await client.get("/graphql", params=parameters, headers={"Accept": GRAPHQL})
    assert response.status_code == 200
    assert response.json() == {"data": {"__typename": "Query"}}


@BY_GET
async def test_no_mutations_by_get(client: httpx.AsyncClient) -> None:
    query = "mutation { logout { sessionsEnded } }"
    response = await client.get("/graphql", params={"query": query})
    _refused(response, 405, "POST")
    assert response.headers["allow"] == "POST"


@BY_GET
@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, "No GraphQL query"),
        ({"query": ""}, "No GraphQL query"),
        ({"query": "{ __typename }", "variables": "{"}, "JSON"),
        ({"query": "{ __typename }", "variables": "[]"}, "variables must be an object"),
        ({"query": "{ __typename }", "extensions": "5"}, "extensions must be an object"),
    ],
)
async def test_bad_parameters(
    client: httpx.AsyncClient, parameters: dict[str, str], expected: str
) -> None:
    _refused(await client.get("/graphql", params=parameters), 400, expected)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "GET"])
async def test_only_post_unless_set(client: httpx.AsyncClient, method: str) -> None:
    """Browsers get no HTML page either."""
    response = await client.request(
        method, "/graphql?query={__typename}", headers={"Accept": "text/html"}
    )
    assert response.headers["allow"] == "POST"
    _refused(response, 405, "Send the request by POST.")


@BY_GET
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/graphql")
    assert response.headers["allow"] == "GET, POST"
    _refused(response, 405, "Send the request by GET or POST.")


@pytest.mark.settings(GRAPHQL_IDE="true")
async def test_the_playground_alone_answers_no_queries(client: httpx.AsyncClient) -> None:
    response = await client.get("/graphql", params={"query": "{ __typename }"})
    assert response.headers["allow"] == "POST"
    _refused(response, 405, "Send this operation by POST.")


@BY_GET
@pytest.mark.settings(GRAPHQL_IDE="true")
async def test_browsers_alone_are_led_to_the_playground(client: httpx.AsyncClient) -> None:
    visit = await client.get("/graphql", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (visit.status_code, visit.headers["location"]) == (307, "/playground")
    _refused(await client.get("/graphql"), 400, "No GraphQL query")
    query = await client.get(
        "/graphql", params={"query": "{ __typename }"}, headers={"Accept": "text/html"}
    )
    assert query.json() == {"data": {"__typename": "Query"}}


async def test_any_text_comes_back_as_it_was_sent(client: httpx.AsyncClient) -> None:
    variables: Json = {"input": {"日本 \u2028 \ud800": 1}}
    query = "query ($input: UploadFilter) { uploads(filter: $input) { totalCount } }"
    response = await _post(client, json.dumps({"query": query, "variables": variables}))
    assert response.status_code == 400
    assert "日本 \u2028 \ud800" in response.json()["errors"][0]["message"]
