"""Changes the processing of many uploads in MongoDB, for operators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pymongo

from gql_api.adapters.mongo.database import REPORT_SECONDS, Database
from gql_api.adapters.mongo.documents import named
from gql_api.domain.processing import ProcessingStatus, is_media
from gql_api.domain.reprocessing import Selection, StoredFile
from gql_api.domain.uploads import UploadName, UploadStatus

Document = dict[str, Any]

_STORED: Document = {"status": {"$in": [it.value for it in UploadStatus if it.stored]}}


class MongoProcessingRecords:
    """Implements `ProcessingRecords`. No request waits for it, so it may take minutes."""

    def __init__(self, database: Database) -> None:
        self._uploads = database["uploads"]

    async def stored(
        self, owner_id: str | None, selection: Selection, after: str, limit: int
    ) -> Sequence[StoredFile]:
        """See `ProcessingRecords.stored`. Without an owner, it reads them in the order of `_id`."""
        query = _of(owner_id) | _STORED | _selected(selection) | {"_id": {"$gt": after}}
        fields = {"owner": 1, "content_type": 1, "size": 1}
        with pymongo.timeout(REPORT_SECONDS):
            found = self._uploads.find(query, fields).sort("_id").limit(limit)
            return [
                StoredFile(
                    UploadName(row["owner"], row["_id"]), row["content_type"], int(row["size"])
                )
                async for row in found
            ]

    async def process_again(
        self, names: Sequence[UploadName], selection: Selection, check_at: datetime
    ) -> int:
        """See `ProcessingRecords.process_again`."""
        result = await self._uploads.update_many(
            named(names) | _STORED | _selected(selection),
            [
                {
                    "$set": {
                        "processing": ProcessingStatus.PENDING.value,
                        "check_at": {"$min": ["$check_at", check_at]},
                    }
                },
                {"$unset": "processing_reason"},
            ],
        )
        return result.modified_count

    async def counts(self, owner_id: str | None) -> Mapping[ProcessingStatus, int]:
        """See `ProcessingRecords.counts`."""
        kind = {"processing": "$processing", "type": "$media_type", "empty": {"$eq": ["$size", 0]}}
        stages: list[Document] = [
            {"$match": _of(owner_id) | _STORED},
            {"$group": {"_id": kind, "uploads": {"$sum": 1}}},
        ]
        counts: Counter[ProcessingStatus] = Counter()
        with pymongo.timeout(REPORT_SECONDS):
            async for row in await self._uploads.aggregate(stages):
                of = row["_id"]
                if is_media(of["type"], 0 if of["empty"] else 1):
                    state = ProcessingStatus(of.get("processing") or ProcessingStatus.NONE)
                    counts[state] += int(row["uploads"])
        return counts


def _of(owner_id: str | None) -> Document:
    return {} if owner_id is None else {"owner": owner_id}


def _selected(selection: Selection) -> Document:
    """Return the filter for uploads in these states; the field is missing in the state NONE."""
    none = ProcessingStatus.NONE
    return {"processing": {"$in": [None if it is none else it.value for it in selection.value]}}
