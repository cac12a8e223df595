"""Webhooks in MongoDB: one document each, with its secrets, which must be readable to sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.users import USERS, text
from gql_api.domain.upload_events import UploadEventType
from gql_api.domain.webhooks import SigningSecret, Webhook

Document = dict[str, Any]

WEBHOOKS = "webhooks"
INDEXES: Mapping[str, list[IndexModel]] = {WEBHOOKS: [IndexModel("url", name="url", unique=True)]}

_EVENTS = {event.name: event for event in UploadEventType}


class MongoWebhooks:
    """Implements `WebhookStore`."""

    def __init__(self, database: Database) -> None:
        self._webhooks = database[WEBHOOKS]

    async def list(self) -> Sequence[Webhook]:
        """See `WebhookStore.list`. Reads the whole collection, which has few documents."""
        return [_webhook(row) async for row in self._webhooks.find({}).sort("_id")]

    async def find(self, webhook_id: str) -> Webhook | None:
        """See `WebhookStore.find`."""
        found = await self._webhooks.find_one({"_id": text(webhook_id)})
        return None if found is None else _webhook(found)

    async def insert(self, webhook: Webhook) -> bool:
        """See `WebhookStore.insert`."""
        try:
            await self._webhooks.insert_one(
                {
                    "_id": webhook.id,
                    "url": webhook.url,
                    "events": sorted(event.name for event in webhook.events),
                    "secrets": _secrets(webhook.secrets),
                    "created_at": webhook.created_at,
                    "disabled": webhook.disabled,
                }
            )
        except DuplicateKeyError:
            return False
        return True

    async def replace_secrets(self, webhook: Webhook, before: Sequence[SigningSecret]) -> bool:
        """See `WebhookStore.replace_secrets`."""
        result = await self._webhooks.update_one(
            {"_id": text(webhook.id), "secrets": _secrets(before)},
            {"$set": {"secrets": _secrets(webhook.secrets)}},
        )
        return result.matched_count == 1

    async def set_disabled(self, webhook_id: str, reason: str | None) -> bool:
        """See `WebhookStore.set_disabled`."""
        result = await self._webhooks.update_one(
            {"_id": text(webhook_id)}, {"$set": {"disabled": reason}}
        )
        return result.matched_count == 1

    async def delete(self, webhook_id: str) -> bool:
        """See `WebhookStore.delete`."""
        return (await self._webhooks.delete_one({"_id": text(webhook_id)})).deleted_count == 1


class MongoExternalIds:
    """Implements `ExternalIds`."""

    def __init__(self, database: Database) -> None:
        self._users = database[USERS]

    async def of(self, owner_ids: Sequence[str]) -> Mapping[str, str]:
        """See `ExternalIds.of`."""
        users = {"_id": {"$in": [*map(text, owner_ids)]}}
        found = self._users.find(users, {"identity.subject": 1})
        return {row["_id"]: row["identity"]["subject"] async for row in found if "identity" in row}


def _secrets(secrets: Sequence[SigningSecret]) -> Sequence[Document]:
    return [{"text": it.text, "ends_at": it.ends_at} for it in secrets]


def _webhook(document: Document) -> Webhook:
    """Return a webhook, without events that only a newer release, since rolled back, knows."""
    return Webhook(
        id=document["_id"],
        url=document["url"],
        events=frozenset(_EVENTS[name] for name in document["events"] if name in _EVENTS),
        secrets=tuple(SigningSecret(it["text"], it["ends_at"]) for it in document["secrets"]),
        created_at=document["created_at"],
        disabled=document["disabled"],
    )
