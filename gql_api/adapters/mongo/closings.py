"""Changes of uploads that also change their owner's usage, each in one transaction.

Concurrent changes share a transaction: a sweep that expires thousands of uploads of one user would
otherwise send as many transactions, which conflict on the user's document.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple

from pymongo import UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import PyMongoError

from gql_api.adapters.mongo.changes import MongoChanges, state
from gql_api.adapters.mongo.database import Database, in_transaction
from gql_api.adapters.mongo.documents import has, named, to_upload
from gql_api.adapters.mongo.grouping import grouped
from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.adapters.mongo.versions import Update
from gql_api.domain.uploads import Upload, UploadStatus

Document = dict[str, Any]

_GROUP_MOST = 100


class Closing(NamedTuple):
    """An upload as it was read, its next status, and the update of its record."""

    upload: Upload
    to: UploadStatus
    update: Update


class _NeedsSeparateTransactions(Exception):
    """A group's transaction failed, such as after a conflict with another process on a document."""


class MongoClosings:
    """Changes a record whose state is unchanged, and its owner's totals in one transaction."""

    def __init__(self, database: Database, changes: MongoChanges, usage: MongoUsage) -> None:
        self._client = database.client
        self._uploads = database["uploads"]
        self._changes = changes
        self._usage = usage
        self._grouped = grouped(database, self._make_all, _GROUP_MOST, batches=True)

    async def make(self, closing: Closing) -> Upload | None:
        """Return the updated upload; None if its state has changed since it was read."""
        return await self._grouped.ask(closing)

    async def _make_all(
        self, closings: Sequence[Closing]
    ) -> Sequence[Upload | BaseException | None]:
        """Make all changes in one transaction; if it fails, make each in its own, with retries.

        The changes of one owner are then made one after another, because they would conflict.
        """
        if len(closings) == 1:
            return [await self._make_one(closings[0])]
        try:
            return await self._make_together(closings)
        except _NeedsSeparateTransactions:
            pass
        turns: dict[str, asyncio.Lock] = {}

        async def make(closing: Closing) -> Upload | None:
            async with turns.setdefault(closing.upload.owner_id, asyncio.Lock()):
                return await self._make_one(closing)

        return await asyncio.gather(*map(make, closings), return_exceptions=True)

    async def _make_one(self, closing: Closing) -> Upload | None:
        async def make(session: AsyncClientSession) -> Upload | None:
            changed = await self._changes.make_within(session, closing.upload, closing.update)
            if changed is not None:
                await self._usage.adjust(session, [(closing.upload, closing.to)])
            return changed

        return await in_transaction(self._client, make)

    async def _make_together(self, closings: Sequence[Closing]) -> Sequence[Upload | None]:
        async def make(session: AsyncClientSession) -> Sequence[Upload | None]:
            try:
                return await self._make_within(session, closings)
            except PyMongoError as error:
                raise _NeedsSeparateTransactions from error

        return await in_transaction(self._client, make)

    async def _make_within(
        self, session: AsyncClientSession, closings: Sequence[Closing]
    ) -> Sequence[Upload | None]:
        """Make the changes of uploads whose state is unchanged in the transaction's snapshot.

        Another process that changes one of the records meanwhile makes the transaction fail.
        """
        before = await self._read(session, closings)
        made: dict[str, Closing] = {}
        for closing in closings:
            upload = closing.upload
            found = before.get(upload.id)
            if found and has(found, state(upload)) and upload.id not in made:
                made[upload.id] = closing
        if not made:
            return [None] * len(closings)
        await self._uploads.bulk_write(
            [UpdateOne(_record(it.upload), it.update) for it in made.values()],
            ordered=False,
            session=session,
        )
        await self._usage.adjust(session, [(it.upload, it.to) for it in made.values()])
        after = await self._read(session, list(made.values()))
        return [
            to_upload(after[it.upload.id]) if made.get(it.upload.id) is it else None
            for it in closings
        ]

    async def _read(
        self, session: AsyncClientSession, closings: Sequence[Closing]
    ) -> dict[str, Document]:
        names = [closing.upload.name for closing in closings]
        found = self._uploads.find(named(names), session=session)
        return {document["_id"]: document async for document in found}


def _record(upload: Upload) -> Document:
    return {"_id": upload.id, "owner": upload.owner_id}
