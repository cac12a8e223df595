"""The translation of database errors, and the time limits."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from bson import Timestamp
from pymongo import AsyncMongoClient
from pymongo import errors as pymongo_errors
from pymongo.errors import PyMongoError

from gql_api.adapters.mongo.blocking_client import connect_blocking
from gql_api.adapters.mongo.database import Database, connect, guarded, in_transaction
from gql_api.domain.deadline import time_limit
from gql_api.domain.errors import Unavailable
from gql_api.settings import Settings

Connect = Callable[[str, str], Database]
NO_SESSIONS = "Sessions are not supported by this MongoDB deployment"


class Adapter:
    """An adapter with one method, whose behavior the test chooses."""

    def __init__(self, body: Callable[[], Awaitable[object]]) -> None:
        self._body = body

    async def work(self, number: int, *, text: str) -> object:
        """Run the function that the test passed in."""
        return number, text, await self._body()


def guarded_adapter(body: Callable[[], Awaitable[object]]) -> Adapter:
    return guarded(Adapter(body))


def raising(error: Exception) -> Callable[[], Awaitable[object]]:
    async def body() -> object:
        raise error

    return body


def collided() -> PyMongoError:
    return pymongo_errors.OperationFailure(
        "write conflict", 112, {"errorLabels": ["TransientTransactionError"]}
    )


async def test_a_result_comes_through(database: Database) -> None:
    async def body() -> object:
        return (await database.command("ping"))["ok"]

    assert await guarded_adapter(body).work(1, text="a") == (1, "a", 1.0)


@pytest.mark.parametrize(
    "error",
    [
        pymongo_errors.ServerSelectionTimeoutError("no server"),
        pymongo_errors.AutoReconnect("closed"),
        pymongo_errors.NetworkTimeout("timed out"),
        pymongo_errors.NotPrimaryError("stepped down"),
        pymongo_errors.WaitQueueTimeoutError("all connections are busy"),
        pymongo_errors.ExecutionTimeout("too long", 50),
        collided(),
        # The driver's own retry of a write failed, too.
        pymongo_errors.OperationFailure("", 91, {"errorLabels": ["RetryableWriteError"]}),
        pymongo_errors.WriteConcernError("stepped down", 11602),
        # The server rejects new work because it has too much.
        pymongo_errors.OperationFailure("", 462, {"errorLabels": ["RetryableError"]}),
        pymongo_errors.OperationFailure("no configuration yet", 94),
        pymongo_errors.ConfigurationError(NO_SESSIONS),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_what_may_pass_is_unavailable(error: Exception) -> None:
    with pytest.raises(Unavailable) as raised:
        await guarded_adapter(raising(error)).work(1, text="a")
    assert raised.value.part == "database"
    assert raised.value.__cause__ is error


async def test_a_server_that_has_not_loaded_its_keys_is_unavailable(database: Database) -> None:
    """After its start, a server does not know the key that signed the client's cluster time."""
    name = f"plain-{uuid.uuid4().hex}"
    await database.command("createUser", name, pwd="password", roles=["readWrite"])
    plain = await _client_of(database, name)

    async def body() -> object:
        async with plain.start_session() as session:
            things = plain[database.name]["things"]
            await things.find_one({}, session=session)
            assert session.cluster_time is not None
            later = Timestamp(session.cluster_time["clusterTime"].time + 5, 1)
            signature = {"hash": bytes(20), "keyId": 1}
            session.advance_cluster_time({"clusterTime": later, "signature": signature})
            return await things.find_one({}, session=session)

    try:
        with pytest.raises(Unavailable) as raised:
            await guarded_adapter(body).work(1, text="a")
        cause = raised.value.__cause__
        assert isinstance(cause, pymongo_errors.OperationFailure)
        assert cause.code == 211
    finally:
        await plain.close()
        await database.command("dropUser", name)


async def _client_of(database: Database, name: str) -> AsyncMongoClient[dict[str, Any]]:
    """Connect as a user without the privilege to set the server's cluster time."""
    address = await database.client.address
    assert address is not None
    return AsyncMongoClient(
        *address,
        username=name,
        password="password",
        authSource=database.name,
        directConnection=True,
    )


@pytest.mark.parametrize(
    "error",
    [
        pymongo_errors.DuplicateKeyError("twice", 11000),
        pymongo_errors.OperationFailure("not allowed", 13),
        pymongo_errors.ConfigurationError("no such option"),
        ValueError("no such transition"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_all_else_is_raised_as_it_is(error: Exception) -> None:
    with pytest.raises(type(error)) as raised:
        await guarded_adapter(raising(error)).work(1, text="a")
    assert raised.value is error


@pytest.mark.parametrize("seconds", [0, 0.05])
async def test_the_time_limit_ends_an_operation(database: Database, seconds: float) -> None:
    await database["things"].insert_one({})

    async def body() -> object:
        return await database["things"].find_one({"$where": "sleep(5000) || true"})

    with time_limit(seconds), pytest.raises(Unavailable):
        await guarded_adapter(body).work(1, text="a")


@pytest.mark.parametrize("open_client", [connect, connect_blocking])
async def test_a_connection_that_began_without_sessions_is_replaced(
    open_client: Connect, settings: Settings
) -> None:
    """The server had not loaded its replica set when it was opened."""
    database = open_client(settings.db_url, settings.db_name)

    async def insert(session: Any) -> None:
        await database["things"].insert_one({}, session=session)

    try:
        await in_transaction(database.client, insert)
        client = vars(database.client).get("_target", database.client)
        for server in client._topology._servers.values():
            for connection in server.pool.conns:
                connection.supports_sessions = False
        with pytest.raises(pymongo_errors.ConfigurationError, match=NO_SESSIONS):
            await in_transaction(database.client, insert)
        await in_transaction(database.client, insert)
        assert await database["things"].count_documents({}) == 2
    finally:
        await database.client.close()
