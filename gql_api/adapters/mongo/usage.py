"""Each user's usage: totals over their uploads, stored in the user's document.

`usage` has the size and number of the uploads that count towards the quota. `visible` has the
number of uploads that are neither in the trash nor tombstones, because counting a million of them
takes a second even in an index. Users created before `visible` existed lack it, or have it without
`exact`, until the sweep has counted their uploads. Until then, updates increment it anyway: a
number without `exact` is never used, and updates need no condition.

Call the methods that take a session in the transaction that changes the uploads themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pymongo
from pymongo import ASCENDING, IndexModel, UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession

from gql_api.adapters.mongo.database import Database, in_transaction
from gql_api.adapters.mongo.users import ENABLED, NO_LIMIT, signed_in
from gql_api.domain.accounts import SessionCheck
from gql_api.domain.errors import TOKEN_ENDED, Unauthenticated
from gql_api.domain.uploads import Upload, UploadStatus

Document = dict[str, Any]

_SUMS_KEYS = [(name, ASCENDING) for name in ("owner", "status", "_id", "size")]
SUMS_INDEX = IndexModel(_SUMS_KEYS)
"""Covers the sums over an owner's uploads: the server does not read the records."""

_OWNERS_PER_SUM = 50  # 1,000 owners with 3,000 records each took 22 s.
# No request waits for a sum; one over a million records takes 1.6 s of the server's processor time.
_SUM_SECONDS = 60
_COUNTING = [status.value for status in UploadStatus if status.counts]
_VISIBLE = [status.value for status in UploadStatus if status.visible]
_SUMMED = list({*_COUNTING, *_VISIBLE})


class OwnerDrafts(NamedTuple):
    """The drafts of one call, or of several calls by the same owner in the same session."""

    owner_id: str
    drafts: Sequence[Upload]
    quota_bytes: int | None
    quota_uploads: int | None = None
    session: SessionCheck | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """Calls with the same key may be merged."""
        session_id = None if self.session is None else self.session.session_id
        return self.owner_id, self.quota_bytes, self.quota_uploads, session_id

    @property
    def permission(self) -> Document:
        """The filter that matches the owner only while they may add uploads.

        The reservation includes it. If the session ends or the owner is disabled before the
        insertion, nothing is inserted.
        """
        if self.session is None:
            return {"_id": self.owner_id, "disabled": ENABLED}
        return signed_in(self.owner_id, self.session.session_id, self.session.at)


class Room(NamedTuple):
    """What is left of an owner's quota; `uploads` is None if their number has no limit."""

    bytes: int
    uploads: int | None


NO_ROOM = Room(0, None)


class MongoUsage:
    """Updates and reads the totals in the users' documents.

    `MongoInsertions` reserves quota with it, `MongoUploads` releases quota, `MongoListing` reads
    the number of visible uploads. The sweep corrects totals through the port `UsageBooks`.
    """

    def __init__(self, database: Database) -> None:
        self._client = database.client
        self._uploads = database["uploads"]
        self._users = database["users"]

    async def reserve(
        self, session: AsyncClientSession, owner: OwnerDrafts
    ) -> tuple[Sequence[Upload], Room]:
        """Reserve quota for the drafts that fit, in order.

        Returns these drafts and what is left. If all fit, it takes one round trip.

        Raises:
            Unauthenticated: the owner may no longer add uploads.
        """
        drafts = owner.drafts
        if await self._add(session, _has_room(owner), drafts):
            return drafts, NO_ROOM
        user = await self.get_permitted(owner, session)
        usage = user["usage"]
        available = max(0, user.get("quota_bytes", _limit(owner.quota_bytes)) - usage["bytes"])
        more = max(0, _limit(owner.quota_uploads) - usage["uploads"])
        accepted: list[Upload] = []
        for draft in drafts:
            if draft.size_bytes <= available and len(accepted) < more:
                accepted.append(draft)
                available -= draft.size_bytes
        if accepted:
            # No condition: the transaction has read the user's document, and an empty file fits
            # even where the usage exceeds the quota of bytes.
            await self._add(session, {"_id": owner.owner_id}, accepted)
        left = None if more == NO_LIMIT else int(more) - len(accepted)
        return accepted, Room(int(available), left)

    async def get_permitted(
        self, owner: OwnerDrafts, session: AsyncClientSession | None = None
    ) -> Document:
        """Return the owner's usage and quota.

        Raises:
            Unauthenticated: the owner may no longer add uploads.
        """
        user = await self._users.find_one(
            owner.permission, {"usage": 1, "quota_bytes": 1}, session=session
        )
        if user is None:
            raise Unauthenticated(TOKEN_ENDED)
        return user

    async def reserve_all(self, session: AsyncClientSession, owners: Sequence[OwnerDrafts]) -> bool:
        """Reserve quota for all drafts of all owners.

        Returns False if an owner's drafts do not fit, or an owner may no longer add uploads. The
        caller must then abort the transaction, because other owners' drafts are reserved.
        """
        updates = [UpdateOne(_has_room(owner), _addition(owner.drafts)) for owner in owners]
        result = await self._users.bulk_write(updates, ordered=False, session=session)
        return result.matched_count == len(owners)

    async def _add(
        self, session: AsyncClientSession, owner: Document, drafts: Sequence[Upload]
    ) -> bool:
        result = await self._users.update_one(owner, _addition(drafts), session=session)
        return result.matched_count == 1

    async def adjust(
        self, session: AsyncClientSession, changes: Sequence[tuple[Upload, UploadStatus]]
    ) -> None:
        """Update the owners' totals for these changes of status. None adds to the usage."""
        totals: dict[str, Counter[str]] = {}
        for upload, to in changes:
            more = totals.setdefault(upload.owner_id, Counter())
            if upload.status.counts and not to.counts:
                more.update({"usage.bytes": -upload.size_bytes, "usage.uploads": -1})
            if upload.status.visible and not to.visible:
                more.update({"visible.uploads": -1})
            if to.visible and not upload.status.visible:
                more.update({"visible.uploads": 1})
        updates = [UpdateOne({"_id": owner}, {"$inc": more}) for owner, more in totals.items()]
        await self._users.bulk_write(updates, session=session)

    async def visible(self, owner_id: str) -> int | None:
        """Return the number of the owner's visible uploads; None if it is not known yet."""
        user = await self._users.find_one({"_id": owner_id}, {"visible": 1})
        visible = user.get("visible") if user else None
        return int(visible["uploads"]) if visible and visible.get("exact") else None

    async def owner_ids(self, after: str, limit: int) -> Sequence[str]:
        """See `UsageBooks.owner_ids`."""
        found = self._users.find({"_id": {"$gt": after}}, {"_id": 1}).sort("_id").limit(limit)
        return [document["_id"] async for document in found]

    async def recompute(self, owner_ids: Sequence[str]) -> int:
        """See `UsageBooks.recompute`.

        Nearly all totals are right, so a check outside a transaction first finds the owners whose
        totals differ. Only these are summed again, each in a transaction, which conflicts and is
        retried if the totals change meanwhile.
        """
        corrected = 0
        for begin in range(0, len(owner_ids), _OWNERS_PER_SUM):
            for owner_id in await self._suspects(owner_ids[begin : begin + _OWNERS_PER_SUM]):
                corrected += await self._correct(owner_id)
        return corrected

    async def _suspects(self, owner_ids: Sequence[str]) -> Sequence[str]:
        """Return the owners whose stored totals differ from the sums over their uploads."""
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
            totals = (await self._sums([owner_id], session)).get(owner_id, _NOTHING)
            differs = [{name: {"$ne": value}} for name, value in totals.items()]
            result = await self._users.update_one(
                {"_id": owner_id, "$or": differs}, {"$set": totals}, session=session
            )
            return result.modified_count == 1

        return await in_transaction(self._client, correct, _SUM_SECONDS)

    async def _sums(
        self, owner_ids: Sequence[str], session: AsyncClientSession | None
    ) -> Mapping[str, Document]:
        """Return the correct totals of these owners; owners without uploads are left out."""
        counts = {"$in": ["$status", _COUNTING]}
        visible = {"$in": ["$status", _VISIBLE]}
        rows = await self._uploads.aggregate(
            [
                {"$match": {"owner": {"$in": list(owner_ids)}, "status": {"$in": _SUMMED}}},
                {
                    "$group": {
                        "_id": "$owner",
                        "bytes": {"$sum": {"$cond": [counts, "$size", 0]}},
                        "counting": {"$sum": {"$cond": [counts, 1, 0]}},
                        "visible": {"$sum": {"$cond": [visible, 1, 0]}},
                    }
                },
            ],
            session=session,
            hint=dict(_SUMS_KEYS),
        )
        return {
            row["_id"]: _totals(row["bytes"], row["counting"], row["visible"]) async for row in rows
        }


def _totals(size_bytes: int, counting: int, visible: int) -> Document:
    return {
        "usage": {"bytes": size_bytes, "uploads": counting},
        "visible": {"uploads": visible, "exact": True},
    }


_NOTHING = _totals(0, 0, 0)


def _has_room(owner: OwnerDrafts) -> Document:
    """Return the filter for the owner if they may have all drafts and the quotas have room.

    A quota of bytes in the user's document takes precedence over the service's.
    """
    total = sum(draft.size_bytes for draft in owner.drafts)
    quota = {"$ifNull": ["$quota_bytes", _limit(owner.quota_bytes)]}
    most = _limit(owner.quota_uploads) - len(owner.drafts)
    return {
        **owner.permission,
        "$expr": {"$lte": [{"$add": ["$usage.bytes", total]}, quota]},
        "usage.uploads": {"$lte": most},
    }


def _limit(quota: int | None) -> float:
    return NO_LIMIT if quota is None else quota


def _addition(drafts: Sequence[Upload]) -> Document:
    total, count = sum(draft.size_bytes for draft in drafts), len(drafts)
    return {"$inc": {"usage.bytes": total, "usage.uploads": count, "visible.uploads": count}}
