"""refreshSession, end to end."""

from __future__ import annotations

import httpx
import pytest

from gql_api.services.sessions import SessionService
from tests.api import Api, refresh_cookies

ENDED = {
    "__typename": "InvalidSession",
    "code": "INVALID_SESSION",
    "message": "This session has ended. Log in again.",
}


async def test_a_token_for_the_next(client: httpx.AsyncClient) -> None:
    first = await Api(client).sign_up("ada")
    second = await Api(client).refresh_session(refreshToken=first["refreshToken"])
    assert second["__typename"] == "Session"
    assert second["user"] == first["user"]
    assert second["refreshToken"] != first["refreshToken"]
    third = await Api(client).refresh_session(refreshToken=second["refreshToken"])
    assert third["__typename"] == "Session"
    assert refresh_cookies(client) == []


async def test_a_token_used_twice_ends_what_came_from_it(client: httpx.AsyncClient) -> None:
    first = await Api(client).sign_up("ada")
    second = await Api(client).refresh_session(refreshToken=first["refreshToken"])
    assert await Api(client).refresh_session(refreshToken=first["refreshToken"]) == ENDED
    assert await Api(client).refresh_session(refreshToken=second["refreshToken"]) == ENDED
    ada = Api(client, second["accessToken"])
    assert await ada.data("{ viewer { id } }") == {"viewer": None}


async def test_the_cookie_is_traded_for_the_next(client: httpx.AsyncClient) -> None:
    await Api(client).sign_up("ada", tokenDelivery="COOKIE")
    [first] = refresh_cookies(client)
    session = await Api(client).refresh_session(tokenDelivery="COOKIE")
    assert session["__typename"] == "Session"
    assert session["refreshToken"] is None
    [second] = refresh_cookies(client)
    assert second != first
    assert (await Api(client).refresh_session(refreshToken=None))["__typename"] == "Session"


async def test_a_cookie_traded_for_a_token_in_the_answer_is_cleared(
    client: httpx.AsyncClient,
) -> None:
    await Api(client).sign_up("ada", tokenDelivery="COOKIE")
    session = await Api(client).refresh_session()
    assert session["refreshToken"]
    assert refresh_cookies(client) == []


async def test_a_cookie_whose_session_has_ended_is_cleared(client: httpx.AsyncClient) -> None:
    session = await Api(client).sign_up("ada", tokenDelivery="COOKIE")
    [cookie] = client.cookies.jar
    client.cookies.set(cookie.name, "unknown", domain="api.test", path="/graphql")
    assert await Api(client).refresh_session(tokenDelivery="COOKIE") == ENDED
    assert refresh_cookies(client) == []
    # The cookie belonged to no session, so the user's session continues.
    viewer = await Api(client, session["accessToken"]).data("{ viewer { username } }")
    assert viewer == {"viewer": {"username": "ada"}}


@pytest.mark.parametrize("cookie", ["ÿ", "mus_x", '"', "a=b", "x" * 4000])
async def test_a_cookie_of_nonsense_is_no_session(client: httpx.AsyncClient, cookie: str) -> None:
    await Api(client).sign_up("ada", tokenDelivery="COOKIE")
    [name] = client.cookies
    client.cookies.clear()
    response = await client.post(
        "/graphql",
        json={"query": "mutation { refreshSession(input: {}) { __typename } }"},
        headers={b"Cookie": f"{name}={cookie}".encode("latin-1")},
    )
    assert response.json() == {"data": {"refreshSession": {"__typename": "InvalidSession"}}}
    assert "max-age=0" in response.headers["set-cookie"].lower()


async def test_a_token_in_the_input_goes_before_the_cookie(client: httpx.AsyncClient) -> None:
    await Api(client).sign_up("ada", tokenDelivery="COOKIE")
    [cookie] = refresh_cookies(client)
    assert await Api(client).refresh_session(refreshToken="unknown") == ENDED
    assert refresh_cookies(client) == [cookie]


async def test_neither_token_nor_cookie(client: httpx.AsyncClient) -> None:
    assert await Api(client).refresh_session() == ENDED


async def test_an_outage_keeps_the_cookie(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Api(client).sign_up("ada", tokenDelivery="COOKIE")

    async def fail(self: SessionService, refresh_token: str | None) -> None:
        raise ConnectionError(refresh_token)

    monkeypatch.setattr(SessionService, "refresh", fail)
    query = "mutation { refreshSession(input: {}) { __typename } }"
    assert (await Api(client).error(query))[0] == "INTERNAL"
    assert refresh_cookies(client)
