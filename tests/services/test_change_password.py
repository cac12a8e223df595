"""Changing a password: who may do it, and which sessions it ends."""

from __future__ import annotations

import asyncio

import pytest

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.passwords import Argon2Hasher
from gql_api.domain.accounts import IssuedSession
from gql_api.domain.errors import (
    Forbidden,
    InvalidCredentials,
    InvalidInput,
    TooManyAttempts,
)
from tests.accounts import ADDRESS, PASSWORD, Accounts, accounts_on

NEW = "staple battery horse correct"


@pytest.fixture
async def accounts(database: Database) -> Accounts:
    return await accounts_on(database)


async def change(
    accounts: Accounts, issued: IssuedSession, current: str = PASSWORD, new: str = NEW
) -> int:
    viewer = await accounts.viewer(issued)
    return await accounts.service.change_password(viewer, current, new, ADDRESS)


async def test_the_new_password_works_and_the_old_one_does_not(accounts: Accounts) -> None:
    issued = await accounts.sign_up()
    await change(accounts, issued)
    with pytest.raises(InvalidCredentials):
        await accounts.login()
    assert (await accounts.login(password=NEW)).user.id == issued.user.id


async def test_the_other_sessions_end_and_this_one_goes_on(accounts: Accounts) -> None:
    issued, bob = await accounts.sign_up(), await accounts.sign_up("Bob")
    others = [await accounts.login() for _ in range(2)]
    assert await change(accounts, issued) == 2
    for other in others:
        assert await accounts.authentication.viewer(other.access_token) is None
    assert await accounts.authentication.viewer(issued.access_token) is not None
    assert await accounts.session_service.refresh(issued.refresh_token)
    assert await accounts.authentication.viewer(bob.access_token) is not None


async def test_a_wrong_current_password_changes_nothing(accounts: Accounts) -> None:
    issued, other = await accounts.sign_up(), await accounts.login()
    with pytest.raises(InvalidCredentials):
        await change(accounts, issued, current="wrong password")
    assert await accounts.authentication.viewer(other.access_token) is not None
    assert await accounts.login()


@pytest.mark.parametrize("new", ["short", "password1", "ada", "x" * 1025])
async def test_a_bad_new_password_is_refused(accounts: Accounts, new: str) -> None:
    issued = await accounts.sign_up()
    with pytest.raises(InvalidInput) as refused:
        await change(accounts, issued, new=new)
    assert [field.path for field in refused.value.fields] == [("newPassword",)]
    assert await accounts.login()


async def test_guesses_are_slowed_with_those_at_logins(accounts: Accounts) -> None:
    issued = await accounts.sign_up()
    for _ in range(3):
        with pytest.raises(InvalidCredentials):
            await change(accounts, issued, current="wrong password")
    for _ in range(2):
        with pytest.raises(InvalidCredentials):
            await accounts.login(password="wrong password")
    with pytest.raises(TooManyAttempts):
        await change(accounts, issued)


async def test_an_api_key_is_not_enough(accounts: Accounts) -> None:
    issued = await accounts.sign_up()
    token, _ = await accounts.api_keys.create(await accounts.viewer(issued), "backup", None)
    viewer = await accounts.authentication.viewer(token)
    assert viewer is not None
    with pytest.raises(Forbidden):
        await accounts.service.change_password(viewer, PASSWORD, NEW, ADDRESS)
    assert await accounts.login()


async def test_an_api_key_goes_on(accounts: Accounts) -> None:
    issued = await accounts.sign_up()
    token, _ = await accounts.api_keys.create(await accounts.viewer(issued), "backup", None)
    await change(accounts, issued)
    assert await accounts.authentication.viewer(token) is not None


async def test_of_two_changes_at_once_one_is_made(accounts: Accounts) -> None:
    issued = await accounts.sign_up()
    passwords = [NEW, NEW[::-1]]
    results = await asyncio.gather(
        *(change(accounts, issued, new=new) for new in passwords), return_exceptions=True
    )
    works = []
    for new in passwords:
        try:
            await accounts.login(password=new)
        except InvalidCredentials:
            continue
        works.append(new)
    succeeded = [new for new, it in zip(passwords, results, strict=True) if isinstance(it, int)]
    assert works == succeeded
    assert len(succeeded) == 1


async def test_a_hash_that_is_renewed_on_the_way_is_replaced(accounts: Accounts) -> None:
    """The current hash has outdated parameters, so verifying the old password replaces it first."""
    issued = await accounts.sign_up()
    old = await Argon2Hasher(memory_kib=128, passes=2).hash(PASSWORD)
    await accounts.database["users"].update_one(
        {"_id": issued.user.id}, {"$set": {"password_hash": old}}
    )
    await change(accounts, issued)
    assert await accounts.login(password=NEW)
