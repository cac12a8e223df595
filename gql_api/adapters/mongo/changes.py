"""Changes of single records, each on the condition that the record is as it was read.

What is asked for at the same time goes together: one round trip writes, and one reads what has
become of it, for MongoDB 6 does not say which of several updates found their record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pymongo import ReturnDocument, UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.documents import to_upload
from gql_api.adapters.mongo.grouping import Grouped
from gql_api.domain.uploads import Upload

Document = dict[str, Any]
Update = Mapping[str, Document]
"""`$set` and `$unset`, as `documents.set_or_unset` makes them."""

_GROUP_MOST = 500


class _Change(NamedTuple):
    upload: Upload
    update: Update

    def condition(self) -> Document:
        """Finds the record if it is still in the state in which it was read."""
        upload = self.upload
        return {"_id": upload.id, "owner": upload.owner_id, "status": upload.status.value}

    def is_made(self, document: Document) -> bool:
        """Whether the record is as the change leaves it."""
        wanted = self.update.get("$set", {}).items()
        gone = self.update.get("$unset", {}).keys()
        return all(document.get(name) == value for name, value in wanted) and not (
            gone & document.keys()
        )


class MongoChanges:
    """Updates records that are still in the state in which they were read."""

    def __init__(self, database: Database) -> None:
        self._uploads = database["uploads"]
        self._grouped = Grouped(self._make_all, _GROUP_MOST)

    async def make(self, upload: Upload, update: Update) -> Upload | None:
        """The upload after the update; None if it has left its state meanwhile.

        Where somebody makes the very same change at the same time, both get the upload.
        """
        return await self._grouped.ask(_Change(upload, update))

    async def make_within(
        self, session: AsyncClientSession, upload: Upload, update: Update
    ) -> Upload | None:
        """The same as a part of a transaction."""
        return await self._make_one(_Change(upload, update), session)

    async def _make_one(
        self, change: _Change, session: AsyncClientSession | None = None
    ) -> Upload | None:
        found = await self._uploads.find_one_and_update(
            change.condition(),
            change.update,
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        return to_upload(found) if found else None

    async def _make_all(self, changes: Sequence[_Change]) -> Sequence[Upload | None]:
        """One round trip for one change; two for any other number."""
        if len(changes) == 1:
            return [await self._make_one(changes[0])]
        updates = [UpdateOne(change.condition(), change.update) for change in changes]
        await self._uploads.bulk_write(updates, ordered=False)
        ids = [change.upload.id for change in changes]
        found = {row["_id"]: row async for row in self._uploads.find({"_id": {"$in": ids}})}
        documents = [found.get(upload_id) for upload_id in ids]
        return [
            to_upload(document) if document and change.is_made(document) else None
            for change, document in zip(changes, documents, strict=True)
        ]
