"""Conditional updates of upload records.

Concurrent updates are sent in groups. One round trip writes a group, and a second reads the
records back, because MongoDB 6 does not report which updates of a bulk write matched.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from pymongo import ReturnDocument, UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.documents import has, named, to_upload
from gql_api.adapters.mongo.grouping import grouped
from gql_api.adapters.mongo.versions import FIELDS, Update
from gql_api.domain.processing import ProcessingStatus
from gql_api.domain.uploads import Upload

Document = dict[str, Any]

_GROUP_MOST = 500


class _Change(NamedTuple):
    upload: Upload
    update: Update

    def is_made(self, document: Document) -> bool:
        """Return whether `document` has the values that this change sets.

        A later change, such as a rename, may have replaced the time and the events already.
        """
        removed = self.update.get("$unset", {}).keys() - FIELDS
        set_to = {
            name: value for name, value in self.update.get("$set", {}).items() if name not in FIELDS
        }
        return has(document, set_to) and not removed & document.keys()


def state(upload: Upload) -> Document:
    """Return the fields that identify the state in which an upload was read.

    The status alone does not identify it: an upload can return from the trash and be moved there
    again, another object can be recorded for a stored upload, and its processing can begin and end,
    which decides when it is checked next.
    """
    processing = upload.processing.status
    return {
        "status": upload.status.value,
        "etag": upload.etag,
        "trashed_at": upload.trashed_at,
        "processing": None if processing is ProcessingStatus.NONE else processing.value,
    }


def unchanged(upload: Upload) -> Document:
    """Return the filter that matches the record while its state is unchanged."""
    return {"_id": upload.id, "owner": upload.owner_id, **state(upload)}


class MongoChanges:
    """Updates an upload's record only if its state has not changed since it was read.

    It changes only these records. If a change also affects the owner's usage, `MongoUploads`
    combines it with `MongoUsage` in one transaction.
    """

    def __init__(self, database: Database) -> None:
        self._uploads = database["uploads"]
        self._grouped = grouped(database, self._make_all, _GROUP_MOST, batches=True)

    async def make(self, upload: Upload, update: Update) -> Upload | None:
        """Return the updated upload; None if its state has changed since it was read.

        If two callers make the same change at the same time, both may get the upload.
        """
        return await self._grouped.ask(_Change(upload, update))

    async def make_within(
        self, session: AsyncClientSession, upload: Upload, update: Update
    ) -> Upload | None:
        """Do the same as `make` in the transaction of `session`."""
        return await self._make_one(_Change(upload, update), session)

    async def _make_one(
        self, change: _Change, session: AsyncClientSession | None = None
    ) -> Upload | None:
        found = await self._uploads.find_one_and_update(
            unchanged(change.upload),
            change.update,
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        return to_upload(found) if found else None

    async def _make_all(self, changes: Sequence[_Change]) -> Sequence[Upload | None]:
        """Make the changes: one round trip for a single change, two for several."""
        if len(changes) == 1:
            return [await self._make_one(changes[0])]
        updates = [UpdateOne(unchanged(change.upload), change.update) for change in changes]
        await self._uploads.bulk_write(updates, ordered=False)
        query = named(change.upload.name for change in changes)
        found = {row["_id"]: row async for row in self._uploads.find(query, hint="_id_")}
        documents = [found.get(change.upload.id) for change in changes]
        return [
            to_upload(document) if document and change.is_made(document) else None
            for change, document in zip(changes, documents, strict=True)
        ]
