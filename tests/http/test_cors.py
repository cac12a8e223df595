"""CORS, compared with Starlette's middleware, which decides the same in more steps."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient, Response
from starlette.middleware.cors import CORSMiddleware

from gql_api.http import cors
from gql_api.http.messages import Receive, Scope, Send
from gql_api.http.messages import Response as OurResponse

LISTED = "https://app.test"
ORIGINS = (None, LISTED, "https://evil.test", f"{LISTED}.evil.test", "HTTPS://APP.TEST", "null", "")
METHODS = (None, "POST", "GET", "DELETE", "post", "")
HEADERS = (None, "", "authorization, Content-Type", "x-other", "content-type,x-other", "accept,")
ABOUT_ACCESS = (
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-methods",
    "access-control-max-age",
)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    await OurResponse(200, b"answered")(scope, receive, send)


OURS = cors.Cors(app, [LISTED])
THEIRS = CORSMiddleware(
    app,
    allow_origins=[LISTED],
    allow_methods=cors.METHODS,
    allow_headers=["Authorization", "Content-Type"],
    allow_credentials=True,
    expose_headers=["X-Request-Id"],
    max_age=cors.MAX_AGE_SECONDS,
)


async def answer(of: Any, method: str, headers: dict[str, str]) -> Response:
    async with AsyncClient(transport=ASGITransport(app=of), base_url="https://api.test") as client:
        return await client.request(method, "/", headers=headers)


def access(response: Response) -> list[str | None]:
    return [response.headers.get(name) for name in ABOUT_ACCESS]


@pytest.mark.parametrize("origin", ORIGINS)
async def test_a_preflight_is_granted_when_starlette_grants_it(origin: str | None) -> None:
    granted = 0
    for method, names in itertools.product(METHODS, HEADERS):
        asked = {
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": names,
        }
        headers = {name: value for name, value in asked.items() if value is not None}
        ours, theirs = (
            await answer(OURS, "OPTIONS", headers),
            await answer(THEIRS, "OPTIONS", headers),
        )
        # Starlette refuses a list with an empty name, which RFC 9110, 5.6.1 accepts.
        if names not in ("", "accept,"):
            assert (ours.status_code, ours.text) == (theirs.status_code, theirs.text), headers
        if ours.text == "OK" == theirs.text:
            granted += 1
            assert access(ours) == access(theirs)
            allowed = ours.headers["access-control-allow-headers"].split(", ")
            assert sorted(allowed) == theirs.headers["access-control-allow-headers"].split(", ")
        assert ("access-control-allow-origin" in ours.headers) <= (origin == LISTED)
        assert "Origin" in ours.headers["vary"]
    assert (granted > 0) is (origin == LISTED)


@pytest.mark.parametrize("origin", ORIGINS)
async def test_a_response_may_be_read_by_the_pages_that_starlette_allows(
    origin: str | None,
) -> None:
    headers = {} if origin is None else {"Origin": origin}
    ours, theirs = await answer(OURS, "POST", headers), await answer(THEIRS, "POST", headers)
    assert ours.text == theirs.text == "answered"
    names = ("access-control-allow-origin", "vary")
    assert [ours.headers.get(it) for it in names] == [theirs.headers.get(it) for it in names]
    exposed = "X-Request-Id" if origin == LISTED else None
    assert ours.headers.get("access-control-expose-headers") == exposed
