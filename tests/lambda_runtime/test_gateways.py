"""Every kind of gateway in front of the API function, and every form of path that it may send."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest

from tests.api import Api, new_username
from tests.lambda_runtime.conftest import Start
from tests.lambda_runtime.events import (
    HttpGateway,
    Json,
    function_url,
    http,
    http_1_0,
    load_balancer,
    load_balancer_multi_value,
    recorded,
    rest,
)

GATEWAYS: dict[str, Callable[[httpx.Request], Json]] = {
    "HTTP API, 2.0": http,
    "HTTP API, 1.0": http_1_0,
    "REST API": rest,
    "function URL": function_url,
    "load balancer": load_balancer,
    "load balancer, multi-value": load_balancer_multi_value,
}
RECORDED = ["http", "http_1_0", "rest", "function_url", "alb", "alb_multi_value"]


async def become_healthy(client: httpx.AsyncClient, name: str) -> None:
    """Wait until /health says "ok": on a busy machine, parts may need more than four seconds."""
    health: Json = {}
    for _ in range(10):
        health = (await client.get("/health")).json()
        if health["status"] == "ok":
            return
    pytest.fail(f"{name}: {health}")


async def test_every_gateway(start: Start, prepared_database: str) -> None:
    function = await start("api", DB_NAME=prepared_database)
    for name in RECORDED:
        answer = await function.invoke(recorded(name))
        assert json.loads(answer["body"])["data"]["viewer"] is None, name
    for name, event_of in GATEWAYS.items():
        transport = HttpGateway(function, event_of)
        async with httpx.AsyncClient(transport=transport, base_url="https://api.test") as client:
            await become_healthy(client, name)
            assert (await client.get("/nowhere")).status_code == 404, name
            caller = Api(client)
            session = await caller.sign_up(new_username(), tokenDelivery="COOKIE")
            assert len(client.cookies) == 1, name
            refreshed = await caller.refresh_session(tokenDelivery="COOKIE")
            assert refreshed["__typename"] == "Session", name
            viewer = await Api(client, session["accessToken"]).data("{ viewer { id } }")
            assert viewer == {"viewer": {"id": session["user"]["id"]}}, name
    # The address is never what a client writes into X-Forwarded-For.
    forged = {"X-Forwarded-For": "203.0.113.66, 198.51.100.7"}
    for event_of in GATEWAYS.values():
        transport = HttpGateway(function, event_of)
        async with httpx.AsyncClient(transport=transport, base_url="https://api.test") as client:
            await Api(client).post("mutation { logout { sessionsEnded } }", forged)
    assert "203.0.113.66" not in function.log()
    for name in ("alb", "alb_multi_value"):
        event = recorded(name)
        for field, host in (("headers", "not:a:host"), ("multiValueHeaders", ["not:a:host"])):
            if field in event:
                event[field]["host"] = host
        assert (await function.invoke(event))["statusCode"] == 400
    assert '\\"address\\": \\"198.51.100.7\\"' in function.log()


def with_path(name: str, path: str, stage: str | None = None) -> Json:
    """Return the recorded event with another path and, except for a load balancer, a stage."""
    event = recorded(name)
    event["rawPath" if "rawPath" in event else "path"] = path
    if "http" in event["requestContext"]:
        event["requestContext"]["http"]["path"] = path
    if stage is not None:
        event["requestContext"]["stage"] = stage
    return event


async def test_a_stage_and_a_base_path_may_precede_the_path(
    start: Start, prepared_database: str
) -> None:
    function = await start("api", DB_NAME=prepared_database, BASE_PATH="/api")
    for event in (
        with_path("http", "/prod/graphql", "prod"),
        with_path("http", "/prod/api/graphql", "prod"),
        with_path("http", "/api/graphql"),
        with_path("http_1_0", "/prod/graphql", "prod"),
        with_path("http_1_0", "/api/graphql", "prod"),
        with_path("rest", "/graphql", "prod"),
        with_path("rest", "/api/graphql", "prod"),
        with_path("function_url", "/api/graphql"),
        with_path("alb", "/api/graphql"),
    ):
        assert (await function.invoke(event))["statusCode"] == 200
    for event in (with_path("http", "/other/graphql"), with_path("alb", "/prod/graphql")):
        assert (await function.invoke(event))["statusCode"] == 404
