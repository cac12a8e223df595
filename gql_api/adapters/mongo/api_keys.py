"""API keys in MongoDB. Only hashes of their tokens are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from pymongo import IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection

from gql_api.adapters.mongo.database import Database, in_transaction
from gql_api.adapters.mongo.users import (
    USERS,
    enabled,
    enabled_owner,
    signed_in,
    text,
    user_from,
)
from gql_api.domain.accounts import ApiKey, ApiKeyScope, Viewer
from gql_api.domain.errors import Unauthenticated

API_KEYS = "api_keys"
INDEXES: Mapping[str, list[IndexModel]] = {
    API_KEYS: [
        IndexModel("token_hash", name="token_hash", unique=True),
        IndexModel([("owner_id", 1), ("slot", 1)], name="owner_id_slot", unique=True),
    ]
}
_NOTE_USE_EVERY = timedelta(minutes=1)

Keys: TypeAlias = AsyncCollection[dict[str, Any]]


class MongoApiKeys:
    """Stores API keys and finds them by the hash of their token.

    Each key takes one of its owner's slots, numbered from 0. A new key is inserted in a transaction
    that also writes the owner's document. So it conflicts with other insertions, and with all that
    ends the session that it is created with.
    """

    def __init__(self, database: Database) -> None:
        self._client = database.client
        self._api_keys = database[API_KEYS]
        self._users = database[USERS]

    async def insert(
        self,
        api_key: ApiKey,
        token: str,
        limit: int,
        *,
        session_id: str | None,
        verified_hash: str | None = None,
    ) -> bool:
        """See `ApiKeyStore.insert`."""
        creator = (
            enabled(api_key.owner_id)
            if session_id is None
            else signed_in(api_key.owner_id, session_id, api_key.created_at)
        )
        if verified_hash is not None:
            creator["password_hash"] = text(verified_hash)

        async def insert(session: AsyncClientSession) -> bool:
            # An update that changes nothing would not conflict with other transactions.
            changed = await self._users.update_one(
                creator, {"$inc": {"api_keys_created": 1}}, session=session
            )
            if changed.matched_count == 0:
                raise Unauthenticated("The token is no longer valid. Log in again.")
            slot = await self._free_slot(session, api_key.owner_id, limit)
            if slot is not None:
                await self._api_keys.insert_one(
                    {**_document(api_key), "token_hash": token, "slot": slot}, session=session
                )
            return slot is not None

        return await in_transaction(self._client, insert)

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
        fields = {"user": 1, "last_used_at": 1, "scope": 1}
        stages = [{"$match": live}, *enabled_owner("owner_id"), {"$project": fields}]
        async with await self._api_keys.aggregate(stages) as rows:
            async for row in rows:
                await note_use(self._api_keys, row, now)
                return Viewer(user_from(row["user"]), api_key_id=row["_id"], scope=_scope(row))
        return None

    async def _free_slot(
        self, session: AsyncClientSession, owner_id: str, limit: int
    ) -> int | None:
        rows = self._api_keys.find(
            {"owner_id": text(owner_id)}, {"_id": 0, "slot": 1}, session=session
        )
        taken = {row["slot"] async for row in rows}
        return next((slot for slot in range(limit) if slot not in taken), None)


async def note_use(
    keys: AsyncCollection[dict[str, Any]], row: Mapping[str, Any], now: datetime
) -> None:
    """Record that a key was used, at most once per minute."""
    noted: datetime | None = row["last_used_at"]
    if noted is None or now - noted >= _NOTE_USE_EVERY:
        # The condition on the old value lets only one of several concurrent requests write, and
        # never replaces a later time with an earlier one.
        await keys.update_one(
            {"_id": row["_id"], "last_used_at": noted}, {"$set": {"last_used_at": now}}
        )


def _later_than(now: datetime) -> dict[str, Any]:
    return {"expires_at": {"$gt": now}}


def _document(api_key: ApiKey) -> dict[str, Any]:
    fields = api_key._asdict()
    return {"_id": fields.pop("id"), **fields, "scope": api_key.scope.value}


def _scope(document: Mapping[str, Any]) -> ApiKeyScope:
    """Return the scope of a key; those of earlier releases have none and may do everything."""
    return ApiKeyScope(document.get("scope", ApiKeyScope.ALL))


def _api_key_from(document: Mapping[str, Any]) -> ApiKey:
    return ApiKey(
        id=document["_id"],
        owner_id=document["owner_id"],
        name=document["name"],
        created_at=document["created_at"],
        expires_at=document["expires_at"],
        last_used_at=document["last_used_at"],
        scope=_scope(document),
    )
