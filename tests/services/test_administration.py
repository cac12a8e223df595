"""What operators do with accounts, on the real servers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from gql_api import operators
from gql_api.domain.accounts import IssuedSession, Quota, Usage, Viewer
from gql_api.domain.errors import (
    Forbidden,
    InvalidCredentials,
    InvalidInput,
    InvalidSession,
    QuotaExceeded,
    Unauthenticated,
    Unavailable,
    UserNotFound,
)
from gql_api.domain.uploads import UploadStatus
from gql_api.services.administration import AdministrationService, new_password
from tests.accounts import ADDRESS, PASSWORD
from tests.services.world import World

DATA = b"a few bytes"


@pytest.fixture
def administration(world: World) -> AdministrationService:
    return operators.administration(world.container, world.clock).accounts


@pytest.fixture
async def ada(world: World) -> IssuedSession:
    """Ada, who owns the uploads of this world."""
    issued = await world.container.accounts.sign_up("Ada", PASSWORD, None, None, ADDRESS)
    world.owner_ids[:] = [issued.user.id]
    return issued


async def viewer(world: World, token: str) -> Viewer | None:
    return await world.container.authentication.viewer(token)


async def api_key(world: World, issued: IssuedSession) -> str:
    signed_in = await viewer(world, issued.access_token)
    assert signed_in is not None
    token, _ = await world.container.api_keys.create(signed_in, "backup", None)
    return token


async def test_a_disabled_user_is_locked_out_at_once(
    world: World, administration: AdministrationService, ada: IssuedSession
) -> None:
    key = await api_key(world, ada)

    assert await administration.disable("ADA") == 1

    assert await viewer(world, ada.access_token) is None
    assert await viewer(world, key) is None
    with pytest.raises(InvalidSession):
        await world.container.sessions.refresh(ada.refresh_token)
    with pytest.raises(InvalidCredentials) as caught:
        await world.container.accounts.login("ada", PASSWORD, ADDRESS)
    assert "disabled" not in str(caught.value)


async def test_an_enabled_user_logs_in_again(
    world: World, administration: AdministrationService, ada: IssuedSession
) -> None:
    key = await api_key(world, ada)
    await administration.disable("ada")

    await administration.enable("ada")

    assert await viewer(world, ada.access_token) is None
    assert await viewer(world, key) is not None
    await world.container.accounts.login("ada", PASSWORD, ADDRESS)


async def test_a_new_password_replaces_the_old_one(
    world: World, administration: AdministrationService, ada: IssuedSession
) -> None:
    password = new_password()

    assert await administration.reset_password("ada", password) == 1

    assert await viewer(world, ada.access_token) is None
    with pytest.raises(InvalidCredentials):
        await world.container.accounts.login("ada", PASSWORD, ADDRESS)
    await world.container.accounts.login("ada", password, ADDRESS)


async def test_a_new_password_follows_the_rules(
    administration: AdministrationService, ada: IssuedSession
) -> None:
    with pytest.raises(InvalidInput):
        await administration.reset_password("ada", "password")


@pytest.mark.parametrize("change", ["disable", "reset_password"])
async def test_no_login_that_had_begun_survives(
    world: World,
    administration: AdministrationService,
    ada: IssuedSession,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
) -> None:
    """The change comes after the login has verified the password, before it opens its session."""
    sessions: Any = world.container.accounts._session_store
    begin = sessions.begin

    async def begin_late(*arguments: Any, **more: Any) -> bool:
        more_arguments = (new_password(),) if change == "reset_password" else ()
        await getattr(administration, change)("ada", *more_arguments)
        return bool(await begin(*arguments, **more))

    monkeypatch.setattr(sessions, "begin", begin_late)

    with pytest.raises(InvalidCredentials):
        await world.container.accounts.login("ada", PASSWORD, ADDRESS)

    await administration.enable("ada")
    assert (await administration.get("ada")).sessions == 0


async def test_sessions_and_api_keys_end(
    world: World, administration: AdministrationService, ada: IssuedSession
) -> None:
    key = await api_key(world, ada)
    await world.container.accounts.login("ada", PASSWORD, ADDRESS)

    assert await administration.end_sessions("ada") == 2
    assert await viewer(world, key) is not None
    assert await administration.revoke_api_keys("ada") == 1
    assert await viewer(world, key) is None


@pytest.mark.settings(USER_QUOTA_BYTES="10")
async def test_a_users_own_quota_takes_precedence(
    world: World, administration: AdministrationService, ada: IssuedSession
) -> None:
    other = await world.add_owner()
    await administration.set_quota("ada", Quota(20))
    await world.request(11)
    with pytest.raises(QuotaExceeded) as caught:
        await world.request(10)
    assert caught.value.available_bytes == 9
    with pytest.raises(QuotaExceeded):
        await world.request(11, other)

    await administration.set_quota("ada", Quota(None))
    await world.request(10**12)

    await administration.set_quota("ada", None)
    with pytest.raises(QuotaExceeded) as caught:
        await world.request(1)
    assert caught.value.available_bytes == 0


@pytest.mark.settings(USER_QUOTA_BYTES="")
async def test_a_quota_applies_where_the_service_has_none(
    world: World, administration: AdministrationService, ada: IssuedSession
) -> None:
    await administration.set_quota("ada", Quota(5))

    with pytest.raises(QuotaExceeded):
        await world.request(6)
    account = await administration.get("ada")
    assert account.user.quota_bytes(None) == 5


async def test_concurrent_requests_keep_a_users_own_quota(
    world: World, administration: AdministrationService, ada: IssuedSession
) -> None:
    other = await world.add_owner()
    await administration.set_quota("ada", Quota(50))

    requests = (world.request(10, owner) for _ in range(8) for owner in (ada.user.id, other))
    outcomes = await asyncio.gather(*requests, return_exceptions=True)

    assert sum(isinstance(outcome, QuotaExceeded) for outcome in outcomes) == 3
    assert await world.usage(ada.user.id) == {"bytes": 50, "uploads": 5}


async def test_shows_what_an_account_holds(
    world: World, administration: AdministrationService, ada: IssuedSession
) -> None:
    await api_key(world, ada)
    await world.stored(DATA)
    trashed = await world.stored(DATA)
    await world.container.trash.trash_many(ada.user.id, [trashed.id])
    deleted = await world.request(1000)
    await world.container.library.delete(ada.user.id, deleted.id)

    account = await administration.get("Ada")

    assert (account.sessions, account.api_keys) == (1, 1)
    assert account.uploads == {
        UploadStatus.STORED: Usage(len(DATA), 1),
        UploadStatus.TRASHED: Usage(len(DATA), 1),
        UploadStatus.DELETED: Usage(1000, 1),
    }
    assert account.held == Usage(2 * len(DATA), 2)
    assert (await administration.largest(1))[0].username == "Ada"


async def test_nothing_of_a_deleted_account_is_left(
    world: World, administration: AdministrationService, ada: IssuedSession, small_parts: int
) -> None:
    await api_key(world, ada)
    await world.stored(DATA)
    await world.send(await world.request(small_parts * 3), b"x" * small_parts * 3, 1)
    stranger = await world.add_owner()
    kept = await world.sent(DATA, stranger)
    seen: list[int] = []

    assert await administration.delete("ada", seen.append) == 2

    assert seen == [2]
    assert await world.objects() == {kept.key: DATA}
    assert await world.multiparts() == set()
    database = world.container.database
    assert await database["api_keys"].count_documents({}) == 0
    assert [row["_id"] async for row in database["users"].find()] != [ada.user.id]
    with pytest.raises(UserNotFound):
        await administration.get("ada")
    await world.sweep()
    assert [record.owner_id for record in await world.records()] == [stranger]


async def test_an_interrupted_deletion_is_repeated(
    world: World,
    administration: AdministrationService,
    ada: IssuedSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(3):
        await world.stored(DATA)
    delete, calls = world.container.bucket.delete, 0

    async def fail_once(key: str) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise Unavailable("storage")
        await delete(key)

    monkeypatch.setattr(world.container.bucket, "delete", fail_once)

    with pytest.raises(Unavailable):
        await administration.delete("ada", lambda _: None)
    assert (await administration.get("ada")).user.disabled
    await administration.delete("ada", lambda _: None)

    await world.sweep()
    assert await world.objects() == {}
    assert await world.records() == []


async def test_what_a_request_adds_meanwhile_is_deleted_too(
    world: World,
    administration: AdministrationService,
    ada: IssuedSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An older release may insert an upload of a user who has just been disabled."""
    usage: Any = administration._usage
    recompute, late = usage.recompute, [0, 5]
    users = world.container.database["users"]

    async def recompute_late(owner_ids: list[str]) -> int:
        corrected = await recompute(owner_ids)
        if late:
            await users.update_one({"_id": world.owner_id}, {"$set": {"disabled": False}})
            await world.request(late.pop())
            await users.update_one({"_id": world.owner_id}, {"$set": {"disabled": True}})
        return int(corrected)

    monkeypatch.setattr(usage, "recompute", recompute_late)

    await administration.delete("ada", lambda _: None)

    with pytest.raises(Unauthenticated):
        await world.request(0)
    assert not late
    assert {record.status for record in await world.records()} == {UploadStatus.DELETED}


@pytest.mark.parametrize("name", ["nobody", "", "\ud800", '{"$ne": 1}'])
async def test_an_unknown_user_is_named(administration: AdministrationService, name: str) -> None:
    changes: list[Callable[..., Any]] = [administration.get, administration.disable]
    for change in changes:
        with pytest.raises(UserNotFound):
            await change(name)


@pytest.mark.settings(SIGN_UP="closed")
async def test_operators_create_users_if_sign_up_is_closed(world: World) -> None:
    accounts = world.container.accounts
    with pytest.raises(Forbidden):
        await accounts.sign_up("Ada", PASSWORD, None, None, ADDRESS)

    created = await accounts.create("Ada", PASSWORD, "ada@example.com", None)

    assert (await accounts.login("ada", PASSWORD, ADDRESS)).user == created
