"""The connection to MongoDB, and the checkpoints of long jobs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from inspect import isawaitable
from typing import Any, TypeVar, cast
from urllib.parse import parse_qsl, urlsplit

import pymongo
from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    DuplicateKeyError,
    NotPrimaryError,
    OperationFailure,
    PyMongoError,
)

from gql_api.domain.deadline import seconds_left
from gql_api.domain.errors import Unavailable

T = TypeVar("T")
Database = AsyncDatabase[dict[str, Any]]

_TRANSACTION_SECONDS = 8
REPORT_SECONDS = 300
"""The time limit of queries for operators. No request waits for them."""

# Time limits: the driver's defaults (20 s for a connection, 30 s for server selection) are too
# long. A request has 8 s in total (domain/deadline.py), and an operation outside a request has
# `timeoutMS`; the driver retries within these limits. A server in the same region accepts a
# connection within milliseconds, or after about 1 s if the first packet is lost. An election takes
# a few seconds, so a server selection of 3 s often outlasts one.
#
# Pool: each Lambda environment has its own. The function `api` uses one connection, because its
# client blocks. In the others, the messages of a batch or the sixteen checks of the sweep run
# concurrently. An environment opens at most 12 connections: 10, plus 2 for the driver's monitoring.
# No connection is opened in advance, and none is reused after a minute without use, because by then
# a NAT gateway may have dropped it or the environment may have been frozen.
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

_TRANSIENT_LABELS = ("TransientTransactionError", "RetryableWriteError", "RetryableError")
# The driver retries most of these once (specification "Retryable Writes") and raises the second
# failure as it is. It does not retry 246, which a read of a snapshot gets right after an index was
# built, nor the last two, which a server with access control sends right after its start, before it
# has loaded its keys and its configuration.
_TRANSIENT_CODES = frozenset(
    {
        6,  # HostUnreachable
        7,  # HostNotFound
        89,  # NetworkTimeout
        91,  # ShutdownInProgress
        112,  # WriteConflict
        133,  # FailedToSatisfyReadPreference
        134,  # ReadConcernMajorityNotAvailableYet
        189,  # PrimarySteppedDown
        246,  # SnapshotUnavailable
        262,  # ExceededTimeLimit
        9001,  # SocketException
        10107,  # NotWritablePrimary
        11600,  # InterruptedAtShutdown
        11602,  # InterruptedDueToReplStateChange
        13435,  # NotPrimaryNoSecondaryOk
        13436,  # NotPrimaryOrSecondary
        94,  # NotYetInitialized
        211,  # KeyNotFound
    }
)


def connect(url: str, name: str) -> Database:
    """Return the database `name`. Options in the URL take precedence over the defaults here.

    The connection is opened by the first operation.
    """
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(url, **client_options(url))
    return client[name]


def client_options(url: str) -> dict[str, Any]:
    """Return the options for a client with this URL, without those that the URL contains."""
    chosen = {key.lower() for key, _ in parse_qsl(urlsplit(url).query)}
    return {key: value for key, value in _OPTIONS.items() if key.lower() not in chosen}


async def in_transaction(
    client: AsyncMongoClient[dict[str, Any]],
    body: Callable[[AsyncClientSession], Awaitable[T]],
    seconds: float = _TRANSACTION_SECONDS,
) -> T:
    """Run `body` in a transaction, retrying on conflicts, and return its result.

    Raises:
        pymongo.errors.PyMongoError: raised by `body`, or the last conflict when time is up.
    """
    try:
        with pymongo.timeout(seconds):
            async with client.start_session() as session:
                return await session.with_transaction(body)
    except ConfigurationError as error:
        if _has_no_sessions(error):
            await _replace_connections(client)
        raise


def guarded(adapter: T) -> T:
    """Wrap an adapter: its calls end by the deadline and raise `errors.Unavailable`.

    `Unavailable` replaces transient pymongo errors only. Do not use a wrapped adapter inside a
    transaction, which relies on pymongo's own errors to decide whether to retry.
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
                if not is_transient(error):
                    raise
                raise Unavailable("database") from error

        setattr(self, name, guarded_method)
        return guarded_method


def _within_limit() -> AbstractContextManager[object]:
    left = seconds_left()
    # pymongo treats 0 as "no limit".
    return nullcontext() if left is None else pymongo.timeout(max(left, 0.001))


def is_transient(error: PyMongoError) -> bool:
    """Return whether the server's state, the network or a write conflict caused the failure."""
    return (
        isinstance(error, ConnectionFailure)
        or error.timeout
        or any(error.has_error_label(label) for label in _TRANSIENT_LABELS)
        or (isinstance(error, OperationFailure) and error.code in _TRANSIENT_CODES)
        or _has_no_sessions(error)
    )


def _has_no_sessions(error: PyMongoError) -> bool:
    """Return whether the connection was opened before the server had loaded its replica set."""
    return isinstance(error, ConfigurationError) and "Sessions are not supported" in str(error)


async def _replace_connections(client: AsyncMongoClient[dict[str, Any]]) -> None:
    """Have PyMongo open new connections: one that began without sessions never gets them.

    PyMongo itself does this only after network errors, and has no public method for it.
    """
    # `blocking_client` has a synchronous client as its target.
    own = vars(client).get("_target", client)
    for server in own._topology._servers.values():
        done = server.pool.reset_without_pause()
        if isawaitable(done):
            await done


async def ping(database: Database) -> None:
    """Check that the primary responds.

    MongoDB's own `ping` is not enough: with a direct connection, or during start-up, a server
    that is not the primary responds to it.

    Raises:
        PyMongoError: it does not respond, or the server is not the primary.
    """
    with _within_limit():
        answer = await database.command("hello")
    if not answer["isWritablePrimary"]:
        raise NotPrimaryError("The server is not the primary and accepts no writes.")


class MongoCheckpoints:
    """Implements `Checkpoints` with one document per job."""

    def __init__(self, database: Database) -> None:
        self._checkpoints = database["checkpoints"]

    async def get(self, job: str) -> str:
        found = await self._checkpoints.find_one({"_id": job})
        return str(found["position"]) if found else ""

    async def move(self, job: str, position: str, to: str) -> bool:
        """See `Checkpoints.move`. A job without a document is at the start."""
        try:
            result = await self._checkpoints.update_one(
                {"_id": job, "position": position},
                {"$set": {"position": to}},
                upsert=position == "",
            )
        except DuplicateKeyError:
            return False
        return result.matched_count == 1 or result.upserted_id is not None
