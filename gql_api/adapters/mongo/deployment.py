"""The deployment's record in MongoDB: one document."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from gql_api.adapters.mongo.database import Database
from gql_api.domain.deployment import Deployment, StoreTraits

_ID = "deployment"
_TRAITS = tuple(field.name for field in fields(StoreTraits))


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
        )

    async def record_release(self, release: int) -> None:
        """See `Deployments.record_release`."""
        await self._records.update_one({"_id": _ID}, {"$max": {"release": release}}, upsert=True)

    async def record_traits(self, traits: StoreTraits) -> None:
        """See `Deployments.record_traits`."""
        await self._set("traits", asdict(traits))

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
        await self._set("identity", identity)

    async def is_unused(self) -> bool:
        """See `Deployments.is_unused`."""
        for name in ("users", "uploads"):
            if await self._database[name].find_one({}, {"_id": 1}) is not None:
                return False
        return True

    async def _set(self, name: str, value: object) -> None:
        await self._records.update_one({"_id": _ID}, {"$set": {name: value}}, upsert=True)


def _traits(recorded: dict[str, Any] | None) -> StoreTraits | None:
    """Return the recorded traits; None if an older release did not look at all of them."""
    if recorded is None or not recorded.keys() >= set(_TRAITS):
        return None
    return StoreTraits(**{name: bool(recorded[name]) for name in _TRAITS})
