"""The schema of the database: its indexes, and the migrations between releases.

Building an index over many records takes minutes to hours, so nothing here has a time limit. The
server continues a build after its client has disconnected, and a repeated `createIndexes` waits for
it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any

import pymongo
from pymongo import IndexModel
from pymongo.errors import OperationFailure, PyMongoError

from gql_api.adapters.mongo import (
    api_keys,
    attempts,
    deliveries,
    operator_keys,
    tags,
    unknown,
    uploads,
    users,
    webhooks,
)
from gql_api.adapters.mongo.database import Database, is_transient, ping
from gql_api.adapters.mongo.session_migration import move_sessions
from gql_api.domain.deployment import Tell

Migration = Callable[[Database, Tell], Awaitable[None]]

INDEXES: Mapping[str, Sequence[IndexModel]] = {
    collection: models
    for module in (
        uploads,
        users,
        api_keys,
        operator_keys,
        attempts,
        unknown,
        webhooks,
        deliveries,
    )
    for collection, models in module.INDEXES.items()
}
# What each release changes in existing documents, by release number. A migration may be interrupted
# and repeated, and the previous release serves requests while it runs.
MIGRATIONS: Mapping[int, Migration] = {2: move_sessions, 3: tags.compose_tags}

_TELL_EVERY_SECONDS = 5.0
# After a lost connection, such as in an election, which takes seconds.
_ATTEMPTS = 20
_WAIT_SECONDS = 3


class MongoSchema:
    """Implements `Schema`."""

    def __init__(
        self,
        database: Database,
        *,
        indexes: Mapping[str, Sequence[IndexModel]] = INDEXES,
        migrations: Mapping[int, Migration] = MIGRATIONS,
        tell_every_seconds: float = _TELL_EVERY_SECONDS,
    ) -> None:
        self._database = database
        self._indexes = indexes
        self._migrations = migrations
        self._tell_every_seconds = tell_every_seconds

    async def apply(self, since: int, tell: Tell) -> None:
        """See `Schema.apply`.

        Raises:
            pymongo.errors.PyMongoError: the database cannot be reached, or refuses a change.
        """
        await ping(self._database)
        for collection, models in self._indexes.items():
            build = partial(self._database[collection].create_indexes, list(models))
            await self._persistently(f"Creating the indexes of {collection}", build, tell)
        for number in sorted(number for number in self._migrations if number > since):
            migrate = partial(self._migrations[number], self._database, tell)
            await self._persistently(f"Running migration {number}", migrate, tell)

    async def _persistently(
        self, name: str, work: Callable[[], Awaitable[object]], tell: Tell
    ) -> None:
        """Do the work without a time limit; repeat it if the connection is lost."""
        for attempts_left in reversed(range(_ATTEMPTS)):
            try:
                await self._telling(name, _unlimited(work), tell)
                return
            except PyMongoError as error:
                if not attempts_left or not is_transient(error):
                    raise
                tell(f"{name}: the connection was lost ({error}). Trying again.")
                await asyncio.sleep(_WAIT_SECONDS)

    async def _telling(self, name: str, work: Coroutine[Any, Any, None], tell: Tell) -> None:
        """Wait for the work, and report its progress every few seconds."""
        task = asyncio.create_task(work)
        started = asyncio.get_running_loop().time()
        try:
            while not (await asyncio.wait({task}, timeout=self._tell_every_seconds))[0]:
                seconds = asyncio.get_running_loop().time() - started
                tell(f"{name}, {seconds:.0f} s: {await self._progress()}")
        finally:
            task.cancel()  # Does nothing if the work is done.
        await task

    async def _progress(self) -> str:
        """Return the server's report on its index builds, or "working" if there is none."""
        for all_users in (True, False):  # Other users' need the privilege `inprog`.
            try:
                return await self._builds(all_users)
            except OperationFailure:
                continue
            except PyMongoError:
                break
        return "working"

    async def _builds(self, all_users: bool) -> str:
        pipeline: list[dict[str, Any]] = [
            {"$currentOp": {"allUsers": all_users, "idleConnections": False}},
            {"$match": {"msg": {"$regex": "^Index Build"}}},
        ]
        operations = await self._database.client.admin.aggregate(pipeline)
        builds = [_latest(operation) async for operation in operations]
        return "; ".join(builds) or "working"


async def _unlimited(work: Callable[[], Awaitable[object]]) -> None:
    with pymongo.timeout(0):  # pymongo treats 0 as "no limit".
        await work()


def _latest(operation: Mapping[str, Any]) -> str:
    """Return the phase of a build, and its progress if the server knows it."""
    phase = str(operation["msg"]).removeprefix("Index Build: ").partition(" Index Build: ")[0]
    progress = operation.get("progress")
    done = f" {progress['done']:,} of {progress['total']:,}" if progress else ""
    return f"{operation.get('ns')}: {phase}{done}"
