"""The events in the records of uploads; `versions` writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, IndexModel, UpdateOne

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.documents import named, to_upload
from gql_api.domain.upload_events import UploadEvent, UploadEventType, event_id
from gql_api.domain.uploads import UploadName

Document = dict[str, Any]

OUTBOX_INDEX = IndexModel([("relay_at", ASCENDING)], name="relay_at", sparse=True)
"""Has only the records with events. All shards are asked for it, but only to send what is due."""


class MongoOutbox:
    """Implements `Outbox`."""

    def __init__(self, database: Database) -> None:
        self._uploads = database["uploads"]

    async def waiting(self, names: Iterable[UploadName]) -> Sequence[UploadEvent]:
        """See `Outbox.waiting`."""
        wanted = set(names)
        if not wanted:
            return []
        found = self._uploads.find(named(wanted), hint="_id_")
        return [event async for row in found for event in events_in(row)]

    async def overdue(self, now: datetime, limit: int) -> Sequence[UploadName]:
        """See `Outbox.overdue`."""
        due = self._uploads.find({"relay_at": {"$lte": now}}, {"owner": 1})
        return [
            UploadName(row["owner"], row["_id"]) async for row in due.sort("relay_at").limit(limit)
        ]

    async def remove(self, events: Sequence[UploadEvent]) -> None:
        """See `Outbox.remove`. Takes one round trip."""
        taken = {event.upload.name: event.upload.version for event in events}
        if taken:
            updates = [_removal(name, version) for name, version in taken.items()]
            await self._uploads.bulk_write(updates, ordered=False)


def events_in(row: Mapping[str, Any]) -> Iterator[UploadEvent]:
    """Yield the events in a record; the last one is that of its version."""
    written = row.get("outbox", ())
    if written:
        upload = to_upload(dict(row))
        first = upload.version - len(written) + 1
        for version, event in enumerate(written, first):
            kind = UploadEventType(event["type"])
            yield UploadEvent(event_id(upload.id, version), kind, version, event["at"], upload)


def _removal(name: UploadName, version: int) -> UpdateOne:
    """Return the update that leaves only the events of later versions."""
    added = {"$subtract": [{"$ifNull": ["$changes", 0]}, version - 1]}
    later = {"$slice": ["$outbox", {"$multiply": [-1, added]}]}
    kept = {"$and": [{"$isArray": "$outbox"}, {"$gt": [added, 0]}]}
    oldest = {"$arrayElemAt": ["$outbox.at", {"$multiply": [-1, added]}]}
    # Some of those added may have been dropped: see `OUTBOX_MAX`.
    relay_at = {"$ifNull": [oldest, {"$first": "$outbox.at"}]}
    return UpdateOne(
        {"_id": name.upload_id, "owner": name.owner_id, "outbox": {"$exists": True}},
        [
            {
                "$set": {
                    "relay_at": {"$cond": [kept, relay_at, "$$REMOVE"]},
                    "outbox": {"$cond": [kept, later, "$$REMOVE"]},
                }
            }
        ],
    )
