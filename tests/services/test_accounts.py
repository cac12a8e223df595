import asyncio
from datetime import timedelta

import pytest

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.passwords import Argon2Hasher
from gql_api.domain.accounts import IssuedSession, Viewer
from gql_api.domain.errors import (
    InvalidCredentials,
    InvalidInput,
    InvalidSession,
    UsernameTaken,
)
from gql_api.domain.opaque_tokens import new_refresh_token
from tests.accounts import ADDRESS, PASSWORD, POLICY, Accounts, accounts_on


@pytest.fixture
async def accounts(database: Database) -> Accounts:
    return await accounts_on(database)


# ------------------------------------------------------------------ signing up


async def test_signing_up_signs_in(accounts: Accounts) -> None:
    issued = await accounts.service.sign_up(
        "Ada", PASSWORD, "ada@example.com", "Ada Lovelace", ADDRESS
    )
    viewer = await accounts.viewer(issued)
    assert (viewer.user.username, viewer.user.email) == ("Ada", "ada@example.com")
    assert viewer.user.full_name == "Ada Lovelace"
    assert issued.user.id == viewer.user.id
    assert issued.expires_at == accounts.clock().replace(microsecond=0) + timedelta(seconds=900)


async def test_all_flaws_are_told_at_once(accounts: Accounts) -> None:
    with pytest.raises(InvalidInput) as caught:
        await accounts.service.sign_up("a", "short", "nobody", "\ud800", ADDRESS)
    paths = [field.path for field in caught.value.fields]
    assert paths == [("username",), ("password",), ("email",), ("fullName",)]
    assert await accounts.database["attempts"].count_documents({}) == 0


async def test_of_many_sign_ups_with_one_name_one_succeeds(accounts: Accounts) -> None:
    names = ("ada", "ADA", "Ada", "aDA", "adA", "AdA")
    outcomes = await asyncio.gather(*map(accounts.sign_up, names), return_exceptions=True)
    assert sum(isinstance(outcome, IssuedSession) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, UsernameTaken) for outcome in outcomes) == 5


async def test_no_secret_is_stored(accounts: Accounts) -> None:
    issued = await accounts.sign_up()
    token, _ = await accounts.api_keys.create(await accounts.viewer(issued), "backup", None)
    stored = ""
    for name in await accounts.database.list_collection_names():
        stored += str(await accounts.database[name].find({}).to_list())
    assert "Ada" in stored
    for secret in (PASSWORD, issued.refresh_token[4:40], issued.access_token, token[4:], ADDRESS):
        assert secret not in stored


# ------------------------------------------------------------------ logging in


async def test_logging_in_in_any_case_opens_another_session(accounts: Accounts) -> None:
    first = await accounts.sign_up("Ada")
    second = await accounts.login("ADA")
    assert second.user == (await accounts.viewer(first)).user
    assert (await accounts.viewer(first)).session_id != (await accounts.viewer(second)).session_id


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("Ada", PASSWORD + "!"),
        ("Ada", ""),
        ("Ada", "x" * 2_000_000),
        ("Ada", "\ud800"),
        ("Ada", "a\0b"),
        ("nobody", PASSWORD),
        ("", PASSWORD),
        ("\ud800", PASSWORD),
        ("a\0b", PASSWORD),
        ("x" * 2_000_000, PASSWORD),
    ],
)
async def test_bad_credentials_look_alike_and_cost_alike(
    accounts: Accounts, username: str, password: str
) -> None:
    await accounts.sign_up("Ada")
    with pytest.raises(InvalidCredentials) as caught:
        await accounts.login(username, password)
    assert caught.value.message == InvalidCredentials().message
    assert len(accounts.hasher.verified) == 1


async def test_a_disabled_user_is_refused_after_the_same_effort(accounts: Accounts) -> None:
    issued = await accounts.sign_up()
    await accounts.disable(issued.user)
    with pytest.raises(InvalidCredentials):
        await accounts.login()
    (verified,) = accounts.hasher.verified
    assert verified is not None


async def test_an_outdated_hash_is_replaced_on_login(accounts: Accounts) -> None:
    issued = await accounts.sign_up()
    old = await Argon2Hasher(memory_kib=128, passes=2).hash(PASSWORD)
    await accounts.database["users"].update_one(
        {"_id": issued.user.id}, {"$set": {"password_hash": old}}
    )
    await accounts.login()
    found = await accounts.users.find_credentials("ada")
    assert found is not None
    assert "m=64,t=1,p=1" in found.password_hash
    await accounts.login()
    assert accounts.hasher.verified == [old, found.password_hash]


# ------------------------------------------------------------------ refreshing


async def test_a_session_goes_on_with_new_tokens(accounts: Accounts) -> None:
    first = await accounts.sign_up()
    session_id = (await accounts.viewer(first)).session_id
    accounts.clock.advance(seconds=1000)
    assert await accounts.authentication.viewer(first.access_token) is None
    second = await accounts.session_service.refresh(first.refresh_token)
    assert second.refresh_token != first.refresh_token
    assert (await accounts.viewer(second)).session_id == session_id


async def test_a_token_used_twice_ends_the_session(accounts: Accounts) -> None:
    first = await accounts.sign_up()
    other = await accounts.login()
    second = await accounts.session_service.refresh(first.refresh_token)
    with pytest.raises(InvalidSession):
        await accounts.session_service.refresh(first.refresh_token)
    with pytest.raises(InvalidSession):
        await accounts.session_service.refresh(second.refresh_token)
    assert await accounts.authentication.viewer(second.access_token) is None
    assert await accounts.viewer(other)


async def test_a_forged_token_of_a_family_ends_it(accounts: Accounts) -> None:
    issued = await accounts.sign_up()
    forged = issued.refresh_token[:-1] + ("A" if issued.refresh_token[-1] != "A" else "B")
    with pytest.raises(InvalidSession):
        await accounts.session_service.refresh(forged)
    assert await accounts.authentication.viewer(issued.access_token) is None


async def test_of_many_refreshes_with_one_token_at_most_one_lives(accounts: Accounts) -> None:
    issued = await accounts.sign_up()
    outcomes = await asyncio.gather(
        *(accounts.session_service.refresh(issued.refresh_token) for _ in range(20)),
        return_exceptions=True,
    )
    successors = [outcome for outcome in outcomes if isinstance(outcome, IssuedSession)]
    assert len(successors) <= 1
    assert sum(isinstance(outcome, InvalidSession) for outcome in outcomes) == 20 - len(successors)
    assert await accounts.session_service.list(issued.user.id) == []


@pytest.mark.parametrize("token", [None, "", "mur_", "x" * 10**6, "\ud800", "mur_" + "A" * 64])
async def test_what_is_no_token_is_refused(accounts: Accounts, token: str | None) -> None:
    issued = await accounts.sign_up()
    with pytest.raises(InvalidSession):
        await accounts.session_service.refresh(token)
    assert await accounts.viewer(issued)


async def test_an_access_token_is_no_refresh_token(accounts: Accounts) -> None:
    issued = await accounts.sign_up()
    with pytest.raises(InvalidSession):
        await accounts.session_service.refresh(issued.access_token)
    assert await accounts.authentication.viewer(issued.refresh_token) is None


async def test_a_refresh_token_dies_unused(accounts: Accounts) -> None:
    issued = await accounts.sign_up()
    accounts.clock.advance(seconds=POLICY.refresh_ttl_seconds)
    with pytest.raises(InvalidSession):
        await accounts.session_service.refresh(issued.refresh_token)


async def test_a_session_ends_however_much_it_is_used(accounts: Accounts) -> None:
    issued = await accounts.sign_up()
    for _ in range(5):
        accounts.clock.advance(seconds=POLICY.session_max_seconds / 6)
        issued = await accounts.session_service.refresh(issued.refresh_token)
    accounts.clock.advance(seconds=POLICY.session_max_seconds / 6)
    with pytest.raises(InvalidSession):
        await accounts.session_service.refresh(issued.refresh_token)


async def test_disabling_a_user_ends_the_sessions_at_once(accounts: Accounts) -> None:
    issued = await accounts.sign_up()
    await accounts.disable(issued.user)
    assert await accounts.authentication.viewer(issued.access_token) is None
    with pytest.raises(InvalidSession):
        await accounts.session_service.refresh(issued.refresh_token)


# ------------------------------------------------------------------ logging out


async def test_logging_out_ends_one_session_at_once(accounts: Accounts) -> None:
    first, second = await accounts.sign_up(), await accounts.login()
    viewer = await accounts.viewer(first)
    assert await accounts.session_service.logout(viewer, first.refresh_token, False) == 1
    assert await accounts.authentication.viewer(first.access_token) is None
    with pytest.raises(InvalidSession):
        await accounts.session_service.refresh(first.refresh_token)
    assert await accounts.viewer(second)
    assert await accounts.session_service.logout(viewer, first.refresh_token, False) == 0


@pytest.mark.parametrize("by_token", [True, False])
async def test_logging_out_everywhere(accounts: Accounts, by_token: bool) -> None:
    first = await accounts.sign_up()
    others = [await accounts.login() for _ in range(3)]
    stranger = await accounts.sign_up("Bob")
    viewer = None if by_token else await accounts.viewer(first)
    token = first.refresh_token if by_token else None
    assert await accounts.session_service.logout(viewer, token, True) == 4
    for issued in (first, *others):
        assert await accounts.authentication.viewer(issued.access_token) is None
    assert await accounts.viewer(stranger)
    assert await accounts.session_service.logout(viewer, token, True) == 0


async def test_a_refresh_token_alone_logs_out(accounts: Accounts) -> None:
    issued, other = await accounts.sign_up(), await accounts.login()
    assert await accounts.session_service.logout(None, issued.refresh_token, False) == 1
    assert await accounts.authentication.viewer(issued.access_token) is None
    assert await accounts.viewer(other)


async def test_an_old_refresh_token_ends_its_session_and_no_other(accounts: Accounts) -> None:
    first, other = await accounts.sign_up(), await accounts.login()
    second = await accounts.session_service.refresh(first.refresh_token)
    assert await accounts.session_service.logout(None, first.refresh_token, True) == 1
    assert await accounts.authentication.viewer(second.access_token) is None
    assert await accounts.viewer(other)


async def test_nobody_logs_out(accounts: Accounts) -> None:
    issued = await accounts.sign_up()
    by_key = Viewer(issued.user, api_key_id="key")
    for viewer in (None, by_key):
        for token in (None, "", "junk", new_refresh_token().text):
            for everywhere in (False, True):
                assert await accounts.session_service.logout(viewer, token, everywhere) == 0
    assert await accounts.viewer(issued)
