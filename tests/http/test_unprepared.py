"""Requests to a service whose database is not prepared for its release."""

from __future__ import annotations

from unittest.mock import ANY

import httpx
import pytest

from gql_api.adapters.mongo.deployment import MongoDeployments
from gql_api.container import Container
from gql_api.domain.deployment import RELEASE

SIGN_UP = {
    "query": 'mutation { signUp(input: {username: "ada", password: "correct horse battery staple"})'
    " { __typename } }"
}
MESSAGE = "The database is not prepared: run python -m gql_api.admin prepare."


@pytest.fixture
async def unprepared(container: Container) -> None:
    """Make the test's database one that was never prepared; it has no collections."""
    for name in await container.database.list_collection_names():
        await container.database.drop_collection(name)


@pytest.mark.usefixtures("unprepared")
async def test_a_request_says_so_and_builds_no_index(
    container: Container, client: httpx.AsyncClient
) -> None:
    """It is answered at once, however many records an index would have to be built over."""
    for _ in range(3):
        response = await client.post("/graphql", json=SIGN_UP)
        assert response.status_code == 503
        extensions = {"code": "INTERNAL", "requestId": ANY, "retryable": True}
        assert response.json() == {"errors": [{"message": MESSAGE, "extensions": extensions}]}
    assert await container.database.list_collection_names() == []
    health = await client.get("/health")
    assert health.status_code == 503
    assert health.json() == {
        "status": f"failing: database ({MESSAGE})",
        "parts": {"database": False, "storage": True},
    }
    refused = await client.post("/graphql", content=b"x")
    assert refused.status_code == 415

    await container.preparation.prepare(print)
    for typename in ("Session", "UsernameTaken"):
        answer = await client.post("/graphql", json=SIGN_UP)
        assert answer.json() == {"data": {"signUp": {"__typename": typename}}}
    assert (await client.get("/health")).status_code == 200


async def test_requests_go_on_while_the_next_release_is_prepared(
    container: Container, client: httpx.AsyncClient
) -> None:
    await MongoDeployments(container.database).record_release(RELEASE + 1)
    assert (await client.post("/graphql", json=SIGN_UP)).status_code == 200
