"""revokeApiKey, end to end."""

from __future__ import annotations

import httpx

from tests.api import Api, new_user

REVOKE = 'mutation { revokeApiKey(id: "x") { __typename } }'


async def test_the_key_works_no_more(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    created = await ada.create_api_key("laptop")
    key_id = created["apiKey"]["id"]
    assert await ada.revoke_api_key(key_id) == {"__typename": "ApiKeyRevoked", "id": key_id}
    assert await Api(client, created["token"]).data("{ viewer { id } }") == {"viewer": None}
    assert await ada.data("{ viewer { apiKeys { id } } }") == {"viewer": {"apiKeys": []}}


async def test_a_strangers_key_looks_as_one_that_does_not_exist(
    client: httpx.AsyncClient,
) -> None:
    ada, bob = await new_user(client), await new_user(client)
    created = await ada.create_api_key("laptop")
    strangers = await bob.revoke_api_key(created["apiKey"]["id"])
    assert strangers["__typename"] == "ApiKeyNotFound"
    assert strangers["code"] == "API_KEY_NOT_FOUND"
    for unknown in ("0199c0de-0000-7000-8000-000000000000", "x", ""):
        assert await bob.revoke_api_key(unknown) == strangers
    assert (await Api(client, created["token"]).data("{ viewer { id } }"))["viewer"]


async def test_a_key_revokes_no_keys(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    created = await ada.create_api_key("laptop")
    assert (await Api(client, created["token"]).error(REVOKE))[0] == "FORBIDDEN"


async def test_nobody_revokes_no_keys(client: httpx.AsyncClient) -> None:
    assert (await Api(client).error(REVOKE))[0] == "UNAUTHENTICATED"
