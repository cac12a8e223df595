import asyncio
from datetime import datetime, timedelta

import pytest

from gql_api.adapters.mongo.database import Database
from gql_api.domain.accounts import ApiKey, User
from gql_api.domain.ids import new_id
from tests.accounts import Accounts, a_session, a_user, accounts_on


@pytest.fixture
async def accounts(database: Database) -> Accounts:
    return await accounts_on(database)


@pytest.fixture
async def user(accounts: Accounts) -> User:
    user = a_user("ada", accounts.clock())
    await accounts.users.insert(user, "hash")
    return user


async def insert(
    accounts: Accounts, api_key: ApiKey, token: str = "token", limit: int = 100
) -> bool:
    """Insert a key with a session that begins now."""
    session_id = await a_session(accounts, api_key.owner_id)
    return await accounts.keys.insert(api_key, token, limit, session_id=session_id)


def a_key(user: User, at: datetime, expires_at: datetime | None = None) -> ApiKey:
    at = at.replace(microsecond=0)
    return ApiKey(new_id(at), user.id, "backup", at, expires_at, None)


async def used_at(accounts: Accounts, user: User) -> datetime | None:
    (api_key,) = await accounts.keys.list(user.id)
    return api_key.last_used_at


async def test_a_key_is_found_by_its_hash(accounts: Accounts, user: User) -> None:
    api_key = a_key(user, accounts.clock())
    assert await insert(accounts, api_key)
    assert await accounts.keys.list(user.id) == [api_key]
    viewer = await accounts.keys.find_viewer("token", accounts.clock())
    assert viewer is not None
    assert (viewer.user, viewer.api_key_id, viewer.session_id) == (user, api_key.id, None)
    assert await accounts.keys.find_viewer("other", accounts.clock()) is None


async def test_the_use_is_noted_once_a_minute(accounts: Accounts, user: User) -> None:
    await insert(accounts, a_key(user, accounts.clock()))
    assert await used_at(accounts, user) is None
    first = accounts.clock()
    for seconds, noted in ((0, 0), (59, 0), (1, 60), (59, 60), (100, 219)):
        accounts.clock.advance(seconds=seconds)
        assert await accounts.keys.find_viewer("token", accounts.clock())
        assert await used_at(accounts, user) == first + timedelta(seconds=noted)


async def test_a_key_works_until_it_expires(accounts: Accounts, user: User) -> None:
    expires_at = accounts.clock() + timedelta(seconds=10)
    await insert(accounts, a_key(user, accounts.clock(), expires_at))
    accounts.clock.advance(seconds=9)
    assert await accounts.keys.find_viewer("token", accounts.clock())
    accounts.clock.advance(seconds=1)
    assert await accounts.keys.find_viewer("token", accounts.clock()) is None


async def test_a_disabled_user_has_no_key(accounts: Accounts, user: User) -> None:
    await insert(accounts, a_key(user, accounts.clock()))
    await accounts.disable(user)
    assert await accounts.keys.find_viewer("token", accounts.clock()) is None


async def test_the_limit_holds_however_many_are_made_at_once(
    accounts: Accounts, user: User
) -> None:
    keys = [a_key(user, accounts.clock()) for _ in range(12)]
    outcomes = await asyncio.gather(*(insert(accounts, key, key.id, 5) for key in keys))
    assert outcomes.count(True) == 5
    listed = await accounts.keys.list(user.id)
    assert len(listed) == 5
    assert [key.id for key in listed] == sorted((key.id for key in listed), reverse=True)
    assert await accounts.keys.delete(user.id, listed[4].id)
    assert await insert(accounts, a_key(user, accounts.clock()), "again", 5)
    assert not await insert(accounts, a_key(user, accounts.clock()), "too many", 5)


async def test_a_key_belongs_to_its_owner(accounts: Accounts, user: User) -> None:
    api_key = a_key(user, accounts.clock())
    await insert(accounts, api_key)
    assert not await accounts.keys.delete(new_id(accounts.clock()), api_key.id)
    assert await accounts.keys.delete(user.id, api_key.id)
    assert not await accounts.keys.delete(user.id, api_key.id)
    assert await accounts.keys.find_viewer("token", accounts.clock()) is None
