"""Counters of attempts and requests, and records of successes, shared by all processes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pymongo import IndexModel, ReturnDocument

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.users import text

ATTEMPTS = "attempts"
INDEXES: Mapping[str, list[IndexModel]] = {
    ATTEMPTS: [IndexModel("expires_at", name="expires_at", expireAfterSeconds=0)]
}
WINDOW = timedelta(hours=1)
SUCCESS_WINDOW = timedelta(minutes=15)
BLOCK_MAX_SECONDS = 15 * 60
REMEMBERED_FOR = timedelta(days=90)
MINUTE = timedelta(minutes=1)


class MongoAttempts:
    """Counts attempts and successes per key, and requests per user and minute.

    A counter of attempts restarts from zero one hour after its first attempt, a counter of
    successes after 15 minutes.
    """

    def __init__(self, database: Database) -> None:
        self._attempts = database[ATTEMPTS]

    async def begin(self, key: str, now: datetime, free: int) -> int:
        """Count an attempt and return 0; if the key is blocked, return the seconds left instead.

        The `free`-th attempt blocks the key for one second, and each further attempt for twice as
        long as the one before, up to 15 minutes. One atomic update both checks and counts; the
        document before the update shows whether this attempt was counted.
        """
        before = await self._attempts.find_one_and_update(
            {"_id": text(key)},
            _count(now, free),
            upsert=True,
            return_document=ReturnDocument.BEFORE,
        )
        return _seconds_until(before["blocked_until"] if before else None, now)

    async def take_back(self, key: str, began_at: datetime) -> None:
        """Undo the attempt that began at `began_at`, including a block that it caused.

        A block that another attempt caused remains. Otherwise, an attacker with an account could
        log in to remove the blocks that their guesses at other accounts' passwords caused.
        """
        own_block = {"$eq": ["$blocked_at", began_at]}
        await self._attempts.update_one(
            {"_id": text(key), "count": {"$gt": 0}},
            [
                {
                    "$set": {
                        "count": {"$subtract": ["$count", 1]},
                        "blocked_until": {"$cond": [own_block, None, "$blocked_until"]},
                    }
                }
            ],
        )

    async def clear(self, key: str) -> None:
        """See `AttemptStore.clear`."""
        await self._attempts.delete_one({"_id": text(key)})

    async def succeed(self, key: str, now: datetime, most: int) -> int:
        """See `AttemptStore.succeed`."""
        live = {"$gt": ["$expires_at", now]}
        after = await self._attempts.find_one_and_update(
            {"_id": text(key)},
            [
                {
                    "$set": {
                        "count": {"$add": [{"$cond": [live, "$count", 0]}, 1]},
                        "expires_at": {"$cond": [live, "$expires_at", now + SUCCESS_WINDOW]},
                    }
                }
            ],
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        if after is None or after["count"] <= most:
            return 0
        return _seconds_until(after["expires_at"], now)

    async def wait(self, key: str, now: datetime, most: int) -> int:
        """See `AttemptStore.wait`."""
        found = await self._attempts.find_one({"_id": text(key), "count": {"$gte": most}})
        return _seconds_until(found["expires_at"] if found else None, now)

    async def remember(self, key: str, now: datetime) -> None:
        """See `AttemptStore.remember`."""
        await self._attempts.update_one(
            {"_id": text(key)}, {"$set": {"expires_at": now + REMEMBERED_FOR}}, upsert=True
        )

    async def remembers(self, key: str, now: datetime) -> bool:
        """See `AttemptStore.remembers`."""
        found = await self._attempts.find_one({"_id": text(key), "expires_at": {"$gt": now}})
        return found is not None

    async def add(self, user_id: str, minute: datetime, count: int) -> int:
        """See `RequestCounters.add`."""
        after = await self._attempts.find_one_and_update(
            {"_id": f"requests {text(user_id)} {minute:%Y-%m-%dT%H:%M}"},
            {"$inc": {"count": count}, "$setOnInsert": {"expires_at": minute + MINUTE}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        return int(after["count"]) if after else count


def _seconds_until(at: datetime | None, now: datetime) -> int:
    return 0 if at is None or at <= now else math.ceil((at - now).total_seconds())


def _count(now: datetime, free: int) -> list[dict[str, Any]]:
    """Return the update that counts an attempt.

    It checks for expiry itself, because MongoDB's TTL monitor removes documents late.
    """
    live = {"$gt": ["$expires_at", now]}
    blocked = {"$gt": ["$blocked_until", now]}
    doublings = {"$min": [{"$subtract": ["$count", free]}, 30]}
    seconds = {"$min": [{"$pow": [2, doublings]}, BLOCK_MAX_SECONDS]}
    block = {"$add": [now, {"$multiply": [seconds, 1000]}]}
    too_many = {"$gte": ["$count", free]}
    begins_block = {"$and": [too_many, {"$eq": ["$blocked_until", None]}]}
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
                        {"$cond": [too_many, block, None]},
                    ]
                },
                "blocked_at": {"$cond": [begins_block, now, "$blocked_at"]},
            }
        },
        # Keep the document until its block ends.
        {"$set": {"expires_at": {"$max": ["$expires_at", "$blocked_until"]}}},
    ]
