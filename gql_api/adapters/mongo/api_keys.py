"""API keys in MongoDB. Only hashes of their tokens are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.users import enabled_owner, text, user_from
from gql_api.domain.accounts import ApiKey, Viewer

API_KEYS = "api_keys"
INDEXES: Mapping[str, list[IndexModel]] = {
    API_KEYS: [
        IndexModel("token_hash", name="token_hash", unique=True),
        IndexModel([("owner_id", 1), ("slot", 1)], name="owner_id_slot", unique=True),
    ]
}
_NOTE_USE_EVERY = timedelta(minutes=1)


class MongoApiKeys:
    """Stores API keys and finds them by the hash of their token.

    Each key takes one of its owner's slots, numbered from 0. A unique index over owner and slot
    enforces the limit under concurrent insertions without a transaction.
    """

    def __init__(self, database: Database) -> None:
        self._api_keys = database[API_KEYS]

    async def insert(self, api_key: ApiKey, token: str, limit: int) -> bool:
        """See `ApiKeyStore.insert`."""
        document: dict[str, Any] = {
            "_id": api_key.id,
            "owner_id": api_key.owner_id,
            "token_hash": token,
            "name": api_key.name,
            "created_at": api_key.created_at,
            "expires_at": api_key.expires_at,
            "last_used_at": api_key.last_used_at,
        }
        while (slot := await self._free_slot(api_key.owner_id, limit)) is not None:
            try:
                await self._api_keys.insert_one({**document, "slot": slot})
            except DuplicateKeyError as error:
                if "slot" not in (error.details or {}).get("keyPattern", {}):
                    raise
                # A concurrent insertion took the slot. Retry with the next free slot; this ends,
                # because each round leaves one slot fewer.
                continue
            return True
        return False

    async def list(self, owner_id: str) -> Sequence[ApiKey]:
        """Return the owner's keys, newest first. They are few, so they are sorted here."""
        rows = await self._api_keys.find({"owner_id": text(owner_id)}).to_list()
        return sorted(map(_api_key_from, rows), key=lambda api_key: api_key.id, reverse=True)

    async def delete(self, owner_id: str, api_key_id: str) -> bool:
        """See `ApiKeyStore.delete`."""
        result = await self._api_keys.delete_one(
            {"_id": text(api_key_id), "owner_id": text(owner_id)}
        )
        return result.deleted_count == 1

    async def delete_all(self, owner_id: str) -> int:
        """See `ApiKeyStore.delete_all`."""
        result = await self._api_keys.delete_many({"owner_id": text(owner_id)})
        return result.deleted_count

    async def find_viewer(self, token: str, now: datetime) -> Viewer | None:
        """See `ApiKeyStore.find_viewer`."""
        live = {"token_hash": text(token), "$or": [{"expires_at": None}, _later_than(now)]}
        fields = {"user": 1, "last_used_at": 1}
        stages = [{"$match": live}, *enabled_owner("owner_id"), {"$project": fields}]
        async with await self._api_keys.aggregate(stages) as rows:
            async for row in rows:
                await self._note_use(row["_id"], row["last_used_at"], now)
                return Viewer(user_from(row["user"]), api_key_id=row["_id"])
        return None

    async def _note_use(self, api_key_id: str, noted: datetime | None, now: datetime) -> None:
        if noted is None or now - noted >= _NOTE_USE_EVERY:
            # The condition on the old value lets only one of several concurrent requests write,
            # and never replaces a later time with an earlier one.
            await self._api_keys.update_one(
                {"_id": text(api_key_id), "last_used_at": noted}, {"$set": {"last_used_at": now}}
            )

    async def _free_slot(self, owner_id: str, limit: int) -> int | None:
        rows = self._api_keys.find({"owner_id": text(owner_id)}, {"_id": 0, "slot": 1})
        taken = {row["slot"] async for row in rows}
        return next((slot for slot in range(limit) if slot not in taken), None)


def _later_than(now: datetime) -> dict[str, Any]:
    return {"expires_at": {"$gt": now}}


def _api_key_from(document: Mapping[str, Any]) -> ApiKey:
    return ApiKey(
        id=document["_id"],
        owner_id=document["owner_id"],
        name=document["name"],
        created_at=document["created_at"],
        expires_at=document["expires_at"],
        last_used_at=document["last_used_at"],
    )
