"""Documents that are too complex are rejected before validation; typical clients' are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from graphql import GraphQLError, get_introspection_query
from strawberry.schema.schema import validate_document

from gql_api.http.negotiation import GRAPHQL, JSON
from gql_api.schema.cost import limits
from gql_api.schema.documents import CACHE_SIZE
from gql_api.schema.schema import create_schema
from gql_api.settings import Settings
from tests.api import PART, ROW, TRANSFER, Json, failures, new_user, new_username
from tests.schema.cost.bombs import BOMBS, TOO_LONG

HEADERS = "headers { name value }"
EVERYTHING = f"""
fragment Everything on Upload {{
  ...Row
  ...Sent
  transfer {{ received {{ number size }} }}
  download {{ method url {HEADERS} expiresAt }}
}}
{ROW} {TRANSFER} {PART}
"""

# Documents that exceed a limit, each with a part of the error message.
REFUSED = {
    "80 levels": "fields and fragments",
    "80 levels of aliases": "81 levels",
    "80 levels of fields": "81 levels",
    "80 levels of inline fragments": "fields and fragments",
    "a chain of nested fields": "901 levels",
    "a cycle of 500": "fields and fragments",
    "aliases": "101 aliases",
    "aliases in a fragment": "150 aliases",
    "one field 3000 times": "3000 fields and fragments",
    "one fragment 3000 times": "5000 fields and fragments",
    "directives": "10 directives at one place",
    "1000 directives": "1000 directives",
    "directives in fragments": "fields and fragments",
    "deep fields": "191 levels",
    "circular introspection": "23 levels",
    "introspection 80 levels": "fields and fragments",
    "introspection by aliases": "values in the response",
    "pages by aliases": "values in the response",
}
# Documents that pass the limits and fail validation.
INVALID = {"a chain", "a cycle of one", "a cycle of two"}
HARMLESS = {"nested fragments"}


async def _post(
    client: httpx.AsyncClient, query: str, variables: Json | None = None, accept: str = GRAPHQL
) -> httpx.Response:
    return await client.post(
        "/graphql", json={"query": query, "variables": variables}, headers={"Accept": accept}
    )


async def _refusal(client: httpx.AsyncClient, query: str) -> str:
    """Check that the document is rejected as too complex; return the error message."""
    response = await _post(client, query)
    assert response.status_code == 400
    body = response.json()
    assert list(body) == ["errors"]
    [error] = body["errors"]
    assert error["extensions"] == {"code": "QUERY_TOO_COMPLEX"}
    return str(error["message"])


@pytest.fixture
def validated(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Record the documents that reach validation."""
    seen: list[object] = []

    def record(schema: Any, document: Any, rules: Any) -> list[GraphQLError]:
        seen.append(document)
        return validate_document(schema, document, rules)

    monkeypatch.setattr("gql_api.schema.documents.validate_document", record)
    return seen


def test_every_bomb_is_accounted_for() -> None:
    assert {*REFUSED, *INVALID, *HARMLESS} == BOMBS.keys()


@pytest.mark.settings(GRAPHQL_INTROSPECTION="true")
@pytest.mark.parametrize("name", REFUSED)
async def test_bombs_are_not_even_validated(
    client: httpx.AsyncClient, validated: list[object], name: str
) -> None:
    message = await _refusal(client, BOMBS[name])
    assert REFUSED[name] in message
    assert validated == []


@pytest.mark.parametrize("name", sorted(INVALID))
async def test_circles_end(client: httpx.AsyncClient, name: str) -> None:
    response = await _post(client, BOMBS[name])
    assert response.status_code == 400
    codes = {error["extensions"]["code"] for error in response.json()["errors"]}
    assert codes == {"GRAPHQL_VALIDATION_FAILED"}


@pytest.mark.parametrize("name", sorted(HARMLESS))
async def test_what_is_harmless_is_answered(client: httpx.AsyncClient, name: str) -> None:
    assert (await _post(client, BOMBS[name])).json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("name", TOO_LONG)
async def test_long_documents_are_not_even_read(client: httpx.AsyncClient, name: str) -> None:
    tokens = "more than 10000 tokens; the maximum is 10000."
    counted = {
        "comments": "5001 lines; the maximum is 5000.",
        "lines": "400001 lines; the maximum is 5000.",
        "old lines": "5001 lines; the maximum is 5000.",
    }.get(name, tokens)
    assert await _refusal(client, TOO_LONG[name]) == f"The query is too complex: it has {counted}"


async def test_clients_of_plain_json_are_told_with_200(client: httpx.AsyncClient) -> None:
    for query in (BOMBS["aliases"], TOO_LONG["tokens"]):
        response = await _post(client, query, accept=JSON)
        assert response.status_code == 200
        assert list(response.json()) == ["errors"]


def _times(count: int, text: str) -> str:
    return " ".join(text.replace("#", str(number)) for number in range(count))


# Each limit, with a function that returns a document with exactly n of what it counts.
EXACTLY: dict[str, tuple[int, Callable[[int], str]]] = {
    "tokens": (limits.TOKENS, lambda n: f"{{ {'a ' * (n - 2)} }}"),
    "levels": (limits.DEPTH, lambda n: f"{{ {'a { ' * (n - 1)} a {'} ' * n}"),
    "fields and fragments": (limits.SELECTIONS, lambda n: f"{{ {'a ' * n} }}"),
    "aliases": (limits.ALIASES, lambda n: f"{{ {_times(n, 'a#: a')} }}"),
    "directives": (limits.DIRECTIVES, lambda n: f"{{ {'a @b ' * n} }}"),
    "directives at one place": (limits.DIRECTIVES_AT_ONCE, lambda n: f"{{ a {'@b ' * n} }}"),
    "values in the response": (
        1000,
        lambda n: f"{{ {'a ' * (n - 100)} uploads(first: 99) {{ a }} }}",
    ),
    "operations": (
        limits.OPERATIONS,
        lambda n: _times(n, "query A# { a }").replace("A0 ", "A "),
    ),
    "root fields": (limits.ROOT_FIELDS, lambda n: f"{{ {'a ' * n} }}"),
    "fields with one name at one place": (
        limits.REPEATS,
        lambda n: f"{{ a {{ {'b ' * (n - 1)} ... {{ ...F }} }} }} fragment F on A {{ b }}",
    ),
    "lines": (limits.LINES, lambda n: "{ a" + "\n" * (n - 1) + "}"),
    "login fields": (1, lambda n: f"mutation {{ {'login ' * n} }}"),
}


@pytest.mark.settings(GRAPHQL_MAX_VALUES="1000")
@pytest.mark.parametrize("what", EXACTLY)
async def test_each_limit_is_the_last_that_passes(client: httpx.AsyncClient, what: str) -> None:
    most, document = EXACTLY[what]
    response = await _post(client, document(most))
    # The document may exceed another limit: 10,000 tokens are also too many fields.
    assert not any(
        error["message"].endswith(f" {what}; the maximum is {most}.")
        for error in response.json()["errors"]
    )
    counted = f"more than {most}" if what == "tokens" else str(most + 1)
    assert await _refusal(client, document(most + 1)) == (
        f"The query is too complex: it has {counted} {what}; the maximum is {most}."
    )


@pytest.mark.parametrize(
    "field", ["login", "logout", "signUp", "refreshSession", "changePassword", "createApiKey"]
)
@pytest.mark.parametrize(
    "twice",
    [
        "mutation { # # }",
        "mutation { a: # b: # }",
        "mutation { # ... on Mutation { b: # } }",
        "mutation { ...F ...G } fragment F on Mutation { # } fragment G on Mutation { b: # }",
        "mutation { ...F ... { ...F } } fragment F on Mutation { # }",
        "mutation A { # } mutation B { # }",
        "mutation { ... @skip(if: true) { # } b: # }",
    ],
)
async def test_one_try_a_document(client: httpx.AsyncClient, field: str, twice: str) -> None:
    call = f"{field} {{ __typename }}"
    assert await _refusal(client, twice.replace("#", call)) == (
        f"The query is too complex: it has 2 {field} fields; the maximum is 1."
    )


async def test_different_ones_may_stand_together(client: httpx.AsyncClient) -> None:
    query = """
    mutation ($username: String!, $password: String!) {
      signUp(input: {username: $username, password: $password}) { __typename }
      login(input: {username: $username, password: $password}) { __typename }
    }"""
    name, password = new_username(), "correct horse battery staple"
    response = await _post(client, query, {"username": name, "password": password})
    session = {"__typename": "Session"}
    assert response.json() == {"data": {"signUp": session, "login": session}}


@pytest.mark.settings(GRAPHQL_MAX_VALUES="1000")
async def test_a_document_that_was_fine_may_be_too_complex_with_other_variables(
    client: httpx.AsyncClient,
) -> None:
    """Parsing and validation are cached; the limits are not."""
    ada = await new_user(client)
    query = f"query ($n: Int) {{ uploads(first: $n) {{ nodes {{ ...Row }} }} }} {ROW}"
    for _ in range(2):
        assert await ada.data(query, n=15) == {"uploads": {"nodes": []}}
        code, message = await ada.error(query, n=100)
        assert code == "QUERY_TOO_COMPLEX"
        assert "6301 values in the response; the maximum is 1000" in message


async def test_what_is_refused_takes_bounded_room() -> None:
    schema = create_schema(introspection=False)
    for query in (
        TOO_LONG["tokens"],
        *(f"{{ a{n} {'@a ' * 10} }}" for n in range(CACHE_SIZE + 10)),
    ):
        result = await schema.execute(query)
        assert [(error.extensions or {})["code"] for error in result.errors or ()] == [
            "QUERY_TOO_COMPLEX"
        ]
    assert schema.documents.kept.cache_info().currsize == CACHE_SIZE


# ------------------------------------------------------------------ documents that must pass


@pytest.mark.settings(GRAPHQL_INTROSPECTION="true")
async def test_graphiql_asks_for_the_schema(client: httpx.AsyncClient) -> None:
    query = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )
    assert "errors" not in (await _post(client, query)).json()


async def test_a_client_asks_for_everything_about_100_uploads(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    await ada.request_uploads([_file(number) for number in range(100)])
    query = f"""
    {{ uploads(first: 100) {{
      totalCount
      nodes {{ ...Everything }}
      edges {{ cursor node {{ ...Everything }} }}
      pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
    }} }} {EVERYTHING}"""
    uploads = (await ada.data(query))["uploads"]
    assert len(uploads["nodes"]) == 100
    assert uploads["nodes"] == [edge["node"] for edge in uploads["edges"]]


async def test_a_client_requests_500_files_with_their_parts(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    query = f"""
    mutation ($input: [RequestUploadInput!]!) {{ requestUploads(input: $input) {{
      {failures("requestUpload")}
      ... on UploadTicket {{ created upload {{ ...Everything }} }}
    }} }} {EVERYTHING}"""
    files = [_file(number) for number in range(500)]
    results = (await ada.data(query, input=files))["requestUploads"]
    assert [len(result["upload"]["transfer"]["parts"]) for result in results] == [1] * 500


async def test_a_script_spells_500_files_out(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    files = _times(500, '{filename: "#", contentType: "a/b", size: 1}')
    query = (
        f"mutation {{ requestUploads(input: [{files}]) {{ ... on UploadTicket {{ created }} }} }}"
    )
    assert (await ada.data(query))["requestUploads"] == [{"created": True}] * 500


async def test_a_script_completes_50_uploads_at_once(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    one = f'c#: completeUpload(id: "#") {{ {failures("completeUpload")} ...Row }}'
    data = await ada.data(f"mutation {{ {_times(50, one)} }} {ROW}")
    assert [result["code"] for result in data.values()] == ["UPLOAD_NOT_FOUND"] * 50


def test_the_default_is_the_setting_s(settings: Settings) -> None:
    assert settings.graphql_max_values == limits.VALUES


def _file(number: int) -> Json:
    return {"filename": f"{number}.txt", "contentType": "text/plain", "size": 10}
