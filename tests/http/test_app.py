"""The app around the schema: health, common headers, CORS, unknown paths, crashes."""

from __future__ import annotations

import httpx
import pytest

from gql_api.container import Container
from gql_api.http.app import create_app
from gql_api.http.view import GraphQLView

QUERY = {"query": "{ __typename }"}
ORIGIN = "https://app.test"


async def test_health(client: httpx.AsyncClient) -> None:
    response = await client.get("/health")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "parts": {"database": True, "storage": True}}
    head = await client.head("/health")
    assert (head.status_code, head.content) == (200, b"")


async def test_without_a_namespace_no_metrics_are_written(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await client.post("/graphql", json=QUERY)
    assert capsys.readouterr().out == ""


@pytest.mark.settings(S3_ENDPOINT_URL="http://127.0.0.1:9")
async def test_health_names_the_part_that_fails(client: httpx.AsyncClient) -> None:
    response = await client.get("/health")
    assert response.status_code == 503
    assert response.json() == {
        "status": "failing: storage (does not respond)",
        "parts": {"database": True, "storage": False},
    }


async def test_every_answer_has_the_common_headers(client: httpx.AsyncClient) -> None:
    answers = [
        await client.post("/graphql", json=QUERY),
        await client.post("/graphql", content=b"x"),
        await client.get("/health"),
        await client.get("/nothing"),
    ]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        policy = answer.headers["content-security-policy"].split("; ")
        assert {"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= set(policy)
        assert not any("http" in directive or "'self'" in directive for directive in policy)
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)


@pytest.mark.parametrize("path", ["/", "/nothing", "/graphql/", "/graphql/x", "/health/", "//"])
async def test_unknown_paths(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(f"https://api.test{path}")
    assert response.status_code == 404
    assert response.json() == {
        "errors": [{"message": "Not Found", "extensions": {"code": "BAD_REQUEST"}}]
    }


async def test_health_is_only_read(client: httpx.AsyncClient) -> None:
    response = await client.post("/health")
    assert response.status_code == 405
    assert response.headers["allow"] in ("GET, HEAD", "HEAD, GET")
    assert response.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}


async def test_a_known_origin_may_send_credentials(client: httpx.AsyncClient) -> None:
    preflight = await client.options(
        "/graphql",
        headers={
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, content-type",
        },
    )
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    assert preflight.headers["access-control-allow-credentials"] == "true"
    assert preflight.headers["access-control-allow-methods"] == "GET, POST, OPTIONS"
    allowed = preflight.headers["access-control-allow-headers"].lower().split(", ")
    assert {"authorization", "content-type"} <= set(allowed)
    assert preflight.headers["access-control-max-age"] == "7200"
    answer = await client.post("/graphql", json=QUERY, headers={"Origin": ORIGIN})
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert answer.headers["access-control-expose-headers"] == "X-Request-Id"
    assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize("origin", ["https://evil.test", "http://app.test", "null"])
async def test_another_origin_may_not(client: httpx.AsyncClient, origin: str) -> None:
    preflight = await client.options(
        "/graphql", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
    )
    assert preflight.status_code == 400
    assert "access-control-allow-origin" not in preflight.headers
    answer = await client.post("/graphql", json=QUERY, headers={"Origin": origin})
    assert "access-control-allow-origin" not in answer.headers


async def test_a_crash_is_answered_and_logged(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("an internal detail")

    monkeypatch.setattr(GraphQLView, "context", crash)
    response = await client.post("/graphql", json=QUERY, headers={"Origin": ORIGIN})
    request_id = response.headers["x-request-id"]
    assert response.status_code == 500
    assert response.json() == {
        "errors": [
            {
                "message": f"Internal error (request {request_id}).",
                "extensions": {"code": "INTERNAL", "requestId": request_id},
            }
        ]
    }
    # Without this header, the browser would hide the response from the page.
    assert response.headers["access-control-allow-origin"] == ORIGIN
    [record] = caplog.records
    assert request_id in record.getMessage()
    assert record.exc_info is not None


async def test_a_client_that_hangs_up_is_no_crash(
    container: Container, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(container)
    sent: list[object] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.disconnect"}

    async def send(message: object) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "headers": [(b"content-type", b"application/json")],
        "query_string": b"",
    }
    await app(scope, receive, send)
    assert sent == []
    assert caplog.records == []


async def test_only_http_is_handled(container: Container) -> None:
    """A server takes the exception to mean that the app has no lifespan events."""
    sent: list[object] = []

    async def receive() -> dict[str, object]:
        return {"type": "lifespan.startup"}

    async def send(message: object) -> None:
        sent.append(message)

    with pytest.raises(RuntimeError, match="lifespan"):
        await create_app(container)({"type": "lifespan"}, receive, send)
    assert sent == []
