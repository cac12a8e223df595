"""Sessions of the previous release, which had a collection of their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gql_api.adapters.mongo import session_migration
from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.session_migration import SESSIONS, move_sessions
from gql_api.domain import opaque_tokens
from gql_api.domain.accounts import SESSIONS_MAX, AccessClaims, User
from gql_api.domain.errors import InvalidSession
from gql_api.domain.ids import new_id
from gql_api.domain.opaque_tokens import RefreshToken
from tests.accounts import Accounts, a_user, accounts_on

DAY = timedelta(days=1)


@pytest.fixture
async def accounts(database: Database) -> Accounts:
    return await accounts_on(database)


async def old_user(accounts: Accounts, username: str, **fields: Any) -> User:
    """Insert a user as the previous release did."""
    user = a_user(username, accounts.clock())
    await accounts.users.insert(user, "hash")
    await accounts.database["users"].update_one(
        {"_id": user.id}, {"$unset": {"sessions": ""}, "$set": {"full_name": None, **fields}}
    )
    return user


async def old_session(
    accounts: Accounts, user: User, lasts: timedelta = DAY
) -> tuple[str, RefreshToken]:
    """Insert a session as the previous release did; return its id and its refresh token."""
    now = datetime.now(UTC)
    id, token = new_id(now), opaque_tokens.new_refresh_token()
    await accounts.database[SESSIONS].insert_one(
        {
            "_id": id,
            "owner_id": user.id,
            "family_hash": token.family,
            "token_hash": token.hash,
            "created_at": now - DAY,
            "expires_at": now + lasts,
            "ends_at": now + 30 * DAY,
        }
    )
    return id, token


async def test_they_go_on(accounts: Accounts) -> None:
    user = await old_user(accounts, "ada")
    id, token = await old_session(accounts, user)
    lines: list[str] = []
    await move_sessions(accounts.database, lines.append)
    now = accounts.clock()
    access = accounts.tokens.issue(AccessClaims(user.id, id), now=now, ttl_seconds=900)
    viewer = await accounts.authentication.viewer(access)
    assert viewer is not None
    assert viewer.logged_in_at is not None
    assert viewer.logged_in_at < now - timedelta(hours=23)
    renewed = await accounts.session_service.refresh(token.text)
    assert renewed.session_id == id
    with pytest.raises(InvalidSession):
        await accounts.session_service.refresh(token.text)
    assert await accounts.database[SESSIONS].count_documents({}) == 0
    assert lines == ["Moved 1 sessions into the documents of their users."]


async def test_those_that_have_ended_do_not(accounts: Accounts) -> None:
    ada = await old_user(accounts, "ada")
    _, expired = await old_session(accounts, ada, lasts=-timedelta(seconds=1))
    _, disabled = await old_session(accounts, await old_user(accounts, "bob", disabled=True))
    _, nobodys = await old_session(accounts, a_user("deleted", accounts.clock()))
    await move_sessions(accounts.database, print)
    for token in (expired, disabled, nobodys):
        with pytest.raises(InvalidSession):
            await accounts.session_service.refresh(token.text)
    assert await accounts.session_service.list(ada.id) == []
    assert await accounts.database[SESSIONS].count_documents({}) == 0


async def test_of_too_many_the_last_used_are_kept(accounts: Accounts) -> None:
    user = await old_user(accounts, "ada")
    sessions = [
        await old_session(accounts, user, DAY + timedelta(hours=hours))
        for hours in range(SESSIONS_MAX + 3)
    ]
    await move_sessions(accounts.database, print)
    listed = await accounts.session_service.list(user.id)
    assert [session.id for session in listed] == [id for id, _ in reversed(sessions[3:])]


async def test_a_migration_that_was_interrupted_goes_on(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_migration, "_BATCH", 2)
    users = [await old_user(accounts, f"user{number}") for number in range(3)]
    for user in users * 2:
        await old_session(accounts, user)

    def interrupt(_line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await move_sessions(accounts.database, interrupt)
    assert await accounts.database[SESSIONS].count_documents({}) == 4
    lines: list[str] = []
    await move_sessions(accounts.database, lines.append)
    await move_sessions(accounts.database, lines.append)
    assert [len(await accounts.session_service.list(user.id)) for user in users] == [2, 2, 2]
    assert len(lines) == 2
