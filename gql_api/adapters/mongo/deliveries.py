"""Deliveries in MongoDB: one document for each event and webhook, whose ids are its `_id`.

Every command but those of operators names the webhook, so that the collection can be sharded by it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import pymongo
from pymongo import ASCENDING, DESCENDING, IndexModel, UpdateMany, UpdateOne
from pymongo.errors import BulkWriteError

from gql_api.adapters.mongo.database import REPORT_SECONDS, Database
from gql_api.domain.deliveries import Delivery, DeliveryState

Document = dict[str, Any]

DELIVERIES = "deliveries"
_PENDING: Document = {"state": DeliveryState.PENDING.value}
_DONE = [it.value for it in DeliveryState if it is not DeliveryState.PENDING]
# Deliveries of the same upload may be due without being sent, so more are read than are wanted.
_LOOK_AHEAD = 10
_DUPLICATE_KEY = 11000

INDEXES: Mapping[str, list[IndexModel]] = {
    DELIVERIES: [
        # These two have an entry for each delivery that is not done.
        IndexModel(
            [("webhook", ASCENDING), ("next_at", ASCENDING)],
            name="due",
            partialFilterExpression=_PENDING,
        ),
        IndexModel(
            [("webhook", ASCENDING), ("upload", ASCENDING), ("version", ASCENDING)],
            name="order",
            partialFilterExpression=_PENDING,
        ),
        IndexModel(
            [("webhook", ASCENDING), ("state", ASCENDING), ("at", DESCENDING)], name="webhook_state"
        ),
        IndexModel([("state", ASCENDING), ("at", DESCENDING)], name="state"),
        IndexModel("expires_at", name="expires_at", expireAfterSeconds=0),
    ]
}


class MongoDeliveries:
    """Implements `DeliveryStore`."""

    def __init__(self, database: Database) -> None:
        self._deliveries = database[DELIVERIES]

    async def insert(self, deliveries: Sequence[Delivery]) -> None:
        """See `DeliveryStore.insert`. The order holds for readers, because writes are in order."""
        remaining = [
            UpdateOne(_one(it), {"$setOnInsert": _document(it)}, upsert=True) for it in deliveries
        ]
        while remaining:
            try:
                await self._deliveries.bulk_write(remaining)
                return
            except BulkWriteError as error:
                # Another process inserted the same at the same moment.
                [failed] = error.details["writeErrors"]
                if failed["code"] != _DUPLICATE_KEY:
                    raise
                remaining = remaining[failed["index"] + 1 :]

    async def claim(
        self, webhook_id: str, now: datetime, limit: int, until: datetime
    ) -> Sequence[Delivery]:
        """See `DeliveryStore.claim`. Takes four round trips; one if none is due."""
        due: Document = {"webhook": webhook_id, **_PENDING, "next_at": {"$lte": now}}
        claim = uuid.uuid4().hex
        while uploads := await self._uploads_due(due, limit * _LOOK_AHEAD):
            heads = await self._earliest(webhook_id, uploads)
            await self._defer(due, heads, now)
            ids = [head["_id"] for head in heads if head["next_at"] <= now][:limit]
            won = due | {"_id": {"$in": ids}}
            change = {"$set": {"claim": claim, "next_at": until}, "$inc": {"attempts": 1}}
            if ids and (await self._deliveries.update_many(won, change)).modified_count:
                found = self._deliveries.find(
                    {"webhook": webhook_id, "_id": {"$in": ids}, "claim": claim}
                )
                return [_delivery(row) async for row in found]
        return []

    async def _uploads_due(self, due: Document, limit: int) -> list[str]:
        found = self._deliveries.find(due, {"upload": 1}).sort("next_at").limit(limit)
        return list(dict.fromkeys([row["upload"] async for row in found]))

    async def _earliest(self, webhook_id: str, uploads: Sequence[str]) -> Sequence[Document]:
        """Return the earliest pending version of each upload, in the order of `uploads`."""
        stages: list[Document] = [
            {"$match": {"webhook": webhook_id, "upload": {"$in": uploads}, **_PENDING}},
            {"$sort": {"upload": 1, "version": 1}},
            {
                "$group": {
                    "_id": "$upload",
                    "delivery": {"$first": "$_id"},
                    "version": {"$first": "$version"},
                    "next_at": {"$first": "$next_at"},
                }
            },
        ]
        heads = {row["_id"]: row async for row in await self._deliveries.aggregate(stages)}
        return [
            {**heads[upload], "upload": upload, "_id": heads[upload]["delivery"]}
            for upload in uploads
            if upload in heads
        ]

    async def _defer(self, due: Document, heads: Sequence[Document], now: datetime) -> None:
        """Let later versions wait for the earliest one, so that they are not read each time."""
        deferred = [
            UpdateMany(
                due | {"upload": head["upload"], "version": {"$gt": head["version"]}},
                {"$set": {"next_at": head["next_at"]}},
            )
            for head in heads
            if head["next_at"] > now
        ]
        if deferred:
            await self._deliveries.bulk_write(deferred, ordered=False)

    async def finish(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        at: datetime,
        error: str | None = None,
        expires_at: datetime,
    ) -> bool:
        """See `DeliveryStore.finish`.

        If it dies between the two updates, the next version waits for the end of the claim.
        """
        values = {"state": state.value, "done_at": at, "error": error, "expires_at": expires_at}
        if not await self._change(delivery, values):
            return False
        await self._hurry({"webhook": delivery.webhook_id, "upload": delivery.upload_id}, at)
        return True

    async def retry(self, delivery: Delivery, *, next_at: datetime, error: str) -> bool:
        """See `DeliveryStore.retry`."""
        return await self._change(delivery, {"next_at": next_at, "error": error})

    async def _change(self, delivery: Delivery, values: Document) -> bool:
        result = await self._deliveries.update_one(
            _one(delivery) | _PENDING | {"claim": delivery.claim},
            {"$set": values, "$unset": {"claim": ""}},
        )
        return result.matched_count == 1

    async def bury(
        self, webhook_id: str, now: datetime, *, error: str, expires_at: datetime
    ) -> int:
        """See `DeliveryStore.bury`."""
        result = await self._deliveries.update_many(
            {
                "webhook": webhook_id,
                **_PENDING,
                "next_at": {"$lte": now},
                "give_up_at": {"$lte": now},
            },
            {
                "$set": {
                    "state": DeliveryState.DEAD.value,
                    "done_at": now,
                    "error": error,
                    "expires_at": expires_at,
                },
                "$unset": {"claim": ""},
            },
        )
        return result.modified_count

    async def list(
        self, states: Collection[DeliveryState], webhook_id: str | None, limit: int
    ) -> Sequence[Delivery]:
        """See `DeliveryStore.list`."""
        query: Document = {} if webhook_id is None else {"webhook": webhook_id}
        query["state"] = {"$in": [it.value for it in states]}
        with pymongo.timeout(REPORT_SECONDS):
            found = self._deliveries.find(query).sort("at", DESCENDING).limit(limit)
            return [_delivery(row) async for row in found]

    async def redeliver(self, ids: Sequence[str], now: datetime, give_up_at: datetime) -> int:
        """See `DeliveryStore.redeliver`."""
        chosen: Document = {"_id": {"$in": [*ids]}}
        await self._hurry(chosen, now)
        await self._again(chosen, now, give_up_at)
        return await self._deliveries.count_documents(chosen)

    async def hurry(self, webhook_id: str, now: datetime) -> int:
        """See `DeliveryStore.hurry`."""
        with pymongo.timeout(REPORT_SECONDS):
            return await self._hurry({"webhook": webhook_id}, now)

    async def _hurry(self, query: Document, now: datetime) -> int:
        """Make deliveries due that wait for their time, but not those that are being sent."""
        waiting = query | _PENDING | {"claim": None, "next_at": {"$gt": now}}
        return (
            await self._deliveries.update_many(waiting, {"$set": {"next_at": now}})
        ).modified_count

    async def replay(
        self, webhook_id: str, since: datetime, now: datetime, give_up_at: datetime
    ) -> int:
        """See `DeliveryStore.replay`."""
        return await self._again({"webhook": webhook_id, "at": {"$gte": since}}, now, give_up_at)

    async def _again(self, query: Document, now: datetime, give_up_at: datetime) -> int:
        """Make deliveries PENDING that were done."""
        with pymongo.timeout(REPORT_SECONDS):
            result = await self._deliveries.update_many(
                query | {"state": {"$in": _DONE}},
                {
                    "$set": {**_PENDING, "next_at": now, "give_up_at": give_up_at, "attempts": 0},
                    "$unset": {"done_at": "", "expires_at": "", "error": ""},
                },
            )
        return result.modified_count

    async def delete_all(self, webhook_id: str) -> None:
        """See `DeliveryStore.delete_all`."""
        with pymongo.timeout(REPORT_SECONDS):
            await self._deliveries.delete_many({"webhook": webhook_id})


def _one(delivery: Delivery) -> Document:
    """Return the filter for a delivery."""
    return {"_id": delivery.id, "webhook": delivery.webhook_id}


def _document(delivery: Delivery) -> Document:
    """Return the fields of a new delivery, without those in `_one`."""
    fields = delivery._asdict()
    fields["event"], fields["upload"] = fields.pop("event_id"), fields.pop("upload_id")
    fields["state"] = delivery.state.value
    names = fields.keys() - {"id", "webhook_id"}
    return {name: fields[name] for name in names if fields[name] is not None}


def _delivery(document: Document) -> Delivery:
    return Delivery(
        id=document["_id"],
        webhook_id=document["webhook"],
        event_id=document["event"],
        upload_id=document["upload"],
        version=document["version"],
        type=document["type"],
        payload=document["payload"],
        at=document["at"],
        give_up_at=document["give_up_at"],
        next_at=document["next_at"],
        state=DeliveryState(document["state"]),
        attempts=document["attempts"],
        claim=document.get("claim"),
        error=document.get("error"),
        done_at=document.get("done_at"),
    )
