"""logout, end to end."""

from __future__ import annotations

import httpx

from tests.api import Api, new_user, refresh_cookies


async def test_the_session_ends_at_once(client: httpx.AsyncClient) -> None:
    session = await Api(client).sign_up("ada")
    ada = Api(client, session["accessToken"])
    assert await ada.logout() == 1
    assert await ada.data("{ viewer { id } }") == {"viewer": None}
    refreshed = await Api(client).refresh_session(refreshToken=session["refreshToken"])
    assert refreshed["__typename"] == "InvalidSession"


async def test_other_sessions_go_on(client: httpx.AsyncClient) -> None:
    first = await Api(client).sign_up("ada")
    second = await Api(client).login("ada")
    await Api(client, first["accessToken"]).logout()
    viewer = await Api(client, second["accessToken"]).data("{ viewer { username } }")
    assert viewer == {"viewer": {"username": "ada"}}


async def test_everywhere(client: httpx.AsyncClient) -> None:
    first = await Api(client).sign_up("ada")
    second = await Api(client).login("ada")
    bob = await new_user(client)
    assert await Api(client, first["accessToken"]).logout(everywhere=True) == 2
    other = await Api(client, second["accessToken"]).data("{ viewer { id } }")
    assert other == {"viewer": None}
    assert (await bob.data("{ viewer { id } }"))["viewer"]


async def test_it_is_safe_to_repeat_and_for_nobody(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    assert await ada.logout() == 1
    assert await ada.logout() == 0
    assert await Api(client).logout(everywhere=True) == 0


async def test_the_cookie_alone_ends_its_session_and_is_cleared(
    client: httpx.AsyncClient,
) -> None:
    session = await Api(client).sign_up("ada", tokenDelivery="COOKIE")
    assert await Api(client).logout() == 1
    assert refresh_cookies(client) == []
    ada = Api(client, session["accessToken"])
    assert await ada.data("{ viewer { id } }") == {"viewer": None}


async def test_this_session_is_the_default(client: httpx.AsyncClient) -> None:
    first = await Api(client).sign_up("ada")
    await Api(client).login("ada")
    query = "mutation { logout { sessionsEnded } }"
    data = await Api(client, first["accessToken"]).data(query)
    assert data == {"logout": {"sessionsEnded": 1}}
