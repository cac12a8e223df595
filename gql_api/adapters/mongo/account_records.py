"""Reads and changes the documents of users for operators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pymongo

from gql_api.adapters.mongo.database import REPORT_SECONDS, Database
from gql_api.adapters.mongo.sessions import LIVENESS, NO_SESSIONS, live_count
from gql_api.adapters.mongo.users import (
    NO_LIMIT,
    USER_FIELDS,
    USERS,
    identity_filter,
    text,
    user_from,
)
from gql_api.domain.accounts import Identity, Quota, User, fold_username


class MongoAccountRecords:
    """Implements `AccountRecords`."""

    def __init__(self, database: Database) -> None:
        self._users = database[USERS]

    async def find(self, name: str | Identity) -> User | None:
        """See `AccountRecords.find`."""
        named = (
            identity_filter(name)
            if isinstance(name, Identity)
            else {"username_folded": text(fold_username(name))}
        )
        document = await self._users.find_one(named, USER_FIELDS)
        return None if document is None else user_from(document)

    async def largest(self, limit: int) -> Sequence[User]:
        """See `AccountRecords.largest`.

        The usage has no index, because only this report needs it. The server reads all users, which
        takes about a second per million.
        """
        with pymongo.timeout(REPORT_SECONDS):
            found = self._users.find({}, USER_FIELDS).sort({"usage.bytes": -1, "_id": 1})
            return [user_from(document) async for document in found.limit(limit)]

    async def disable(self, user_id: str, now: datetime) -> int:
        """See `AccountRecords.disable`."""
        return await self._set_and_end_sessions(user_id, {"disabled": True}, now)

    async def enable(self, user_id: str) -> None:
        """See `AccountRecords.enable`."""
        await self._set(user_id, {"disabled": False})

    async def reset_password(self, user_id: str, password_hash: str, now: datetime) -> int:
        """See `AccountRecords.reset_password`."""
        return await self._set_and_end_sessions(user_id, {"password_hash": password_hash}, now)

    async def set_quota(self, user_id: str, quota: Quota | None) -> None:
        """See `AccountRecords.set_quota`."""
        if quota is None:
            await self._users.update_one({"_id": text(user_id)}, {"$unset": {"quota_bytes": ""}})
        else:
            quota_bytes = NO_LIMIT if quota.bytes is None else quota.bytes
            await self._set(user_id, {"quota_bytes": quota_bytes})

    async def delete_empty(self, user_id: str) -> bool:
        """See `AccountRecords.delete_empty`.

        A concurrent request for an upload adds to the user's totals in its transaction. So it
        either prevents the deletion, or fails because the user is gone.
        """
        empty = {"usage.uploads": 0, "visible.uploads": 0, "disabled": True}
        result = await self._users.delete_one({"_id": text(user_id), **empty})
        return result.deleted_count == 1

    async def _set_and_end_sessions(
        self, user_id: str, fields: dict[str, Any], now: datetime
    ) -> int:
        """Do both in one update, so that no session begins between the two."""
        before = await self._users.find_one_and_update(
            {"_id": text(user_id)}, {"$set": {**fields, **NO_SESSIONS}}, LIVENESS
        )
        return live_count(before, now)

    async def _set(self, user_id: str, fields: dict[str, Any]) -> None:
        await self._users.update_one({"_id": text(user_id)}, {"$set": fields})
