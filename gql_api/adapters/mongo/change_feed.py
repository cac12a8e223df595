"""The feed of changes: reads the uploads of one owner in the order of their last change."""

from __future__ import annotations

from typing import Any

from bson import CodecOptions, Timestamp
from pymongo import ASCENDING, IndexModel

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.documents import LIST_FIELDS, to_upload
from gql_api.domain.change_feed import ChangePage, Cursor, Place, next_cursor

Document = dict[str, Any]

_KEYS = ("owner", "changed", "_id")
CHANGE_INDEXES = [IndexModel([(name, ASCENDING) for name in _KEYS])]

_SORT = {"changed": ASCENDING, "_id": ASCENDING}
_PROJECTION = dict.fromkeys((*LIST_FIELDS, "outbox"), 0)
_DECODED: CodecOptions[Document] = CodecOptions(tz_aware=True)
_NEVER = Timestamp(0, 0)


class MongoChangeFeed:
    """Implements `ChangeFeed`.

    It reads a snapshot, whose cluster time is in the reply: the page has all writes that committed
    by then. That is not the present time: if the majority of the replica set falls behind, so does
    the snapshot, and the cursor must not pass what it does not show.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, owner_id: str, after: Cursor | None, limit: int) -> ChangePage:
        """See `ChangeFeed.page`. It reads one extra row to know whether another page follows."""
        reply = await self._database.command(
            {
                "find": "uploads",
                **feed_query(owner_id, after),
                "projection": _PROJECTION,
                "limit": limit + 1,
                "singleBatch": True,
                "readConcern": {"level": "snapshot"},
            },
            codec_options=_DECODED,
        )
        rows, now = reply["cursor"]["firstBatch"], reply["cursor"]["atClusterTime"].time
        more = len(rows) > limit
        rows = rows[:limit]
        last = _place(rows[-1]) if rows else None
        end = next_cursor(after, last, more, now)
        return ChangePage([to_upload(row) for row in rows], end, more)


def feed_query(owner_id: str, after: Cursor | None) -> Document:
    """Return the filter and the order of a page.

    Each branch of the `$or` is one range of the index, and the server merges them in order.
    """
    if after is None:
        return {"filter": {"owner": owner_id}, "sort": {"owner": ASCENDING, **_SORT}}
    seconds, increment, upload_id = after.at
    time = Timestamp(seconds, increment) if seconds else None
    branches = [
        {"owner": owner_id, "changed": time, "_id": {"$gt": upload_id}},
        {"owner": owner_id, "changed": {"$gt": time or _NEVER}},
    ]
    return {"filter": {"$or": branches}, "sort": _SORT}


def _place(row: Document) -> Place:
    changed = row.get("changed", _NEVER)
    return Place(changed.time, changed.inc, row["_id"])
