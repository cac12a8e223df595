"""Every query about accounts uses an index, according to MongoDB's profiler."""

from datetime import UTC, datetime
from typing import Any

from gql_api.adapters.mongo.account_records import MongoAccountRecords
from gql_api.adapters.mongo.database import Database
from gql_api.domain.accounts import ApiKey, Identity, User
from gql_api.domain.identities import Profile
from gql_api.domain.ids import new_id
from tests.accounts import Accounts, a_session, a_user, accounts_on

LATER = datetime.max.replace(tzinfo=UTC)
_WRITES = {"insert", "createIndexes", "profile"}


async def test_every_query_is_served_by_an_index(database: Database) -> None:
    accounts = await accounts_on(database)
    for number in range(30):
        await everything(accounts, a_user(f"other{number}", accounts.clock()))
    await database.command("profile", 2)
    user = a_user("ada", accounts.clock())
    await everything(accounts, user)
    await accounts.sessions.end_all(user.id, accounts.clock())
    await accounts.sessions.end(user.id, "x")
    await accounts.sessions.end_family("x")
    await accounts.keys.delete(user.id, "x")
    await accounts.attempts.clear("x")
    await database.command("profile", 0)
    ran = [ran async for ran in database["system.profile"].find({"ns": {"$regex": "^[^$]*$"}})]
    await database.drop_collection("system.profile")
    seen = [one for one in ran if one["op"] not in _WRITES and "planSummary" in one]
    assert {"users", "api_keys", "attempts"} == {ns(one) for one in seen}
    assert len(seen) >= 15
    for one in seen:
        assert "COLLSCAN" not in one["planSummary"], one["command"]
        assert one.get("docsExamined", 0) <= 2, one["command"]


async def test_the_owner_is_looked_up_by_id(database: Database) -> None:
    """`explain` does not cover inner pipelines, so read the usage counter of the index."""
    accounts = await accounts_on(database)
    user = a_user("ada", accounts.clock())
    await everything(accounts, user)
    before = await uses_of_id(database)
    for number in range(1, 4):
        assert await accounts.keys.find_viewer(f"token of {user.id}", accounts.clock())
        assert await uses_of_id(database) == before + number


async def uses_of_id(database: Database) -> int:
    indexes = await (await database["users"].aggregate([{"$indexStats": {}}])).to_list()
    (uses,) = (index["accesses"]["ops"] for index in indexes if index["name"] == "_id_")
    return int(uses)


def ns(profiled: dict[str, Any]) -> str:
    return str(profiled["ns"]).partition(".")[2]


async def everything(accounts: Accounts, user: User) -> None:
    """Run every operation for one user. Leaves a session, an API key and an attempt counter."""
    now = accounts.clock()
    await accounts.users.insert(user, "hash")
    await accounts.users.find_credentials(user.username)
    identity = Identity("https://issuer.test", user.id)
    await accounts.external.seen(identity, now)
    await accounts.external.seen(identity, now, Profile("new@example.com"))
    assert await MongoAccountRecords(accounts.database).find(identity) is not None
    family = f"family of {user.id}"
    session_id = await a_session(accounts, user.id, family)
    viewer = await accounts.sessions.rotate(family, "one", "two", now=now, expires_at=LATER)
    assert viewer is not None
    await accounts.sessions.rotate(family, "one", "two", now=now, expires_at=LATER)
    await accounts.sessions.find_viewer(user.id, session_id, now)
    await accounts.sessions.list(user.id, now)
    assert (
        await accounts.sessions.change_password(
            viewer, "hash", "new", revoke_api_keys=True, now=now
        )
        == 0
    )
    api_key = ApiKey(new_id(now), user.id, "backup", now, None, None)
    await accounts.keys.insert(api_key, f"token of {user.id}", 100, session_id=session_id)
    await accounts.keys.find_viewer(f"token of {user.id}", now)
    await accounts.keys.list(user.id)
    await accounts.attempts.begin(user.id, now, 5)
    await accounts.attempts.take_back(user.id, now)
    await accounts.attempts.remember(f"home of {user.id}", now)
    await accounts.attempts.remembers(f"home of {user.id}", now)
