"""signUp, end to end."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.api import PASSWORD, Api, new_username

SIGN_UP = """
mutation ($input: SignUpInput!) {
  signUp(input: $input) { ... on Session { refreshToken accessToken } }
}"""


async def test_the_new_user_is_signed_in(client: httpx.AsyncClient) -> None:
    session = await Api(client).sign_up("Ada", email="ada@example.com", fullName="Ada Lovelace")
    assert session["__typename"] == "Session"
    assert session["user"] == {
        "id": session["user"]["id"],
        "username": "Ada",
        "email": "ada@example.com",
        "fullName": "Ada Lovelace",
        "createdAt": session["user"]["createdAt"],
        "usage": {"bytes": 0, "uploads": 0, "quotaBytes": 100 * 1024**3},
    }
    ada = Api(client, session["accessToken"])
    assert await ada.data("{ viewer { username } }") == {"viewer": {"username": "Ada"}}


async def test_what_is_optional_may_be_left_out_or_null(client: httpx.AsyncClient) -> None:
    bare = await Api(client).sign_up("ada")
    null = await Api(client).sign_up("bob", email=None, fullName=None)
    for session in (bare, null):
        assert session["user"]["email"] is None
        assert session["user"]["fullName"] is None


async def test_the_refresh_token_goes_into_the_answer_unless_asked_otherwise(
    client: httpx.AsyncClient,
) -> None:
    response = await Api(client).post(SIGN_UP, input={"username": "ada", "password": PASSWORD})
    assert response.json()["data"]["signUp"]["refreshToken"]
    assert "set-cookie" not in response.headers


async def test_the_refresh_token_goes_into_a_cookie(client: httpx.AsyncClient) -> None:
    response = await Api(client).post(
        SIGN_UP, input={"username": "ada", "password": PASSWORD, "tokenDelivery": "COOKIE"}
    )
    session = response.json()["data"]["signUp"]
    assert session["accessToken"]
    assert session["refreshToken"] is None
    [cookie] = response.headers.get_list("set-cookie")
    token, *attributes = cookie.split("; ")
    assert re.fullmatch(r"__Secure-refresh_token_[0-9a-f]{8}=mur_[A-Za-z0-9_-]{64}", token)
    assert {attribute.lower() for attribute in attributes} == {
        "httponly",
        "max-age=2592000",
        "path=/graphql",
        "samesite=strict",
        "secure",
    }


@pytest.mark.settings(COOKIE_SECURE="false", REFRESH_TTL_SECONDS="3600")
async def test_the_cookie_follows_the_settings(client: httpx.AsyncClient) -> None:
    response = await Api(client).post(
        SIGN_UP, input={"username": "ada", "password": PASSWORD, "tokenDelivery": "COOKIE"}
    )
    name, *attributes = response.headers["set-cookie"].lower().split("; ")
    assert name.startswith("refresh_token_")
    assert "max-age=3600" in attributes
    assert "secure" not in attributes


async def test_a_username_is_taken_in_any_letter_case(client: httpx.AsyncClient) -> None:
    await Api(client).sign_up("Ada")
    assert await Api(client).sign_up("aDA") == {
        "__typename": "UsernameTaken",
        "code": "USERNAME_TAKEN",
        "message": "This username is taken. Choose another one.",
    }


async def test_every_wrong_field_is_named(client: httpx.AsyncClient) -> None:
    result = await Api(client).sign_up("a", password="short", email="ada", fullName="")
    assert result["__typename"] == "InvalidInput"
    assert result["code"] == "INVALID_INPUT"
    assert [field["path"] for field in result["fields"]] == [
        ["username"],
        ["password"],
        ["email"],
        ["fullName"],
    ]
    assert all(field["message"] for field in result["fields"])


async def test_an_address_signs_up_only_so_often(client: httpx.AsyncClient) -> None:
    api = Api(client)
    results = [await api.sign_up(new_username()) for _ in range(21)]
    assert [result["__typename"] for result in results] == ["Session"] * 20 + ["TooManyAttempts"]
    assert results[-1]["code"] == "TOO_MANY_ATTEMPTS"
    assert results[-1]["retryAfterSeconds"] > 0


@pytest.mark.settings(SIGN_UP="closed")
async def test_is_forbidden_if_only_operators_create_accounts(client: httpx.AsyncClient) -> None:
    account = {"username": "ada", "password": PASSWORD}
    code, message = await Api(client).error(SIGN_UP, input=account)
    assert code == "FORBIDDEN"
    assert message == "Sign-up is closed. Ask the operator of this service for an account."
