"""Operators' keys in MongoDB. Only hashes of their tokens are stored.

They are in a collection of their own, so that none of them is ever taken for a user's key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import IndexModel

from gql_api.adapters.mongo.api_keys import note_use
from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.users import text
from gql_api.domain.operator_keys import OperatorKey

OPERATOR_KEYS = "operator_keys"
INDEXES: Mapping[str, list[IndexModel]] = {
    OPERATOR_KEYS: [IndexModel("token_hash", name="token_hash", unique=True)]
}


class MongoOperatorKeys:
    """Implements `OperatorKeyStore`."""

    def __init__(self, database: Database) -> None:
        self._keys = database[OPERATOR_KEYS]

    async def insert(self, key: OperatorKey, token: str) -> None:
        """See `OperatorKeyStore.insert`."""
        fields = key._asdict()
        await self._keys.insert_one({"_id": fields.pop("id"), **fields, "token_hash": text(token)})

    async def list(self) -> Sequence[OperatorKey]:
        """See `OperatorKeyStore.list`. There are few."""
        rows = await self._keys.find({}).to_list()
        return sorted(map(_key_from, rows), key=lambda key: key.id, reverse=True)

    async def delete(self, key_id: str) -> bool:
        """See `OperatorKeyStore.delete`."""
        return (await self._keys.delete_one({"_id": text(key_id)})).deleted_count == 1

    async def find(self, token: str, now: datetime) -> OperatorKey | None:
        """See `OperatorKeyStore.find`."""
        row = await self._keys.find_one({"token_hash": text(token)})
        if row is None:
            return None
        await note_use(self._keys, row, now)
        return _key_from(row)


def _key_from(row: Mapping[str, Any]) -> OperatorKey:
    return OperatorKey(
        id=row["_id"],
        name=row["name"],
        issuer=row["issuer"],
        created_at=row["created_at"],
        last_used_at=row["last_used_at"],
    )
