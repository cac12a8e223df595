"""signInMethods, and a service without passwords."""

from __future__ import annotations

import json

import httpx
import pytest

from gql_api.container import Container
from tests.api import PASSWORD, Api, new_username

METHODS = "{ signInMethods { passwords signUp issuers { name issuer clientId } } }"
ISSUERS = [
    {"name": "Acme", "issuer": "https://acme.test/", "audience": "media", "clientId": "web"},
    {"name": "Partners", "issuer": "https://partners.test", "audience": "media"},
]
WITH_ISSUERS = {"OIDC_ISSUERS": json.dumps(ISSUERS)}


async def methods(client: httpx.AsyncClient) -> object:
    return (await Api(client).data(METHODS))["signInMethods"]


async def test_passwords_alone(client: httpx.AsyncClient) -> None:
    assert await methods(client) == {"passwords": True, "signUp": True, "issuers": []}


@pytest.mark.settings(SIGN_UP="closed")
async def test_sign_up_is_closed(client: httpx.AsyncClient) -> None:
    assert await methods(client) == {"passwords": True, "signUp": False, "issuers": []}


@pytest.mark.settings(PASSWORDS="off", **WITH_ISSUERS)
async def test_only_issuers_of_the_web_client_are_listed(client: httpx.AsyncClient) -> None:
    acme = {"name": "Acme", "issuer": "https://acme.test/", "clientId": "web"}
    assert await methods(client) == {"passwords": False, "signUp": False, "issuers": [acme]}


@pytest.mark.settings(PASSWORDS="off")
async def test_without_passwords_nobody_signs_up_or_logs_in(
    client: httpx.AsyncClient, container: Container
) -> None:
    """Accounts from before, too; no password is verified."""
    await container.accounts.create("ada", PASSWORD, None, None)
    for query, input in (
        (
            "mutation ($input: SignUpInput!) { signUp(input: $input) { __typename } }",
            {"username": new_username(), "password": PASSWORD},
        ),
        (
            "mutation ($input: LoginInput!) { login(input: $input) { __typename } }",
            {"username": "ada", "password": PASSWORD},
        ),
    ):
        code, message = await Api(client).error(query, input=input)
        assert code == "FORBIDDEN"
        assert "signInMethods" in message
    assert await container.database["attempts"].count_documents({}) == 0


async def test_sessions_from_before_go_on(
    client: httpx.AsyncClient, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await Api(client).sign_up("ada")
    ada = Api(client, session["accessToken"])
    monkeypatch.setattr(container.accounts._passwords, "_enabled", False)
    assert (await ada.data("{ viewer { username } }"))["viewer"] == {"username": "ada"}
    key = await ada.create_api_key("backup")
    assert key["__typename"] == "ApiKeyCreated"
    change = (
        "mutation ($old: String!, $new: String!) { changePassword(input: "
        "{currentPassword: $old, newPassword: $new}) { __typename } }"
    )
    code, _ = await ada.error(change, old=PASSWORD, new="staple battery horse correct")
    assert code == "FORBIDDEN"
    refreshed = await Api(client).refresh_session(refreshToken=session["refreshToken"])
    assert refreshed["__typename"] == "Session"
