"""What an anonymous client can learn from a deployment or abuse: the checks of graphql-cop 1.15.

Each test sends the requests of that tool to a service with default settings. A failing test is a
finding that the tool would report.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from graphql import get_introspection_query

from gql_api.container import Container
from gql_api.http.app import create_app
from tests.conformance.bridge import Bridge
from tests.conformance.conftest import served
from tests.lambda_runtime.conftest import Start
from tests.schema.cost.bombs import BOMBS


@pytest.fixture(params=["asgi", "lambda"])
async def stranger(
    request: pytest.FixtureRequest, container: Container, start: Start
) -> AsyncIterator[httpx.AsyncClient]:
    """An anonymous client of the service, served by Uvicorn or as a Lambda function."""
    app = create_app(container) if request.param == "asgi" else Bridge(await start("api"))
    async with (
        served(app) as url,
        httpx.AsyncClient(base_url=url, trust_env=False, verify=False, timeout=60) as client,
    ):
        yield client


async def _asked(client: httpx.AsyncClient, query: str) -> dict[str, Any]:
    response = await client.post("/graphql", json={"query": query})
    answer: dict[str, Any] = response.json()
    return answer


async def test_it_tells_nothing_of_its_schema(stranger: httpx.AsyncClient) -> None:
    """Checks introspection, circular_query_introspection and field_suggestions."""
    for query in (
        "{ __schema { types { name } } }",
        '{ __type(name: "User") { name } }',
        "{ __schema { types { fields { type { fields { type { name } } } } } } }",
        get_introspection_query(),
    ):
        answer = await _asked(stranger, query)
        assert "data" not in answer
        assert "introspection" in answer["errors"][0]["message"]
    answer = await _asked(
        stranger,
        "{ viewr upload(idd: 1) { idx } ... on Uplod { id } uploads(orderBy: {field: SIZ}) }",
    )
    assert len(answer["errors"]) > 4
    assert "Did you mean" not in json.dumps(answer)


async def test_it_does_not_answer_in_bulk(stranger: httpx.AsyncClient) -> None:
    """Checks alias_overloading, batch_query, directive_overloading and field_duplication."""
    for name in ("aliases", "directives", "one field 3000 times"):
        answer = await _asked(stranger, BOMBS[name])
        assert "data" not in answer
        [error] = answer["errors"]
        assert error["extensions"]["code"] == "QUERY_TOO_COMPLEX"
    batch = await stranger.post("/graphql", json=[{"query": "{ __typename }"}] * 10)
    assert batch.status_code == 400
    assert list(batch.json()) == ["errors"]


async def test_other_sites_can_send_nothing(stranger: httpx.AsyncClient) -> None:
    """Checks get_method_support, get_based_mutation and post_based_csrf."""
    query = {"query": "{ __typename }"}
    for parameters in (query, {"query": "mutation { logout { sessionsEnded } }"}):
        response = await stranger.get("/graphql", params=parameters)
        assert (response.status_code, response.headers["allow"]) == (405, "POST")
    form = await stranger.post("/graphql", data=query)
    text = await stranger.post(
        "/graphql", content=json.dumps(query), headers={"Content-Type": "text/plain"}
    )
    assert (form.status_code, text.status_code) == (415, 415)


async def test_it_tells_nothing_of_its_inside(stranger: httpx.AsyncClient) -> None:
    """Checks unhandled_error_detection, trace_mode and detect_graphiql."""
    for query in ("qwerty { abc }", "{ __typename }", "{ nothing }"):
        response = await stranger.post(
            "/graphql", json={"query": query}, headers={"apollo-federation-include-trace": "ftv1"}
        )
        assert response.json().keys() <= {"data", "errors"}
        for word in ("Traceback", "exception", ".py", "tracing", "stacktrace"):
            assert word not in response.text
    for path in ("/", "/graphql", "/graphiql", "/playground", "/console", "/altair"):
        page = await stranger.get(path, headers={"Accept": "text/html"})
        assert page.status_code in (404, 405)
        assert "application/" in page.headers["content-type"]
