"""Indexes and migrations: created without a time limit when a release is prepared."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import pytest
from pymongo import ASCENDING, AsyncMongoClient, IndexModel
from pymongo.errors import AutoReconnect, OperationFailure
from pymongo.monitoring import CommandListener

from gql_api.adapters.mongo import schema
from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.schema import INDEXES, MIGRATIONS, MongoSchema
from gql_api.domain.deployment import RELEASE, Tell

Told = list[str]


class Commands(CommandListener):
    """Records the commands that a client sends."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def started(self, event: Any) -> None:
        self.sent.append({"name": event.command_name, **event.command})

    def succeeded(self, event: object) -> None: ...

    def failed(self, event: object) -> None: ...


async def index_names(database: Database, collection: str) -> set[str]:
    return set(await database[collection].index_information())


async def test_the_release_is_raised_with_each_index_and_migration() -> None:
    """If this fails, raise RELEASE, then correct the digest."""
    content = [[model.document for model in models] for models in INDEXES.values()]
    described = repr((sorted(INDEXES), content, sorted(MIGRATIONS)))
    digest = hashlib.sha256(described.encode()).hexdigest()[:16]
    assert (RELEASE, digest) == (4, "87d4f418fa364c91")
    assert all(1 < number <= RELEASE for number in MIGRATIONS)


async def test_can_be_applied_again_and_at_once(database: Database) -> None:
    before = {name: await index_names(database, name) for name in INDEXES}
    await asyncio.gather(*(MongoSchema(database).apply(0, print) for _ in range(3)))
    assert {name: await index_names(database, name) for name in INDEXES} == before
    assert {"check_at", "owner_client_token"} < before["uploads"]


async def test_nothing_has_a_time_limit(database: Database, mongod_url: str) -> None:
    commands = Commands()
    async with AsyncMongoClient[dict[str, Any]](
        mongod_url, timeoutMS=5000, event_listeners=[commands], uuidRepresentation="standard"
    ) as client:
        limited = client[database.name]

        async def migrate(database: Database, _tell: Tell) -> None:
            await database["things"].update_many({}, {"$set": {"seen": True}})

        await MongoSchema(limited, migrations={2: migrate}).apply(1, print)
        await limited["things"].find_one()
    by_name = {command["name"]: command for command in commands.sent}
    assert "maxTimeMS" in by_name["find"]
    for name in ("createIndexes", "update"):
        assert "maxTimeMS" not in by_name[name]
    built = [command["createIndexes"] for command in commands.sent if "createIndexes" in command]
    assert built == list(INDEXES)


async def test_migrations_of_later_releases_run_in_order(database: Database) -> None:
    ran = []

    def migration(number: int) -> schema.Migration:
        async def migrate(_database: Database, _tell: Tell) -> None:
            ran.append(number)

        return migrate

    migrations = {number: migration(number) for number in (12, 3, 9, 2)}
    await MongoSchema(database, indexes={}, migrations=migrations).apply(2, print)
    assert ran == [3, 9, 12]


async def test_goes_on_after_a_lost_connection(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_WAIT_SECONDS", 0)
    monkeypatch.setattr(schema, "_ATTEMPTS", 3)
    told: Told = []
    attempts = []

    async def elected(_database: Database, _tell: Tell) -> None:
        attempts.append(1)
        if len(attempts) < 3:
            raise AutoReconnect("connection closed")

    await MongoSchema(database, indexes={}, migrations={2: elected}).apply(1, told.append)
    assert len(attempts) == 3
    assert (
        told
        == ["Running migration 2: the connection was lost (connection closed). Trying again."] * 2
    )

    async def refused(_database: Database, _tell: Tell) -> None:
        attempts.append(1)
        raise OperationFailure("not authorized", 13)

    with pytest.raises(OperationFailure):
        await MongoSchema(database, indexes={}, migrations={2: refused}).apply(1, told.append)
    assert len(attempts) == 4


async def test_shows_what_the_server_says_of_a_build(database: Database) -> None:
    """A build waits for the writes that began before it, so an open transaction holds it up."""
    told: Told = []
    waiting = asyncio.Event()

    def tell(line: str) -> None:
        told.append(line)
        waiting.set()

    things = database.client[f"{database.name}-big"]["things"]
    await things.insert_one({"n": 1})
    indexes = {"things": [IndexModel([("n", ASCENDING)], name="n")]}
    schema = MongoSchema(things.database, indexes=indexes, tell_every_seconds=0.02)
    try:
        async with database.client.start_session() as session:
            async with await session.start_transaction():
                await things.insert_one({"n": 2}, session=session)
                applying = asyncio.create_task(schema.apply(0, tell))
                await waiting.wait()
            await applying
        assert told[0].startswith("Creating the indexes of things, 0 s: ")
        assert "n" in await index_names(things.database, "things")
    finally:
        await database.client.drop_database(things.database)
