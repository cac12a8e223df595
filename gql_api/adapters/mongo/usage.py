"""What a user's uploads take of his quota, and how many he sees, kept in his own document.

`usage` has the bytes and the number of those that count, `visible` the number of those that are
no tombstones: to count a million of them, even in an index alone, takes a second. Users from
before there was `visible` have it without `exact`, or not at all, until the sweep has counted;
what changes meanwhile is added to nothing known, which does no harm and costs no condition.

The methods with a session belong into the transaction that changes the uploads themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pymongo
from pymongo import ASCENDING, IndexModel, UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession

from gql_api.adapters.mongo.database import Database, in_transaction
from gql_api.domain.uploads import Upload, UploadStatus

Document = dict[str, Any]

Addition = tuple[str, Sequence[Upload], int | None]
"""An owner's id, what is added to his usage, and his quota in bytes."""

_SUMS_KEYS = [(name, ASCENDING) for name in ("owner", "status", "_id", "size")]
SUMS_INDEX = IndexModel(_SUMS_KEYS)
"""Sums over an owner's uploads are read from this index alone."""

_SUMMED_AT_ONCE = 50  # Owners; a thousand with 3,000 records each took 22 s.
# Nobody waits for a sum, and one over a million records takes 1.6 s of the server's processor time.
_SUM_SECONDS = 60
_COUNTING = [status.value for status in UploadStatus if status.counts]
_VISIBLE = [status.value for status in UploadStatus if status.visible]


class MongoUsage:
    """`UsageBooks`, and the bookings of the other adapters."""

    def __init__(self, database: Database) -> None:
        self._client = database.client
        self._uploads = database["uploads"]
        self._users = database["users"]

    async def reserve(
        self,
        session: AsyncClientSession,
        owner_id: str,
        drafts: Sequence[Upload],
        quota_bytes: int | None,
    ) -> tuple[Sequence[Upload], int]:
        """Reserve what fits, in order; the drafts that do, and how many bytes are left then.

        That all fit is tried first: it takes one round trip.
        """
        if await self._add(session, owner_id, drafts, quota_bytes) or quota_bytes is None:
            return drafts, 0
        user = await self._users.find_one({"_id": owner_id}, {"usage": 1}, session=session)
        available = max(0, quota_bytes - user["usage"]["bytes"]) if user else 0
        accepted = []
        for draft in drafts:
            if draft.size_bytes <= available:
                accepted.append(draft)
                available -= draft.size_bytes
        if accepted:
            # Decided on what this transaction has read: an empty file fits even above the quota.
            await self._add(session, owner_id, accepted, None)
        return accepted, available

    async def reserve_all(self, session: AsyncClientSession, owners: Sequence[Addition]) -> bool:
        """Reserve all drafts of all owners; False if those of one do not fit.

        The caller then has to end the transaction, for those of others are reserved.
        """
        updates = [UpdateOne(*_addition(*owner)) for owner in owners]
        result = await self._users.bulk_write(updates, ordered=False, session=session)
        return result.matched_count == len(owners)

    async def _add(
        self,
        session: AsyncClientSession,
        owner_id: str,
        drafts: Sequence[Upload],
        quota_bytes: int | None,
    ) -> bool:
        matched, change = _addition(owner_id, drafts, quota_bytes)
        result = await self._users.update_one(matched, change, session=session)
        return result.matched_count == 1

    async def release(self, session: AsyncClientSession, upload: Upload, to: UploadStatus) -> None:
        """Take off the books what an upload is not any more once it is `to`."""
        less: Document = {}
        if upload.status.counts and not to.counts:
            less |= {"usage.bytes": -upload.size_bytes, "usage.uploads": -1}
        if upload.status.visible and not to.visible:
            less |= {"visible.uploads": -1}
        await self._users.update_one({"_id": upload.owner_id}, {"$inc": less}, session=session)

    async def visible(self, owner_id: str) -> int | None:
        """How many uploads the owner sees; None if that is not known yet."""
        user = await self._users.find_one({"_id": owner_id}, {"visible": 1})
        visible = user.get("visible") if user else None
        return int(visible["uploads"]) if visible and visible.get("exact") else None

    async def owner_ids(self, after: str, limit: int) -> Sequence[str]:
        """See `UsageBooks.owner_ids`."""
        found = self._users.find({"_id": {"$gt": after}}, {"_id": 1}).sort("_id").limit(limit)
        return [document["_id"] async for document in found]

    async def recompute(self, owner_ids: Sequence[str]) -> int:
        """See `UsageBooks.recompute`.

        A first look outside of a transaction finds the owners in question, since nearly all are
        right; what it finds wrong is summed again in a transaction, which fails and is repeated
        if the owner's books change meanwhile.
        """
        corrected = 0
        for begin in range(0, len(owner_ids), _SUMMED_AT_ONCE):
            for owner_id in await self._suspects(owner_ids[begin : begin + _SUMMED_AT_ONCE]):
                corrected += await self._correct(owner_id)
        return corrected

    async def _suspects(self, owner_ids: Sequence[str]) -> Sequence[str]:
        with pymongo.timeout(_SUM_SECONDS):
            sums = await self._sums(owner_ids, None)
        found = self._users.find({"_id": {"$in": list(owner_ids)}}, {"usage": 1, "visible": 1})
        return [
            document["_id"]
            async for document in found
            if {name: document.get(name) for name in _NOTHING}
            != sums.get(document["_id"], _NOTHING)
        ]

    async def _correct(self, owner_id: str) -> bool:
        async def correct(session: AsyncClientSession) -> bool:
            books = (await self._sums([owner_id], session)).get(owner_id, _NOTHING)
            wrong = [{name: {"$ne": value}} for name, value in books.items()]
            result = await self._users.update_one(
                {"_id": owner_id, "$or": wrong}, {"$set": books}, session=session
            )
            return result.modified_count == 1

        return await in_transaction(self._client, correct, _SUM_SECONDS)

    async def _sums(
        self, owner_ids: Sequence[str], session: AsyncClientSession | None
    ) -> Mapping[str, Document]:
        """What must be on the books of these owners, but for those who have no upload."""
        counts = {"$in": ["$status", _COUNTING]}
        rows = await self._uploads.aggregate(
            [
                {"$match": {"owner": {"$in": list(owner_ids)}, "status": {"$in": _VISIBLE}}},
                {
                    "$group": {
                        "_id": "$owner",
                        "bytes": {"$sum": {"$cond": [counts, "$size", 0]}},
                        "counting": {"$sum": {"$cond": [counts, 1, 0]}},
                        "visible": {"$sum": 1},
                    }
                },
            ],
            session=session,
            hint=dict(_SUMS_KEYS),
        )
        return {
            row["_id"]: _books(row["bytes"], row["counting"], row["visible"]) async for row in rows
        }


def _books(size_bytes: int, counting: int, visible: int) -> Document:
    return {
        "usage": {"bytes": size_bytes, "uploads": counting},
        "visible": {"uploads": visible, "exact": True},
    }


_NOTHING = _books(0, 0, 0)


def _addition(
    owner_id: str, drafts: Sequence[Upload], quota_bytes: int | None
) -> tuple[Document, Document]:
    """The owner, if all drafts fit into his quota, and what they add to his books."""
    total, count = sum(draft.size_bytes for draft in drafts), len(drafts)
    owner: Document = {"_id": owner_id}
    if quota_bytes is not None:
        owner["usage.bytes"] = {"$lte": quota_bytes - total}
    more = {"usage.bytes": total, "usage.uploads": count, "visible.uploads": count}
    return owner, {"$inc": more}
