"""Users of issuers: created on first sight, once, and without a password."""

from __future__ import annotations

import asyncio

import pytest

from gql_api.adapters.mongo.account_records import MongoAccountRecords
from gql_api.adapters.mongo.database import Database
from gql_api.domain.accounts import Identity, Usage
from gql_api.domain.errors import InvalidCredentials
from gql_api.domain.identities import Profile
from tests.accounts import PASSWORD, Accounts, accounts_on

ISSUER = "https://issuer.test"
ADA = Identity(ISSUER, "Ada")


@pytest.fixture
async def accounts(database: Database) -> Accounts:
    return await accounts_on(database)


async def test_an_unknown_user_is_created(accounts: Accounts) -> None:
    now = accounts.clock()
    user = await accounts.external.seen(ADA, now, Profile("ada@example.com", "Ada Lovelace"))
    assert (user.username, user.email, user.full_name) == ("Ada", "ada@example.com", "Ada Lovelace")
    assert (user.identity, user.quota, user.disabled) == (ADA, None, False)
    assert (user.usage, user.created_at) == (Usage(0, 0), now)
    accounts.clock.advance(seconds=60)
    again = await accounts.external.seen(ADA, accounts.clock())
    assert again.id == user.id
    assert again.created_at == now.replace(microsecond=now.microsecond // 1000 * 1000)


async def test_of_many_requests_at_once_one_creates_the_user(accounts: Accounts) -> None:
    seen = await asyncio.gather(*(accounts.external.seen(ADA, accounts.clock()) for _ in range(20)))
    assert len({user.id for user in seen}) == 1
    assert await accounts.database["users"].count_documents({}) == 1


async def test_issuer_and_subject_make_the_identity(accounts: Accounts) -> None:
    """Subjects are case-sensitive, and two issuers may use the same one."""
    identities = [ADA, Identity(ISSUER, "ada"), Identity("https://other.test", "Ada")]
    users = [await accounts.external.seen(it, accounts.clock()) for it in identities]
    assert len({user.id for user in users}) == 3


async def test_what_the_issuer_says_is_kept_up_to_date(accounts: Accounts) -> None:
    now = accounts.clock()
    await accounts.external.seen(ADA, now, Profile("old@example.com", "Ada Byron"))
    await accounts.external.seen(ADA, now, Profile("new@example.com"))
    told = await accounts.external.seen(ADA, now)
    assert (told.email, told.full_name) == ("new@example.com", "Ada Byron")


async def test_an_account_with_a_password_is_another_one(accounts: Accounts) -> None:
    ada = await accounts.sign_up("Ada")
    await accounts.database["users"].update_one(
        {"_id": ada.user.id}, {"$set": {"email": "ada@example.com"}}
    )
    for subject in ("Ada", ada.user.id):
        user = await accounts.external.seen(
            Identity(ISSUER, subject), accounts.clock(), Profile("ada@example.com")
        )
        assert user.id != ada.user.id
    assert (await accounts.login("Ada")).user.id == ada.user.id


async def test_no_password_fits(accounts: Accounts) -> None:
    user = await accounts.external.seen(ADA, accounts.clock())
    for name in ("Ada", f"#{user.id}", user.id):
        with pytest.raises(InvalidCredentials):
            await accounts.login(name, PASSWORD)
    (stored,) = await accounts.database["users"].find({}).to_list()
    assert "password_hash" not in stored


async def test_a_username_can_be_signed_up_that_is_a_subject(accounts: Accounts) -> None:
    external = await accounts.external.seen(ADA, accounts.clock())
    assert (await accounts.sign_up("Ada")).user.id != external.id
    assert await MongoAccountRecords(accounts.database).find(ADA) == external._replace(
        created_at=external.created_at.replace(
            microsecond=external.created_at.microsecond // 1000 * 1000
        )
    )
