import pytest

from gql_api.adapters.mongo.database import Database
from gql_api.domain.accounts import AccessClaims
from gql_api.domain.ids import new_id
from tests.accounts import Accounts, accounts_on


@pytest.fixture
async def accounts(database: Database) -> Accounts:
    return await accounts_on(database)


async def test_a_disabled_user_does_not_get_in(accounts: Accounts) -> None:
    issued = await accounts.sign_up()
    viewer = await accounts.viewer(issued)
    token, _ = await accounts.api_keys.create(viewer, "backup", None)
    assert await accounts.authentication.viewer(token) is not None
    await accounts.disable(issued.user)
    for bearer_token in (issued.access_token, token):
        assert await accounts.authentication.viewer(bearer_token) is None
    await accounts.disable(issued.user, False)
    for bearer_token in (issued.access_token, token):
        assert await accounts.authentication.viewer(bearer_token) is not None


async def test_a_signed_token_needs_a_session_of_its_user(accounts: Accounts) -> None:
    ada, bob = await accounts.sign_up("Ada"), await accounts.sign_up("Bob")
    session_id = (await accounts.viewer(ada)).session_id
    assert session_id is not None
    now = accounts.clock()
    for user_id, session in ((bob.user.id, session_id), (ada.user.id, new_id(now))):
        token = accounts.tokens.issue(AccessClaims(user_id, session), now=now, ttl_seconds=60)
        assert await accounts.authentication.viewer(token) is None


async def test_removed_users_do_not_get_in(accounts: Accounts) -> None:
    issued = await accounts.sign_up()
    await accounts.database["users"].delete_one({"_id": issued.user.id})
    assert await accounts.authentication.viewer(issued.access_token) is None


@pytest.mark.parametrize(
    "bearer_token",
    ["", "mus_", "mus_" + "x" * 10**6, "mus_\ud800", "\ud800", "a.b.c", "mus_" + "A" * 43],
)
async def test_junk_is_nobody(accounts: Accounts, bearer_token: str) -> None:
    assert await accounts.authentication.viewer(bearer_token) is None
