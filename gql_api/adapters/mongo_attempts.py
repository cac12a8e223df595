"""Counters of attempts in MongoDB, shared by all processes of the service."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pymongo import IndexModel, ReturnDocument

from gql_api.adapters.mongo import Database
from gql_api.adapters.mongo_users import text

ATTEMPTS = "attempts"
INDEXES: Mapping[str, list[IndexModel]] = {
    ATTEMPTS: [IndexModel("expires_at", name="expires_at", expireAfterSeconds=0)]
}
WINDOW = timedelta(hours=1)
BLOCK_MAX_SECONDS = 15 * 60


class MongoAttempts:
    """Counts attempts by key. A counter begins anew an hour after its first attempt."""

    def __init__(self, database: Database) -> None:
        self._attempts = database[ATTEMPTS]

    async def begin(self, key: str, now: datetime, free: int) -> int:
        """Count an attempt, unless the key is blocked; for how many seconds it is, 0 for not.

        The `free`-th attempt blocks the key for a second, each further one for twice as long, up
        to 15 minutes. Counting and asking are one atomic update: what the key was before tells
        whether this attempt was counted.
        """
        before = await self._attempts.find_one_and_update(
            {"_id": text(key)},
            _count(now, free),
            upsert=True,
            return_document=ReturnDocument.BEFORE,
        )
        blocked_until: datetime | None = before["blocked_until"] if before else None
        if blocked_until is None or blocked_until <= now:
            return 0
        return math.ceil((blocked_until - now).total_seconds())

    async def take_back(self, key: str) -> None:
        """Uncount one attempt, which has succeeded, and the block that it caused."""
        await self._attempts.update_one(
            {"_id": text(key), "count": {"$gt": 0}},
            {"$inc": {"count": -1}, "$set": {"blocked_until": None}},
        )

    async def clear(self, key: str) -> None:
        """Forget all attempts."""
        await self._attempts.delete_one({"_id": text(key)})


def _count(now: datetime, free: int) -> list[dict[str, Any]]:
    """The update that counts an attempt. MongoDB's TTL monitor is slow, so expiry is checked."""
    live = {"$gt": ["$expires_at", now]}
    blocked = {"$gt": ["$blocked_until", now]}
    doublings = {"$min": [{"$subtract": ["$count", free]}, 30]}
    seconds = {"$min": [{"$pow": [2, doublings]}, BLOCK_MAX_SECONDS]}
    block = {"$add": [now, {"$multiply": [seconds, 1000]}]}
    return [
        {
            "$set": {
                "count": {"$cond": [live, "$count", 0]},
                "expires_at": {"$cond": [live, "$expires_at", now + WINDOW]},
                "blocked_until": {"$cond": [blocked, "$blocked_until", None]},
            }
        },
        {"$set": {"count": {"$add": ["$count", {"$cond": ["$blocked_until", 0, 1]}]}}},
        {
            "$set": {
                "blocked_until": {
                    "$ifNull": [
                        "$blocked_until",
                        {"$cond": [{"$gte": ["$count", free]}, block, None]},
                    ]
                }
            }
        },
        # A block is never forgotten before its time.
        {"$set": {"expires_at": {"$max": ["$expires_at", "$blocked_until"]}}},
    ]
