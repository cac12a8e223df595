"""The records of existing uploads in MongoDB: one document per upload, with its id as `_id`.

A change that affects the owner's usage is one transaction over the upload's and the user's
documents, so that the usage is exact at every moment. New uploads are inserted by `insertions`;
`listing` has the queries for lists.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo import ASCENDING, IndexModel, ReturnDocument

from gql_api.adapters.mongo.change_feed import CHANGE_INDEXES
from gql_api.adapters.mongo.changes import MongoChanges, unchanged
from gql_api.adapters.mongo.closings import Closing, MongoClosings
from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.documents import (
    TOMBSTONE,
    named,
    processing_fields,
    set_or_unset,
    to_upload,
)
from gql_api.adapters.mongo.grouping import grouped
from gql_api.adapters.mongo.listing import LIST_INDEXES
from gql_api.adapters.mongo.outbox import OUTBOX_INDEX
from gql_api.adapters.mongo.usage import SUMS_INDEX, MongoUsage
from gql_api.adapters.mongo.versions import Versions
from gql_api.domain.ids import is_id
from gql_api.domain.processing import NOT_PROCESSED, Processing
from gql_api.domain.text import fold
from gql_api.domain.upload_events import UploadEventType, type_of
from gql_api.domain.uploads import Upload, UploadName, UploadStatus, may_become

Document = dict[str, Any]

_CLAIM_SPREAD_MS = 60_000
_PURGES_MOST = 500

INDEXES: Mapping[str, list[IndexModel]] = {
    "uploads": [
        *LIST_INDEXES,
        SUMS_INDEX,
        IndexModel(
            [("owner", ASCENDING), ("client_token", ASCENDING)],
            name="owner_client_token",
            unique=True,
            partialFilterExpression={"client_token": {"$exists": True}},
        ),
        IndexModel([("check_at", ASCENDING)], name="check_at", sparse=True),
        *CHANGE_INDEXES,
        OUTBOX_INDEX,
    ]
}


class MongoUploads:
    """Implements `UploadStore`: finds single uploads and changes their records."""

    def __init__(
        self,
        database: Database,
        changes: MongoChanges,
        usage: MongoUsage,
        versions: Versions | None = None,
    ) -> None:
        self._uploads = database["uploads"]
        self._versions = versions or Versions()
        self._changes = changes
        self._closings = MongoClosings(database, changes, usage)
        self._purges = grouped(database, self._purge_all, _PURGES_MOST)

    async def find(self, owner_id: str, upload_id: str) -> Upload | None:
        """See `UploadStore.find`."""
        if not is_id(upload_id):
            return None  # Not every string is valid in BSON, such as unpaired surrogates.
        found = await self._uploads.find_one(_visible(owner_id, upload_id))
        return to_upload(found) if found else None

    async def find_several(self, owner_id: str, upload_ids: Iterable[str]) -> Mapping[str, Upload]:
        """See `UploadStore.find_several`."""
        ids = [upload_id for upload_id in upload_ids if is_id(upload_id)]
        found = self._uploads.find(_visible(owner_id, {"$in": ids}))
        return {document["_id"]: to_upload(document) async for document in found}

    async def find_any(self, owner_id: str, upload_id: str) -> Upload | None:
        """See `UploadStore.find_any`."""
        found = await self._uploads.find_one({"_id": upload_id, "owner": owner_id})
        return to_upload(found) if found else None

    async def find_many(self, names: Iterable[UploadName]) -> Mapping[UploadName, Upload]:
        """See `UploadStore.find_many`."""
        wanted = set(names)
        if not wanted:
            return {}
        uploads = [to_upload(row) async for row in self._uploads.find(named(wanted), hint="_id_")]
        return {upload.name: upload for upload in uploads if upload.name in wanted}

    async def transition(
        self,
        upload: Upload,
        to: UploadStatus,
        *,
        at: datetime,
        reason: str | None = None,
        etag: str | None = None,
        check_at: datetime | None = None,
        processing: Processing | None = None,
    ) -> Upload | None:
        """See `UploadStore.transition`.

        Raises:
            ValueError: an upload cannot change from its status to `to`.
        """
        if not may_become(upload.status, to):
            raise ValueError(f"an upload cannot go from {upload.status.value} to {to.value}")
        becomes_stored = to is UploadStatus.STORED and upload.status is UploadStatus.PENDING
        changes = {
            "status": to.value,
            "status_reason": reason,
            "etag": etag,
            "check_at": check_at,
            "stored_at": at if becomes_stored else upload.stored_at,
            "trashed_at": at if to is UploadStatus.TRASHED else None,
        }
        if processing is not None:
            changes |= processing_fields(processing)
        if to is UploadStatus.DELETED:
            changes |= TOMBSTONE
        update = await self._versions.raised(set_or_unset(changes), type_of(upload.status, to), at)
        if upload.status.counts == to.counts and upload.status.visible == to.visible:
            return await self._changes.make(upload, update)
        return await self._closings.make(Closing(upload, to, update))

    async def set_multipart(
        self, upload: Upload, multipart_id: str | None, part_checksums: bool
    ) -> Upload | None:
        """See `UploadStore.set_multipart`."""
        changes = {"multipart_id": multipart_id, "part_checksums": part_checksums or None}
        found = await self._uploads.find_one_and_update(
            {
                "_id": upload.id,
                "owner": upload.owner_id,
                "status": UploadStatus.PENDING.value,
                "multipart_id": upload.multipart_id,
            },
            set_or_unset(changes),
            return_document=ReturnDocument.AFTER,
        )
        return to_upload(found) if found else None

    async def note_check(self, upload: Upload, *, check_at: datetime | None) -> None:
        """See `UploadStore.note_check`."""
        await self._changes.make(upload, set_or_unset({"check_at": check_at}))

    async def note_replaced(
        self,
        upload: Upload,
        *,
        etag: str,
        at: datetime,
        processing: Processing = NOT_PROCESSED,
        check_at: datetime | None = None,
    ) -> Upload | None:
        """See `UploadStore.note_replaced`."""
        if not upload.status.stored:
            return None
        changes = {"etag": etag, "stored_at": at, "check_at": check_at or upload.check_at}
        update = set_or_unset(changes | processing_fields(processing))
        found = await self._uploads.find_one_and_update(
            unchanged(upload),
            await self._versions.raised(update, UploadEventType.STORED, at),
            return_document=ReturnDocument.AFTER,
        )
        return to_upload(found) if found else None

    async def note_processing(
        self, upload: Upload, processing: Processing, *, check_at: datetime | None
    ) -> Upload | None:
        """See `UploadStore.note_processing`."""
        if not upload.status.stored:
            return None
        changes = {"check_at": check_at, **processing_fields(processing)}
        update = await self._versions.raised(set_or_unset(changes), UploadEventType.PROCESSED)
        return await self._changes.make(upload, update)

    async def update_details(
        self, owner_id: str, upload_id: str, filename: str | None, tags: Sequence[str] | None
    ) -> Upload | None:
        """See `UploadStore.update_details`."""
        if not is_id(upload_id):
            return None
        changes: Document = {}
        if filename is not None:
            changes |= {"filename": filename, "filename_folded": fold(filename)}
        if tags is not None:
            changes["tags"] = list(tags)
        if not changes:
            return await self.find(owner_id, upload_id)
        found = await self._uploads.find_one_and_update(
            _visible(owner_id, upload_id),
            await self._versions.raised({"$set": changes}, UploadEventType.UPDATED),
            return_document=ReturnDocument.AFTER,
        )
        return to_upload(found) if found else None

    async def claim_due(self, now: datetime, limit: int, until: datetime) -> Sequence[Upload]:
        """See `UploadStore.claim_due`. Takes three round trips.

        A claim recognizes the uploads that it won by the time that it wrote, so a random part makes
        this time differ from those of other claims. At worst, one in 60,000 claims at the same
        moment shares its uploads.
        """
        until += timedelta(milliseconds=secrets.randbelow(_CLAIM_SPREAD_MS))
        overdue = {"check_at": {"$lte": now}}
        while names := await self._names_due(overdue, limit):
            claimed = named(names)
            await self._uploads.update_many(claimed | overdue, {"$set": {"check_at": until}})
            found = self._uploads.find(claimed | {"check_at": until})
            won = {upload.name: upload for upload in [to_upload(row) async for row in found]}
            if won:
                return [won[name] for name in names if name in won]
        return []

    async def _names_due(self, overdue: Document, limit: int) -> list[UploadName]:
        found = self._uploads.find(overdue, {"owner": 1}).sort("check_at").limit(limit)
        return [UploadName(row["owner"], row["_id"]) async for row in found]

    async def purge(self, upload: Upload) -> None:
        """See `UploadStore.purge`. Concurrent calls share a round trip."""
        await self._purges.ask(upload)

    async def _purge_all(self, uploads: Sequence[Upload]) -> Sequence[None]:
        names = [upload.name for upload in uploads]
        silent = {"status": UploadStatus.DELETED.value, "outbox": {"$exists": False}}
        await self._uploads.delete_many(named(names) | silent)
        return [None] * len(uploads)


def _visible(owner_id: str, upload_id: str | Document) -> Document:
    return {"_id": upload_id, "owner": owner_id, "status": {"$ne": UploadStatus.DELETED.value}}
