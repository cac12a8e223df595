"""Notes about unknown objects in MongoDB: one document per object or multipart upload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo import ASCENDING, IndexModel, UpdateOne

from gql_api.adapters.mongo.database import Database
from gql_api.domain.unknown_objects import Note, UnknownObject

Document = dict[str, Any]

_COLLECTION = "unknown_objects"
# If no sweep has renewed a note for this long, its object is gone or known again.
_FORGOTTEN_AFTER = timedelta(days=30)

INDEXES: Mapping[str, list[IndexModel]] = {
    _COLLECTION: [
        IndexModel([("first_seen", ASCENDING)], name="first_seen"),
        IndexModel("expires_at", name="expires_at", expireAfterSeconds=0),
    ]
}


class MongoUnknownObjects:
    """Implements `UnknownObjects`. Keeps about `max_notes`; further objects are not noted."""

    def __init__(self, database: Database, max_notes: int = 100_000) -> None:
        self._notes = database[_COLLECTION]
        self._max_notes = max_notes

    async def note(self, found: Sequence[UnknownObject], now: datetime) -> None:
        """See `UnknownObjects.note`."""
        if not found:
            return
        room = await self._notes.estimated_document_count() < self._max_notes
        await self._notes.bulk_write(
            [UpdateOne({"_id": _id(it)}, _seen(it, now), upsert=room) for it in found],
            ordered=False,
        )

    async def seen_before(self, moment: datetime, limit: int) -> Sequence[Note]:
        """See `UnknownObjects.seen_before`."""
        query = {"first_seen": {"$lt": moment}}
        documents = self._notes.find(query).sort("first_seen").limit(limit)
        return [_note(document) async for document in documents]

    async def take(self, note: Note) -> bool:
        """See `UnknownObjects.take`."""
        same = {"_id": _id(note.found), "mark": note.found.mark, "first_seen": note.first_seen}
        return (await self._notes.delete_one(same)).deleted_count == 1

    async def clear(self) -> None:
        """See `UnknownObjects.clear`."""
        await self._notes.delete_many({})


def _id(found: UnknownObject) -> str:
    # Keys of uploads contain no space.
    return f"{found.key} {found.multipart_id}" if found.multipart_id else found.key


def _seen(found: UnknownObject, now: datetime) -> list[Document]:
    """Return the update that keeps `first_seen` while the mark is the same."""
    first_seen = {"$cond": [{"$eq": ["$mark", found.mark]}, "$first_seen", now]}
    values: Document = {
        "key": found.key,
        "mark": found.mark,
        "first_seen": first_seen,
        "expires_at": now + _FORGOTTEN_AFTER,
    }
    if found.multipart_id:
        values["multipart_id"] = found.multipart_id
    return [{"$set": values}]


def _note(document: Document) -> Note:
    found = UnknownObject(document["key"], document["mark"], document.get("multipart_id"))
    return Note(found, document["first_seen"])
