"""What a browser keeps after a session: cookies and cached answers are the service's part.

The web client's part, all storages of a browser, is `client/web/tests/browser/traces.spec.ts`.
"""

from __future__ import annotations

import httpx

from tests.api import Api

EVERYTHING = "{ viewer { username } uploads { nodes { filename download { url } } } }"


async def test_a_browser_may_keep_no_answer(client: httpx.AsyncClient) -> None:
    session = await Api(client).sign_up("ada", tokenDelivery="COOKIE")
    for token in (session["accessToken"], "nonsense"):
        headers = {"authorization": f"Bearer {token}"}
        response = await client.post("/graphql", json={"query": EVERYTHING}, headers=headers)
        assert response.headers["cache-control"] == "no-store"


async def test_the_cookie_goes_with_the_session(client: httpx.AsyncClient) -> None:
    await Api(client).sign_up("ada", tokenDelivery="COOKIE")
    assert list(client.cookies)
    await Api(client).logout()
    assert not list(client.cookies)


async def test_the_cookie_goes_when_the_session_ended_elsewhere(client: httpx.AsyncClient) -> None:
    session = await Api(client).sign_up("ada", tokenDelivery="COOKIE")
    cookies = httpx.Cookies(client.cookies)
    await Api(client, session["accessToken"]).logout(everywhere=True)
    client.cookies = cookies
    refreshed = await Api(client).refresh_session(tokenDelivery="COOKIE")
    assert refreshed["__typename"] == "InvalidSession"
    assert not list(client.cookies)
