"""Paths below a stage or a base path."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from gql_api.domain.policy import ProxyPolicy
from gql_api.http.arrival import Arrival
from tests.api import Api, new_username


async def root_path(path: str, base_path: str = "", stage: str | None = None) -> str:
    """Return the prefix that the middleware takes from the path."""
    seen: list[str] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope["root_path"])

    scope: dict[str, Any] = {"type": "http", "path": path, "headers": []}
    if stage is not None:
        scope["aws.event"] = {"requestContext": {"stage": stage}}
    nothing: Any = None
    await Arrival(app, proxy=ProxyPolicy(), base_path=base_path)(scope, nothing, nothing)
    return seen[0]


@pytest.mark.parametrize(
    ("path", "base_path", "stage", "expected"),
    [
        ("/graphql", "", None, ""),
        ("/graphql", "", "$default", ""),
        ("/prod/graphql", "", "prod", "/prod"),
        ("/prod/graphql", "", "dev", ""),
        ("/prod/graphql", "", None, ""),
        ("/graphql", "", "graphql", ""),
        ("/graphql/graphql", "", "graphql", "/graphql"),
        ("/graphql", "/api", None, ""),
        ("/api/graphql", "/api", None, "/api"),
        ("/apigraphql", "/api", None, ""),
        ("/prod/graphql", "/api", "prod", "/prod"),
        ("/prod/api/graphql", "/api", "prod", "/prod/api"),
        ("/api/v1/health", "/api/v1", "prod", "/api/v1"),
        ("/api", "/api", None, ""),
    ],
)
async def test_prefix(path: str, base_path: str, stage: str | None, expected: str) -> None:
    assert await root_path(path, base_path, stage) == expected


@pytest.mark.settings(BASE_PATH="/api")
async def test_below_a_base_path(client: httpx.AsyncClient) -> None:
    for path, status in {
        "/api/health": 200,
        "/health": 200,
        "/api/graphql/": 404,
        "/api/api/health": 404,
        "/other/health": 404,
    }.items():
        assert (await client.get(path)).status_code == status, path
    client.base_url = client.base_url.join("/api")
    session = await Api(client).sign_up(new_username(), tokenDelivery="COOKIE")
    assert session["__typename"] == "Session"
    [cookie] = client.cookies.jar
    assert cookie.path == "/api/graphql"
    assert (await Api(client).refresh_session(tokenDelivery="COOKIE"))["__typename"] == "Session"


async def test_without_a_base_path_no_prefix_is_accepted(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/health")).status_code == 404
