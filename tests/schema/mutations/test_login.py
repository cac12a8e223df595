"""login, end to end."""

from __future__ import annotations

import httpx

from gql_api.adapters.mongo.database import Database
from tests.api import Api, refresh_cookies


async def test_a_session_for_the_right_password(client: httpx.AsyncClient) -> None:
    signed_up = await Api(client).sign_up("Ada")
    session = await Api(client).login("aDA")
    assert session["__typename"] == "Session"
    assert session["user"] == signed_up["user"]
    assert session["refreshToken"] not in (None, signed_up["refreshToken"])
    viewer = await Api(client, session["accessToken"]).data("{ viewer { username } }")
    assert viewer == {"viewer": {"username": "Ada"}}


async def test_the_refresh_token_in_a_cookie(client: httpx.AsyncClient) -> None:
    await Api(client).sign_up("ada")
    session = await Api(client).login("ada", tokenDelivery="COOKIE")
    assert session["refreshToken"] is None
    assert refresh_cookies(client)


async def test_which_of_name_and_password_is_wrong_is_not_told(
    client: httpx.AsyncClient, database: Database
) -> None:
    for username in ("ada", "eve"):
        await Api(client).sign_up(username)
    await database["users"].update_one({"username": "eve"}, {"$set": {"disabled": True}})
    wrong_password = await Api(client).login("ada", "wrong password")
    unknown_name = await Api(client).login("bob")
    disabled = await Api(client).login("eve")
    assert wrong_password["code"] == "INVALID_CREDENTIALS"
    assert wrong_password["__typename"] == "InvalidCredentials"
    assert unknown_name == disabled == wrong_password


async def test_too_many_failures_are_throttled(client: httpx.AsyncClient) -> None:
    await Api(client).sign_up("ada")
    results = [await Api(client).login("ada", "wrong password") for _ in range(6)]
    assert results[0]["__typename"] == "InvalidCredentials"
    assert results[-1]["__typename"] == "TooManyAttempts"
    assert results[-1]["code"] == "TOO_MANY_ATTEMPTS"
    assert results[-1]["retryAfterSeconds"] > 0
    assert (await Api(client).login("ada"))["__typename"] == "TooManyAttempts"
