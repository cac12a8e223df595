"""The connection to MongoDB, its indexes, and the checkpoints of long jobs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

import pymongo
from pymongo import AsyncMongoClient, IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

T = TypeVar("T")
Database = AsyncDatabase[dict[str, Any]]

_TRANSACTION_SECONDS = 8

# An answer is due within 10 s whatever happens, so nothing waits as long as the driver would by
# default (30 s for a server). Idle connections go before a firewall or a frozen Lambda kills them.
# The pool is small because each Lambda environment has its own and answers one request at a time.
_OPTIONS: dict[str, Any] = {
    "appname": "media-upload-service",
    "tz_aware": True,
    "connectTimeoutMS": 2000,
    "serverSelectionTimeoutMS": 3000,
    "timeoutMS": 5000,
    "waitQueueTimeoutMS": 2000,
    "maxIdleTimeMS": 60_000,
    "maxPoolSize": 20,
    "retryWrites": True,
    "w": "majority",
    "readConcernLevel": "majority",
}


def connect(url: str, name: str) -> Database:
    """The database `name`; options in the URL win over ours. Connects at the first operation."""
    chosen = {key.lower() for key, _ in parse_qsl(urlsplit(url).query)}
    options = {key: value for key, value in _OPTIONS.items() if key.lower() not in chosen}
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(url, **options)
    return client[name]


async def ensure_indexes(database: Database, *indexes: Mapping[str, Sequence[IndexModel]]) -> None:
    """Create what is missing; safe to repeat and to run beside another."""
    for by_collection in indexes:
        for collection, models in by_collection.items():
            await database[collection].create_indexes(list(models))


async def in_transaction(
    client: AsyncMongoClient[dict[str, Any]], body: Callable[[AsyncClientSession], Awaitable[T]]
) -> T:
    """The result of `body`, run in a transaction, and again where it collided with another one.

    Raises:
        pymongo.errors.PyMongoError: what `body` raises, or the last collision when time is up.
    """
    with pymongo.timeout(_TRANSACTION_SECONDS):
        async with client.start_session() as session:
            return await session.with_transaction(body)


async def ping(database: Database) -> None:
    """Return if the primary answers; raise otherwise."""
    await database.command("ping")


class MongoCheckpoints:
    """`ports.Checkpoints`, one document a job."""

    def __init__(self, database: Database) -> None:
        self._checkpoints = database["checkpoints"]

    async def get(self, job: str) -> str:
        found = await self._checkpoints.find_one({"_id": job})
        return str(found["position"]) if found else ""

    async def set(self, job: str, position: str) -> None:
        await self._checkpoints.update_one(
            {"_id": job}, {"$set": {"position": position}}, upsert=True
        )
