"""createApiKey, end to end."""

from __future__ import annotations

from datetime import timedelta

import httpx

from tests.api import Api, new_user
from tests.clock import SettableClock

CREATE = 'mutation { createApiKey(input: { name: "x" }) { __typename } }'
KEYS = "{ viewer { apiKeys { id name createdAt expiresAt lastUsedAt } } }"


async def test_the_key_speaks_for_its_owner(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    created = await ada.create_api_key("laptop")
    assert created["__typename"] == "ApiKeyCreated"
    assert created["token"].startswith("mus_")
    assert created["apiKey"]["name"] == "laptop"
    assert created["apiKey"]["expiresAt"] is None
    assert created["apiKey"]["lastUsedAt"] is None
    script = Api(client, created["token"])
    assert await script.data("{ viewer { id } }") == await ada.data("{ viewer { id } }")
    upload = await script.store(b"by key")
    assert await ada.upload(upload["id"]) is not None


async def test_it_is_listed_without_its_secret(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    ada = await new_user(client)
    first = await ada.create_api_key("first")
    clock.advance(seconds=1)
    second = await ada.create_api_key("second")
    clock.advance(seconds=1)
    await Api(client, first["token"]).data("{ viewer { id } }")
    listed = (await ada.data(KEYS))["viewer"]["apiKeys"]
    assert [key["name"] for key in listed] == ["second", "first"]
    assert listed[0] == second["apiKey"]
    assert listed[1]["lastUsedAt"] is not None
    assert first["token"] not in str(listed)


async def test_it_works_until_it_expires(client: httpx.AsyncClient, clock: SettableClock) -> None:
    ada = await new_user(client)
    expires_at = (clock.now + timedelta(hours=1)).isoformat()
    created = await ada.create_api_key("an hour", expires_at)
    script = Api(client, created["token"])
    assert (await script.data("{ viewer { id } }"))["viewer"]
    clock.advance(hours=1)
    assert await script.data("{ viewer { id } }") == {"viewer": None}


async def test_every_wrong_field_is_named(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    result = await ada.create_api_key("", "2001-01-01T00:00:00Z")
    assert result["__typename"] == "InvalidInput"
    assert [field["path"] for field in result["fields"]] == [["name"], ["expiresAt"]]


async def test_a_key_makes_no_keys(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    created = await ada.create_api_key("laptop")
    code, _ = await Api(client, created["token"]).error(CREATE)
    assert code == "FORBIDDEN"


async def test_nobody_makes_no_keys(client: httpx.AsyncClient) -> None:
    assert (await Api(client).error(CREATE))[0] == "UNAUTHENTICATED"
