"""changePassword, end to end."""

from __future__ import annotations

import httpx

from tests.api import PASSWORD, Api

NEW = "staple battery horse correct"


async def test_it_is_changed(client: httpx.AsyncClient) -> None:
    session = await Api(client).sign_up("ada")
    await Api(client).login("ada")
    ada = Api(client, session["accessToken"])
    assert await ada.change_password(PASSWORD, NEW) == {
        "__typename": "PasswordChanged",
        "sessionsEnded": 1,
    }
    assert (await Api(client).login("ada"))["__typename"] == "InvalidCredentials"
    assert (await Api(client).login("ada", NEW))["__typename"] == "Session"


async def test_a_wrong_password_and_a_bad_one(client: httpx.AsyncClient) -> None:
    ada = Api(client, (await Api(client).sign_up("ada"))["accessToken"])
    wrong = await ada.change_password("wrong password", NEW)
    assert (wrong["__typename"], wrong["code"]) == ("InvalidCredentials", "INVALID_CREDENTIALS")
    bad = await ada.change_password(PASSWORD, "password1")
    assert bad["__typename"] == "InvalidInput"
    assert [field["path"] for field in bad["fields"]] == [["newPassword"]]


async def test_somebody_has_to_be_signed_in(client: httpx.AsyncClient) -> None:
    answer = await Api(client).post(
        'mutation { changePassword(input: {currentPassword: "a", newPassword: "b"}) '
        "{ __typename } }"
    )
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    ada = Api(client, (await Api(client).sign_up("ada"))["accessToken"])
    key = Api(client, (await ada.create_api_key("backup"))["token"])
    answer = await key.post(
        'mutation { changePassword(input: {currentPassword: "a", newPassword: "b"}) '
        "{ __typename } }"
    )
    assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
