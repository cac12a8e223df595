"""The work for a request grows at most linearly with its size, plus what the limits allow.

Work is counted, never timed: pairs that validation compares, functions that reading and validating
call, values and bytes of the answer, and calls to the storage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from cProfile import Profile
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
import pytest
from graphql import GraphQLError

from gql_api.container import Container
from gql_api.domain.parts import GIB
from gql_api.domain.storage_budget import REQUEST_CALLS
from gql_api.schema.cost import limits
from gql_api.schema.cost.wire import wire_bytes
from gql_api.schema.schema import Schema, create_schema
from tests.api import Api, Json, new_user
from tests.attacks.comparisons import compared
from tests.attacks.generated import Documents
from tests.attacks.storage_calls import StorageCalls
from tests.attacks.test_01_repeated_fields import ATTACKS
from tests.attacks.test_03_bytes_out import LARGE
from tests.random_work import SOAK_FACTOR, generator
from tests.schema.cost.bombs import BOMBS, TOO_LONG

LIMIT_BYTES = 5 * 1024**2
# Calls of functions to lex, parse, measure and validate one token, and to compare one pair.
CALLS_PER_TOKEN = 60
CALLS_PER_COMPARISON = 5
# Of one request that is refused or fails at once.
CALLS = 20_000
WORST = {**BOMBS, **ATTACKS, **LARGE, **TOO_LONG}


@dataclass
class Calls:
    """The number of Python functions called."""

    count: int = 0


@contextmanager
def called() -> Iterator[Calls]:
    """Count the functions that are called within this context; the count is known at its end."""
    calls = Calls()
    with Profile(builtins=False) as profile:
        yield calls
    calls.count = sum(entry.callcount for entry in profile.getstats())


def leaves(value: object) -> int:
    """Return the number of values in JSON."""
    if isinstance(value, dict):
        return 1 + sum(map(leaves, value.values()))
    return 1 + sum(map(leaves, value)) if isinstance(value, list) else 1


@dataclass(frozen=True)
class Stage:
    """A user with files, and the calls that the service makes to the storage."""

    ada: Api
    upload_id: str
    storage: StorageCalls

    async def send(self, document: str, name: str | None) -> httpx.Response:
        """Execute an operation."""
        text = document.replace("UPLOAD", self.upload_id)
        return await self.ada.client.post(
            "/graphql",
            json={"query": text, "operationName": name},
            headers={"Authorization": f"Bearer {self.ada.token}"},
        )


@pytest.fixture
async def stage(client: httpx.AsyncClient, container: Container) -> Stage:
    """Files of many parts, with the largest names and tags."""
    ada = await new_user(client)
    file: Json = {"filename": "a.mp4", "contentType": "video/mp4", "size": 4 * GIB}
    requested = await ada.request_uploads([file] * 12)
    await container.database["uploads"].update_many(
        {}, {"$set": {"filename": "🌊" * 255, "tags": ["🌊" * 98 + f"{n:02}" for n in range(50)]}}
    )
    calls = StorageCalls()
    calls.watch(container)
    return Stage(ada, requested[0]["upload"]["id"], calls)


async def check(stage: Stage, document: str, name: str | None) -> str:
    """Send a document, check the work that it caused, and return what became of it."""
    stage.storage.clear()
    with compared() as pairs:
        response = await stage.send(document, name)
    body: Any = response.json()
    assert pairs.count <= limits.COMPARISONS
    assert len(stage.storage) <= REQUEST_CALLS
    assert wire_bytes(response.content) <= LIMIT_BYTES * 7 // 6
    assert leaves(body) <= limits.VALUES
    return next((it["extensions"]["code"] for it in body.get("errors", ())), "answered")


@pytest.mark.random
async def test_work_is_bounded_for_generated_documents(stage: Stage) -> None:
    documents = Documents(one_schema()._schema, generator(20300131))
    outcomes = [await check(stage, documents.document(), "A") for _ in range(100 * SOAK_FACTOR)]
    # The documents are of all kinds.
    assert {"answered", "GRAPHQL_VALIDATION_FAILED", "QUERY_TOO_COMPLEX"} <= {*outcomes}


async def test_work_is_bounded_for_the_worst_documents(stage: Stage) -> None:
    for document in WORST.values():
        await check(stage, document, "A" if document.startswith("query A") else None)


FILE = 'filename: "a", contentType: "text/plain", size: 1'
# Fifty fields that all get the same long list.
SHARED: dict[str, tuple[str, str, Callable[[int], object]]] = {
    "tags of a file": (
        "mutation ($list: [String!])",
        f"requestUpload(input: {{{FILE}, tags: $list}}) {{ __typename }}",
        lambda n: ["é"] * n,
    ),
    "different tags": (
        "mutation ($list: [String!])",
        f"requestUpload(input: {{{FILE}, tags: $list}}) {{ __typename }}",
        lambda n: [str(tag) for tag in range(n)],
    ),
    "files": (
        "mutation ($list: [RequestUploadInput!]!)",
        "requestUploads(input: $list) { __typename }",
        lambda n: [{"filename": "a", "contentType": "text/plain", "size": 1}] * n,
    ),
    "tags of a filter": (
        "query ($list: [String!])",
        "uploads(filter: {tags: $list}) { totalCount }",
        lambda n: ["é"] * n,
    ),
    "parts": (
        "query ($list: [PartInput!])",
        'upload(id: "UPLOAD") { transfer { parts(select: $list) { number } } }',
        lambda n: [{"number": 1}] * n,
    ),
}
CALLS_PER_ITEM = 80  # To coerce a file, once for all fields.


@pytest.mark.parametrize("kind", SHARED)
@pytest.mark.parametrize("logged_in", [True, False])
async def test_a_long_list_is_not_read_anew_for_each_field(
    stage: Stage, kind: str, logged_in: bool
) -> None:
    """A megabyte of tags in 50 fields took 25 s of CPU time, without a login."""
    head, field, items = SHARED[kind]
    document = f"{head} {{ {' '.join(f'f{n}: {field}' for n in range(50))} }}"
    headers = {"Authorization": f"Bearer {stage.ada.token}"} if logged_in else {}
    counts = []
    for length in (1_000, 2_000):
        body = {
            "query": document.replace("UPLOAD", stage.upload_id),
            "variables": {"list": items(length)},
        }
        with called() as calls:
            response = await stage.ada.client.post("/graphql", json=body, headers=headers)
        assert response.status_code == 200, response.text
        counts.append(calls.count)
    assert counts[1] - counts[0] <= 1_000 * CALLS_PER_ITEM


@cache
def one_schema() -> Schema:
    """Return the schema of the tests that read and validate documents only."""
    return create_schema(introspection=False)


def calls_for(document: str) -> int:
    """Return the functions called to read, measure and validate a document."""
    read = one_schema().documents.kept.__wrapped__  # Not from the memory.
    with called() as calls, suppress(GraphQLError):
        found = read(document)
        found.check_limits(None, None, limits.VALUES)
        assert found.errors is not None
    return calls.count


def most_calls(document: str) -> int:
    """Return how many functions a document may call: linear in the tokens that are read of it."""
    tokens = min(len(document), limits.TOKENS)
    return CALLS + CALLS_PER_TOKEN * tokens + CALLS_PER_COMPARISON * limits.COMPARISONS


def pages(count: int) -> str:
    """Return a valid document that grows with `count`."""
    return "{ " + " ".join(f"a{n}: uploads {{ nodes {{ id size }} }}" for n in range(count)) + " }"


GROWING: dict[str, Callable[[int], str]] = {
    "aliases": pages,
    "unknown fields": lambda n: "{ viewer { " + " ".join(f"u{k}" for k in range(20 * n)) + " } }",
    "fragments": lambda n: (
        "{ viewer { " + " ".join(f"...F{k}" for k in range(n)) + " } } "
        + " ".join(f"fragment F{k} on User {{ id ...G{k} }} fragment G{k} on User {{ email }}"
                   for k in range(n))
    ),
    "literals": lambda n: "{ uploads(filter: {tags: [" + '"x" ' * 100 * n + "]}) { totalCount } }",
    "variables": lambda n: (
        "query (" + " ".join(f"$v{k}: String!" for k in range(20 * n)) + ") { uploads(filter: "
        "{tags: [" + " ".join(f"$v{k}" for k in range(20 * n)) + "]}) { totalCount } }"
    ),
    "operations that share fragments": lambda n: (
        " ".join(f"query Q{k}($v: String!) {{ ...F }}" for k in range(max(1, n // 3)))
        + " fragment F on Query { uploads(filter: {tags: ["
        + "$v " * 20 * n + "]}) { totalCount } }"
    ),
    "repeated fields": lambda n: "{ viewer { " + "id " * n + "} }",
    "comments": lambda n: "{ __typename }" + "#\n" * 50 * n,
}  # fmt: skip


@pytest.mark.parametrize("kind", GROWING)
def test_reading_and_validating_is_linear(kind: str) -> None:
    """Twice the document is at most twice the work, plus what the limit on comparisons allows."""
    small, large = (GROWING[kind](count) for count in (24, 48))
    extra = CALLS_PER_COMPARISON * limits.COMPARISONS
    assert calls_for(large) <= 2.5 * calls_for(small) + extra


def test_reading_and_validating_is_bounded() -> None:
    documents = Documents(one_schema()._schema, generator(20300131))
    for document in (*WORST.values(), *(documents.document() for _ in range(15))):
        assert calls_for(document) <= most_calls(document), document[:2_000]
