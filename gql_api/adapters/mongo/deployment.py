"""The deployment's record in MongoDB: one document."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pymongo import ReturnDocument

from gql_api.adapters.mongo.database import Database
from gql_api.domain.deployment import Deployment, StoreTraits

_ID = "deployment"


class MongoDeployments:
    """Implements `Deployments`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._records = database["deployment"]

    async def read(self) -> Deployment:
        """See `Deployments.read`."""
        found = await self._records.find_one({"_id": _ID}) or {}
        return Deployment(
            release=int(found.get("release", 0)),
            identity=found.get("identity"),
            traits=_traits(found.get("traits")),
            next_identity=found.get("next_identity"),
            renewed_at=found.get("renewed_at"),
        )

    async def record_release(self, release: int) -> None:
        """See `Deployments.record_release`."""
        await self._records.update_one({"_id": _ID}, {"$max": {"release": release}}, upsert=True)

    async def record_traits(self, traits: StoreTraits) -> None:
        """See `Deployments.record_traits`."""
        await self._records.update_one(
            {"_id": _ID}, {"$set": {"traits": traits._asdict()}}, upsert=True
        )

    async def claim_identity(self, identity: str) -> str:
        """See `Deployments.claim_identity`."""
        await self._records.update_one(
            {"_id": _ID},
            [{"$set": {"identity": {"$ifNull": ["$identity", identity]}}}],
            upsert=True,
        )
        return (await self.read()).identity or identity

    async def replace_identity(self, identity: str) -> None:
        """See `Deployments.replace_identity`."""
        await self._records.update_one(
            {"_id": _ID},
            {"$set": {"identity": identity}, "$unset": {"next_identity": "", "renewed_at": ""}},
            upsert=True,
        )

    async def begin_renewal(self, identity: str, next_identity: str) -> str | None:
        """See `Deployments.begin_renewal`."""
        found = await self._records.find_one_and_update(
            {"_id": _ID, "identity": identity},
            [{"$set": {"next_identity": {"$ifNull": ["$next_identity", next_identity]}}}],
            return_document=ReturnDocument.AFTER,
        )
        return str(found["next_identity"]) if found else None

    async def finish_renewal(self, next_identity: str, at: datetime) -> None:
        """See `Deployments.finish_renewal`."""
        await self._records.update_one(
            {"_id": _ID, "next_identity": next_identity},
            {
                "$set": {"identity": next_identity, "renewed_at": at},
                "$unset": {"next_identity": ""},
            },
        )

    async def is_unused(self) -> bool:
        """See `Deployments.is_unused`."""
        for name in ("users", "uploads"):
            if await self._database[name].find_one({}, {"_id": 1}) is not None:
                return False
        return True


def _traits(recorded: dict[str, Any] | None) -> StoreTraits | None:
    """Return the recorded traits; None if an older release recorded only some of them."""
    if recorded is None or not recorded.keys() >= set(StoreTraits._fields):
        return None
    return StoreTraits(**{name: bool(recorded[name]) for name in StoreTraits._fields})
