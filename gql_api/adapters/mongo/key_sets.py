"""Key sets of issuers in MongoDB: one document per issuer, with its public keys."""

from __future__ import annotations

from datetime import datetime

from pymongo.errors import DuplicateKeyError

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.users import text
from gql_api.domain.issuers import KeySet

KEY_SETS = "key_sets"


class MongoKeySets:
    """Implements `KeySetStore`."""

    def __init__(self, database: Database) -> None:
        self._key_sets = database[KEY_SETS]

    async def find(self, issuer: str) -> KeySet | None:
        """See `KeySetStore.find`."""
        found = await self._key_sets.find_one({"_id": text(issuer)})
        if found is None or "fetched_at" not in found:
            return None
        return KeySet({it["kid"]: it["key"] for it in found["keys"]}, found["fetched_at"])

    async def claim(self, issuer: str, now: datetime, since: datetime) -> bool:
        """See `KeySetStore.claim`. Of many processes at once, one succeeds."""
        try:
            await self._key_sets.update_one(
                {"_id": text(issuer), "asked_at": {"$not": {"$gt": since}}},
                {"$set": {"asked_at": now}},
                upsert=True,
            )
        except DuplicateKeyError:
            return False
        return True

    async def save(self, issuer: str, key_set: KeySet) -> None:
        """See `KeySetStore.save`. An id may have a dot, so it is no name of a field."""
        keys = [{"kid": kid, "key": dict(key)} for kid, key in key_set.keys.items()]
        await self._key_sets.update_one(
            {"_id": text(issuer), "fetched_at": {"$not": {"$gt": key_set.fetched_at}}},
            {"$set": {"keys": keys, "fetched_at": key_set.fetched_at}},
        )
