import asyncio
from datetime import timedelta

import pytest

from gql_api.adapters.mongo.database import Database
from gql_api.domain.accounts import SESSIONS_MAX, User
from tests.accounts import Accounts, a_session, a_user, accounts_on

HOUR = timedelta(hours=1)


@pytest.fixture
async def accounts(database: Database) -> Accounts:
    return await accounts_on(database)


@pytest.fixture
async def user(accounts: Accounts) -> User:
    user = a_user("ada", accounts.clock())
    await accounts.users.insert(user, "hash")
    return user


async def test_a_session_lives_until_it_expires(accounts: Accounts, user: User) -> None:
    session_id = await a_session(accounts, user.id)
    accounts.clock.advance(seconds=3599)
    viewer = await accounts.sessions.find_viewer(user.id, session_id, accounts.clock())
    assert viewer is not None
    assert (viewer.user, viewer.session_id, viewer.api_key_id) == (user, session_id, None)
    accounts.clock.advance(seconds=1)
    assert await accounts.sessions.find_viewer(user.id, session_id, accounts.clock()) is None
    assert await rotate(accounts, "one", "two") is False


async def rotate(accounts: Accounts, token: str, new_token: str) -> bool:
    now = accounts.clock()
    viewer = await accounts.sessions.rotate(
        "family", token, new_token, now=now, expires_at=now + HOUR
    )
    return viewer is not None


async def test_a_token_is_rotated_once(accounts: Accounts, user: User) -> None:
    await a_session(accounts, user.id)
    assert await rotate(accounts, "one", "two")
    assert not await rotate(accounts, "one", "three")
    assert await rotate(accounts, "two", "three")
    assert not await rotate(accounts, "unknown", "four")


async def test_of_many_rotations_at_once_one_succeeds(accounts: Accounts, user: User) -> None:
    await a_session(accounts, user.id)
    outcomes = await asyncio.gather(*(rotate(accounts, "one", f"two-{n}") for n in range(20)))
    assert outcomes.count(True) == 1
    assert await rotate(accounts, f"two-{outcomes.index(True)}", "three")


async def test_rotation_lengthens_a_session_up_to_its_end(accounts: Accounts, user: User) -> None:
    session_id = await a_session(accounts, user.id)
    start = accounts.clock()
    token = "one"
    for minutes in (50, 100, 150):
        accounts.clock.now = start + timedelta(minutes=minutes)
        assert await rotate(accounts, token, token := f"at {minutes}")
    accounts.clock.now = start + timedelta(seconds=3 * 3600 - 1)
    assert await accounts.sessions.find_viewer(user.id, session_id, accounts.clock()) is not None
    accounts.clock.advance(seconds=1)
    assert await accounts.sessions.find_viewer(user.id, session_id, accounts.clock()) is None
    assert not await rotate(accounts, token, "too late")


async def test_a_disabled_user_has_no_session(accounts: Accounts, user: User) -> None:
    session_id = await a_session(accounts, user.id)
    await accounts.disable(user)
    assert await accounts.sessions.find_viewer(user.id, session_id, accounts.clock()) is None
    assert not await rotate(accounts, "one", "two")


async def test_a_session_belongs_to_its_user(accounts: Accounts, user: User) -> None:
    session_id = await a_session(accounts, user.id)
    other = a_user("bob", accounts.clock())
    await accounts.users.insert(other, "hash")
    assert await accounts.sessions.find_viewer(other.id, session_id, accounts.clock()) is None
    assert await accounts.sessions.end(other.id, session_id) == 0
    assert await accounts.sessions.end_all(other.id, accounts.clock()) == 0
    assert await accounts.sessions.find_viewer(user.id, session_id, accounts.clock()) is not None


async def test_sessions_end(accounts: Accounts, user: User) -> None:
    first = await a_session(accounts, user.id, "family")
    for number in range(3):
        await a_session(accounts, user.id, f"other-{number}")
    assert await accounts.sessions.end(user.id, first) == 1
    assert await accounts.sessions.end(user.id, first) == 0
    assert await accounts.sessions.end_family("other-0") == 1
    assert await accounts.sessions.end_family("other-0") == 0
    assert await accounts.sessions.end_all(user.id, accounts.clock()) == 2
    assert await accounts.sessions.end_all(user.id, accounts.clock()) == 0


async def test_of_too_many_the_newest_are_kept(accounts: Accounts, user: User) -> None:
    """All of these begin at the same time, so it is their order that decides."""
    ids = [await a_session(accounts, user.id, f"family {n}") for n in range(SESSIONS_MAX + 5)]
    listed = await accounts.sessions.list(user.id, accounts.clock())
    assert [session.id for session in listed] == ids[:4:-1]
    assert await accounts.sessions.rotate(
        "family 5", "one", "two", now=accounts.clock(), expires_at=accounts.clock() + HOUR
    )
    newest = await a_session(accounts, user.id, "newest")
    kept = await accounts.sessions.list(user.id, accounts.clock())
    assert [session.id for session in kept] == [newest, ids[5], *ids[:6:-1]]


async def test_expired_sessions_are_removed_at_a_login(accounts: Accounts, user: User) -> None:
    await a_session(accounts, user.id)
    accounts.clock.advance(seconds=3600)
    await a_session(accounts, user.id)
    (document,) = await accounts.database["users"].find({}).to_list()
    assert len(document["sessions"]) == 1


async def test_a_password_is_changed_with_a_live_session_only(
    accounts: Accounts, user: User
) -> None:
    session_id = await a_session(accounts, user.id)
    await a_session(accounts, user.id, "other")
    now = accounts.clock()
    viewer = await accounts.sessions.find_viewer(user.id, session_id, now)
    assert viewer is not None
    change = accounts.sessions.change_password
    assert await change(viewer, "wrong", "new", revoke_api_keys=True, now=now) is None
    assert await change(viewer, "hash", "new", revoke_api_keys=True, now=now) == 1
    await accounts.sessions.end(user.id, session_id)
    assert await change(viewer, "new", "newer", revoke_api_keys=False, now=now) is None
