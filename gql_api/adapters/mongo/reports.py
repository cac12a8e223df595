"""Reports about uploads, for operators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pymongo

from gql_api.adapters.mongo.database import REPORT_SECONDS, Database
from gql_api.adapters.mongo.documents import to_upload
from gql_api.domain.accounts import Usage
from gql_api.domain.ids import first_id
from gql_api.domain.uploads import Upload, UploadStatus


class MongoReports:
    """Implements `UploadReports`. No request waits for it, so it may take minutes."""

    def __init__(self, database: Database) -> None:
        self._uploads = database["uploads"]

    async def totals(self, owner_id: str) -> Mapping[UploadStatus, Usage]:
        """See `UploadReports.totals`."""
        stages: list[dict[str, Any]] = [
            {"$match": {"owner": owner_id}},
            {"$group": {"_id": "$status", "bytes": {"$sum": "$size"}, "uploads": {"$sum": 1}}},
        ]
        with pymongo.timeout(REPORT_SECONDS):
            rows = await (await self._uploads.aggregate(stages)).to_list()
        return {
            UploadStatus(row["_id"]): Usage(bytes=int(row["bytes"]), uploads=int(row["uploads"]))
            for row in rows
        }

    async def some(self, owner_id: str, limit: int) -> Sequence[Upload]:
        """See `UploadReports.some`."""
        visible = {"owner": owner_id, "status": {"$ne": UploadStatus.DELETED.value}}
        return [to_upload(it) async for it in self._uploads.find(visible).limit(limit)]

    async def overdue(self, before: datetime, limit: int) -> Sequence[Upload]:
        """See `UploadReports.overdue`."""
        return await self._across_owners({"check_at": {"$lte": before}}, limit)

    async def waiting(self, requested_before: datetime, limit: int) -> Sequence[Upload]:
        """See `UploadReports.waiting`. Every PENDING upload has a `check_at`."""
        pending = {
            "check_at": {"$exists": True},
            "status": UploadStatus.PENDING.value,
            "_id": {"$lt": first_id(requested_before)},
        }
        return await self._across_owners(pending, limit)

    async def _across_owners(self, condition: dict[str, Any], limit: int) -> Sequence[Upload]:
        with pymongo.timeout(REPORT_SECONDS):
            found = self._uploads.find(condition).sort("check_at").limit(limit)
            return [to_upload(document) async for document in found]
