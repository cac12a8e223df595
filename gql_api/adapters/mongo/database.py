"""The connection to MongoDB, its indexes, and the checkpoints of long jobs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar, cast
from urllib.parse import parse_qsl, urlsplit

import pymongo
from pymongo import AsyncMongoClient, IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConnectionFailure, NotPrimaryError, PyMongoError

from gql_api.domain.deadline import seconds_left
from gql_api.domain.errors import Unavailable

T = TypeVar("T")
Database = AsyncDatabase[dict[str, Any]]

_TRANSACTION_SECONDS = 8

# Nothing waits as long as the driver would by default (20 s for a connection, 30 s for a server):
# a request has 8 s in all (domain/deadline.py), an operation outside of one has `timeoutMS`, and
# within either the driver repeats what may be repeated. A server in the same region accepts a
# connection within milliseconds, even if the first packet is lost (1 s); an election takes a few
# seconds, so the 3 s for a server often reach past one.
#
# Each Lambda environment has its own pool and answers one request at a time, but the fields of one
# query run side by side, as do the ten messages of a batch and the eight checks of the sweep. So
# 1,000 environments make at most 12,000 connections, 2 of 12 being the driver's own. None is made
# in advance, and those that idled for a minute are not used again: by then a NAT gateway may have
# forgotten them, or the environment was frozen.
_OPTIONS: dict[str, Any] = {
    "appname": "media-upload-service",
    "tz_aware": True,
    "connectTimeoutMS": 2000,
    "serverSelectionTimeoutMS": 3000,
    "timeoutMS": 5000,
    "maxIdleTimeMS": 60_000,
    "maxPoolSize": 10,
    "retryReads": True,
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
    client: AsyncMongoClient[dict[str, Any]],
    body: Callable[[AsyncClientSession], Awaitable[T]],
    seconds: float = _TRANSACTION_SECONDS,
) -> T:
    """The result of `body`, run in a transaction, and again where it collided with another one.

    Raises:
        pymongo.errors.PyMongoError: what `body` raises, or the last collision when time is up.
    """
    with pymongo.timeout(seconds):
        async with client.start_session() as session:
            return await session.with_transaction(body)


def guarded(adapter: T) -> T:
    """The adapter, with each call kept within the time limit and its failures translated.

    For whole adapters, not for calls inside of a transaction: that is repeated by what pymongo's
    own errors say. Their methods raise `errors.Unavailable` then.
    """
    return cast(T, _Guarded(adapter))


class _Guarded:
    def __init__(self, adapter: object) -> None:
        self._adapter = adapter

    def __getattr__(self, name: str) -> Callable[..., Awaitable[object]]:
        method: Callable[..., Awaitable[object]] = getattr(self._adapter, name)

        async def guarded_method(*args: object, **kwargs: object) -> object:
            try:
                with _within_limit():
                    return await method(*args, **kwargs)
            except PyMongoError as error:
                if not _is_transient(error):
                    raise
                raise Unavailable("database") from error

        setattr(self, name, guarded_method)
        return guarded_method


def _within_limit() -> AbstractContextManager[object]:
    left = seconds_left()
    # To pymongo, 0 is no limit at all.
    return nullcontext() if left is None else pymongo.timeout(max(left, 0.001))


def _is_transient(error: PyMongoError) -> bool:
    """Whether the failure is of the server or the way there, or of others' writes to the same."""
    return (
        isinstance(error, ConnectionFailure)
        or error.timeout
        or error.has_error_label("TransientTransactionError")
    )


async def ping(database: Database) -> None:
    """Return if the primary answers; raise otherwise.

    A server that is starting, or is asked directly, answers `ping` without being one.
    """
    if not (await database.command("hello"))["isWritablePrimary"]:
        raise NotPrimaryError("The server takes no writes.")


class MongoCheckpoints:
    """`Checkpoints`, one document a job."""

    def __init__(self, database: Database) -> None:
        self._checkpoints = database["checkpoints"]

    async def get(self, job: str) -> str:
        found = await self._checkpoints.find_one({"_id": job})
        return str(found["position"]) if found else ""

    async def set(self, job: str, position: str) -> None:
        await self._checkpoints.update_one(
            {"_id": job}, {"$set": {"position": position}}, upsert=True
        )
