from datetime import timedelta

import pytest

from gql_api.adapters.mongo.database import Database
from gql_api.domain.accounts import ApiKeyScope, Viewer
from gql_api.domain.errors import ApiKeyNotFound, Forbidden, InvalidInput
from gql_api.domain.ids import new_id
from gql_api.services.api_keys import API_KEYS_MAX
from tests.accounts import Accounts, accounts_on


@pytest.fixture
async def accounts(database: Database) -> Accounts:
    return await accounts_on(database)


@pytest.fixture
async def viewer(accounts: Accounts) -> Viewer:
    return await accounts.viewer(await accounts.sign_up())


async def test_a_key_lets_its_owner_in(accounts: Accounts, viewer: Viewer) -> None:
    token, api_key = await accounts.api_keys.create(viewer, "backup", None)
    assert token.startswith("mus_")
    by_key = await accounts.authentication.viewer(token)
    assert by_key == Viewer(viewer.user, api_key_id=api_key.id, scope=ApiKeyScope.ALL)
    (listed,) = await accounts.api_keys.list(viewer.user.id)
    assert (listed.id, listed.name, listed.expires_at) == (api_key.id, "backup", None)
    assert listed.last_used_at == accounts.clock()


async def test_a_key_can_be_revoked(accounts: Accounts, viewer: Viewer) -> None:
    token, api_key = await accounts.api_keys.create(viewer, "backup", None)
    await accounts.api_keys.revoke(viewer, api_key.id)
    assert await accounts.authentication.viewer(token) is None
    assert await accounts.api_keys.list(viewer.user.id) == []
    with pytest.raises(ApiKeyNotFound):
        await accounts.api_keys.revoke(viewer, api_key.id)


async def test_a_key_of_another_user_is_as_if_there_were_none(
    accounts: Accounts, viewer: Viewer
) -> None:
    token, api_key = await accounts.api_keys.create(viewer, "backup", None)
    other = await accounts.viewer(await accounts.sign_up("Bob"))
    for api_key_id in (api_key.id, new_id(accounts.clock()), "", "junk", "\ud800"):
        with pytest.raises(ApiKeyNotFound):
            await accounts.api_keys.revoke(other, api_key_id)
    assert await accounts.authentication.viewer(token) is not None
    assert await accounts.api_keys.list(other.user.id) == []


async def test_a_key_makes_and_revokes_no_keys(accounts: Accounts, viewer: Viewer) -> None:
    token, api_key = await accounts.api_keys.create(viewer, "backup", None)
    by_key = await accounts.authentication.viewer(token)
    assert by_key is not None
    with pytest.raises(Forbidden):
        await accounts.api_keys.create(by_key, "another", None)
    with pytest.raises(Forbidden):
        await accounts.api_keys.revoke(by_key, api_key.id)
    assert len(await accounts.api_keys.list(viewer.user.id)) == 1


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\0b", "\ud800"])
async def test_bad_names(accounts: Accounts, viewer: Viewer, name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await accounts.api_keys.create(viewer, name, accounts.clock())
    assert [field.path for field in caught.value.fields] == [("name",), ("expiresAt",)]


async def test_a_key_expires(accounts: Accounts, viewer: Viewer) -> None:
    expires_at = accounts.clock() + timedelta(hours=1)
    token, _ = await accounts.api_keys.create(viewer, "x" * 100, expires_at)
    accounts.clock.advance(seconds=3599)
    assert await accounts.authentication.viewer(token) is not None
    accounts.clock.advance(seconds=1)
    assert await accounts.authentication.viewer(token) is None
    (listed,) = await accounts.api_keys.list(viewer.user.id)
    assert listed.expires_at == expires_at


async def test_there_is_a_limit(accounts: Accounts, viewer: Viewer) -> None:
    for number in range(API_KEYS_MAX):
        await accounts.api_keys.create(viewer, f"key {number}", None)
    with pytest.raises(InvalidInput, match="you have 100 keys"):
        await accounts.api_keys.create(viewer, "one more", None)
    newest, *_ = await accounts.api_keys.list(viewer.user.id)
    assert newest.name == "key 99"
    await accounts.api_keys.revoke(viewer, newest.id)
    await accounts.api_keys.create(viewer, "one more", None)
