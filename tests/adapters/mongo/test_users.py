import asyncio
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from pymongo.errors import DuplicateKeyError

from gql_api.adapters.mongo.database import Database
from gql_api.domain.accounts import NewSession
from tests.accounts import Accounts, a_session, a_user, accounts_on

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SESSION = NewSession("id", "family", "token", NOW, NOW, NOW)


@pytest.fixture
async def accounts(database: Database) -> Accounts:
    return await accounts_on(database)


async def test_a_user_is_found_in_any_case(accounts: Accounts) -> None:
    user = a_user("Ada", accounts.clock())
    assert await accounts.users.insert(user, "hash")
    found = await accounts.users.find_credentials("aDA")
    assert found is not None
    assert (found.user, found.password_hash) == (user, "hash")
    assert await accounts.users.find_credentials("adam") is None


async def test_a_username_is_taken_in_any_case(accounts: Accounts) -> None:
    users = [a_user(name, accounts.clock()) for name in ("ada", "ADA", "Ada", "aDa") * 5]
    outcomes = await asyncio.gather(*(accounts.users.insert(user, "hash") for user in users))
    assert sorted(outcomes) == [False] * 19 + [True]
    assert await accounts.database["users"].count_documents({}) == 1


async def test_another_conflict_is_no_taken_username(accounts: Accounts) -> None:
    user = a_user("ada", accounts.clock())
    await accounts.users.insert(user, "hash")
    with pytest.raises(DuplicateKeyError):
        await accounts.users.insert(user._replace(username="bob"), "hash")


@pytest.mark.parametrize("disabled", [True, "yes", 1, 0, ""])
async def test_whatever_an_operator_writes_disables(accounts: Accounts, disabled: Any) -> None:
    user = a_user("ada", accounts.clock())
    await accounts.users.insert(user, "hash")
    session_id = await a_session(accounts, user.id)
    await accounts.disable(user, disabled)
    assert await accounts.sessions.find_viewer(user.id, session_id, accounts.clock()) is None
    found = await accounts.users.find_credentials("ada")
    assert found is not None
    assert found.user.disabled


@pytest.mark.parametrize("disabled", [False, None])
async def test_a_user_is_enabled_otherwise(accounts: Accounts, disabled: Any) -> None:
    user = a_user("ada", accounts.clock())
    await accounts.users.insert(user, "hash")
    session_id = await a_session(accounts, user.id)
    await accounts.disable(user, disabled)
    viewer = await accounts.sessions.find_viewer(user.id, session_id, accounts.clock())
    assert viewer is not None
    assert viewer.user == user


async def test_only_text_gets_into_a_filter(accounts: Accounts) -> None:
    await accounts.users.insert(a_user("ada", accounts.clock()), "hash")
    operator = cast(str, {"$ne": None})
    at = accounts.clock()
    for call in (
        accounts.sessions.find_viewer("a", operator, at),
        accounts.sessions.find_viewer(operator, "a", at),
        accounts.sessions.end(operator, "a"),
        accounts.sessions.end("a", operator),
        accounts.sessions.end_all(operator, at),
        accounts.sessions.list(operator, at),
        accounts.sessions.end_family(operator),
        accounts.sessions.rotate("a", operator, "b", now=at, expires_at=at),
        accounts.sessions.rotate(operator, "a", "b", now=at, expires_at=at),
        accounts.sessions.begin("a", SESSION, verified_hash=operator, new_hash="b"),
        accounts.sessions.begin(operator, SESSION, verified_hash="a", new_hash="b"),
        accounts.attempts.begin(operator, at, 1),
        accounts.attempts.clear(operator),
        accounts.keys.list(operator),
        accounts.keys.delete("a", operator),
        accounts.keys.find_viewer(operator, at),
    ):
        with pytest.raises(TypeError, match="a filter value must be a str, not dict"):
            await call
