"""Documents with several operations: what is measured is the operation that is executed.

Defaults of variables were once merged by name over all operations, and the last one counted. Then
6 KB answered with 51.5 MB: operation A was executed, and B's small defaults were measured.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from gql_api.container import Container
from gql_api.domain.parts import GIB
from gql_api.http.negotiation import GRAPHQL
from tests.api import Api, Json, new_user
from tests.attacks.comparisons import compared

PARTS = ", ".join(f"{{number: {number + 1}}}" for number in range(320))
URLS = "url a: url b: url c: url d: url e: url"  # The service once counted each URL once.
PAGE = f"uploads(first: $n) {{ nodes {{ transfer {{ parts(select: $s) {{ {URLS} }} }} }} }}"
BIG, SMALL = (
    f"($n: Int = 100, $s: [PartInput!] = [{PARTS}])",
    "($n: Int = 1, $s: [PartInput!] = [])",
)
PAGES = " ".join(f"a{number}: {PAGE}" for number in range(15))
ATTACK = f"query A{BIG} {{ {PAGES} }} query B{SMALL} {{ {PAGE} }}"
FILE = {"filename": "clip.mp4", "contentType": "video/mp4", "size": 11 * GIB}


async def execute(api: Api, query: str, name: str | None, **variables: Any) -> httpx.Response:
    """Execute the operation of this name."""
    signed = {"Authorization": f"Bearer {api.token}", "Accept": GRAPHQL}
    return await api.client.post(
        "/graphql",
        json={"query": query, "operationName": name, "variables": variables},
        headers=signed,
    )


def codes(response: httpx.Response) -> set[str]:
    """Return the codes of the errors of a response."""
    body: Json = response.json()
    return {error["extensions"]["code"] for error in body.get("errors", ())}


async def test_the_operation_that_runs_is_measured_with_its_own_defaults(
    client: httpx.AsyncClient,
) -> None:
    ada = await new_user(client)
    await ada.request_uploads([FILE])
    for _ in range(2):  # The second time, the measure is taken from the memory of documents.
        response = await execute(ada, ATTACK, "A")
        assert codes(response) == {"QUERY_TOO_COMPLEX"}  # It is not executed.
        assert "values in the response" in response.text
        harmless = await execute(ada, ATTACK, "B")
        assert codes(harmless) == set()
        assert len(harmless.json()["data"]["uploads"]["nodes"]) == 1


@pytest.mark.settings(GRAPHQL_MAX_VALUES="1000")
async def test_the_order_of_operations_does_not_matter(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    one = "query A($n: Int = 100) { ...F } "
    other = "query B($n: Int = 1) { ...F } "
    fragment = (
        "fragment F on Query { uploads(first: $n) { nodes { id filename size status tags } } }"
    )
    for query in (one + other + fragment, other + one + fragment, fragment + one + other):
        assert codes(await execute(ada, query, "A")) == {"QUERY_TOO_COMPLEX"}
        assert codes(await execute(ada, query, "B")) == set()
        assert codes(await execute(ada, query, "A", n=1)) == set()
        assert codes(await execute(ada, query, "B", n=100)) == {"QUERY_TOO_COMPLEX"}
        assert codes(await execute(ada, query, None)) == {"BAD_REQUEST"}


async def test_files_in_a_default_are_measured_before_they_are_recorded(
    client: httpx.AsyncClient, container: Container
) -> None:
    ada = await new_user(client)
    file = '{filename: "clip.mp4", contentType: "video/mp4", size: 2147483648}'
    query = (
        f"mutation A($input: [RequestUploadInput!]! = [{file * 120}]) {{ "
        "requestUploads(input: $input) { ... on UploadTicket { upload { transfer { "
        "parts { url headers { name value } number offset size expiresAt } } } } } } "
        "mutation B($input: [RequestUploadInput!]! = []) { requestUploads(input: $input) { "
        "__typename } }"
    )
    response = await execute(ada, query, "A")
    assert codes(response) == {"BAD_USER_INPUT"}
    assert response.json()["errors"][0]["extensions"]["maxFiles"] > 0
    assert await container.database["uploads"].count_documents({}) == 0


async def test_other_operations_must_be_harmless_to_validate(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    usages = "$a " * 1_000
    many = " ".join(f"query A{n}($a: String) {{ ...F }}" for n in range(300))
    query = (
        f"{many} fragment F on Query {{ uploads(filter: {{tags: [{usages}]}}) {{ totalCount }} }}"
    )
    response = await execute(ada, query, "A1")
    assert codes(response) == {"QUERY_TOO_COMPLEX"}
    assert "300 operations; the maximum is 20" in response.text
    repeated = f"query A {{ __typename }} query B {{ {'viewer { id } ' * 200} }}"
    with compared() as pairs:
        assert codes(await execute(ada, repeated, "A")) == {"QUERY_TOO_COMPLEX"}
    assert pairs.count == 0


async def test_a_file_of_operations_may_be_sent_whole(client: httpx.AsyncClient) -> None:
    """Only the lists of the executed operation count."""
    ada = await new_user(client)
    large = "uploads(first: 100) { nodes { transfer { parts { url headers { name } } } } }"
    query = " ".join(f"query Q{n} {{ {large} }}" for n in range(20))
    assert codes(await execute(ada, query, "Q7")) == set()
