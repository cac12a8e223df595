"""PyMongo's synchronous client with the interface of the asynchronous one.

It takes about two thirds of the asynchronous client's processor time. Its calls block the event
loop, so it suits a process that handles one request at a time, such as a Lambda environment.
asyncio cannot interrupt a call, but `pymongo.timeout` can, so the request's time limit holds.

The methods of these classes never suspend: awaiting one runs it to its end.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Self, TypeVar, cast

import pymongo
from pymongo.synchronous.client_session import ClientSession

from gql_api.adapters.mongo.database import Database, client_options

T = TypeVar("T")
Document = dict[str, Any]


def connect_blocking(url: str, name: str) -> Database:
    """Do what `database.connect` does, with the synchronous client."""
    client: pymongo.MongoClient[Document] = pymongo.MongoClient(
        url, connect=False, **client_options(url)
    )
    return cast(Database, BlockingDatabase(BlockingClient(client), name))


def is_blocking(database: object) -> bool:
    """Return whether calls to the database block the event loop."""
    return isinstance(database, BlockingDatabase)


class _Proxy:
    """Offers the methods of `target` as coroutine functions."""

    def __init__(self, target: Any) -> None:
        self._target = target

    def __getattr__(self, name: str) -> Callable[..., Coroutine[Any, Any, Any]]:
        method = getattr(self._target, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            return method(*args, **kwargs)

        setattr(self, name, call)
        return call


class BlockingClient(_Proxy):
    """Stands in for an `AsyncMongoClient`."""

    def __getitem__(self, name: str) -> BlockingDatabase:
        return BlockingDatabase(self, name)

    def start_session(self) -> _Session:
        """Return a session, which is ended by its context manager."""
        return _Session(self._target.start_session())


class BlockingDatabase(_Proxy):
    """Stands in for an `AsyncDatabase`."""

    def __init__(self, client: BlockingClient, name: str) -> None:
        super().__init__(client._target[name])
        self.client = client

    def __getitem__(self, name: str) -> _Collection:
        return _Collection(self._target[name])


class _Collection(_Proxy):
    """Stands in for an `AsyncCollection`. Its methods take sessions of the synchronous driver."""

    def find(self, *args: Any, **kwargs: Any) -> _Cursor:
        return _Cursor(self._target.find(*args, **kwargs))

    async def aggregate(self, *args: Any, **kwargs: Any) -> _Cursor:
        return _Cursor(self._target.aggregate(*args, **kwargs))


class _Cursor(_Proxy):
    """Stands in for an `AsyncCursor` or an `AsyncCommandCursor`."""

    def sort(self, *args: Any) -> Self:
        self._target.sort(*args)
        return self

    def limit(self, limit: int) -> Self:
        self._target.limit(limit)
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        self._target.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Mapping[str, Any]:
        try:
            return cast(Mapping[str, Any], next(self._target))
        except StopIteration:
            raise StopAsyncIteration from None


class _Session:
    """Stands in for an `AsyncClientSession`, but transactions get the driver's own session."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        self._session.end_session()

    async def with_transaction(self, body: Callable[[ClientSession], Awaitable[T]]) -> T:
        """Run `body` in a transaction, which the driver retries, and return its result."""
        return self._session.with_transaction(lambda session: _finished(body(session)))


def _finished(work: Awaitable[T]) -> T:
    """Run `work`, which must not suspend, and return its result.

    Raises:
        RuntimeError: it waits for something other than the database. Nothing could resume it
            while the driver runs the transaction.
    """
    steps = work.__await__()
    try:
        next(steps)
    except StopIteration as done:
        return cast(T, done.value)
    steps.close()
    raise RuntimeError("A transaction may wait for the database only.")
