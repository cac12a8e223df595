"""Webhooks, events and deliveries for tests, and the services that send them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.deliveries import MongoDeliveries
from gql_api.adapters.mongo.webhooks import MongoExternalIds, MongoWebhooks
from gql_api.adapters.webhook_queues import InProcessWakeUps
from gql_api.adapters.webhooks.sender import HttpWebhookSender
from gql_api.domain.deliveries import Delivery, delivery_id
from gql_api.domain.ids import new_id
from gql_api.domain.metrics import Metrics, NoMetrics
from gql_api.domain.upload_events import UploadEvent, UploadEventType
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.domain.webhook_sending import WebhookSender
from gql_api.domain.webhooks import SigningSecret, Webhook, new_secret
from gql_api.services.webhook_administration import WebhookAdministration
from gql_api.services.webhook_sending import WebhookSending
from gql_api.services.webhooks import WebhookEvents
from tests.clock import SettableClock
from tests.upload_records import NOW, an_upload

ALLOWED = ("127.0.0.1", "localhost")
SECRET = SigningSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")


def a_webhook(url: str = "https://hooks.example.com/", **changes: object) -> Webhook:
    """Return a webhook for all events that is not in the database yet."""
    every = frozenset(UploadEventType)
    return Webhook(new_id(NOW), url, every, (SECRET,), NOW)._replace(**changes)  # type: ignore[arg-type]


def an_event(
    upload: Upload | None = None,
    version: int = 1,
    event: UploadEventType = UploadEventType.STORED,
    at: datetime = NOW,
) -> UploadEvent:
    """Return an event of an upload, by default of a new one."""
    upload = upload or an_upload(status=UploadStatus.STORED)
    return UploadEvent(f"evt_{upload.id}_{version}", event, version, at, upload)


def a_delivery(
    webhook_id: str = "w", upload_id: str = "u", version: int = 1, at: datetime = NOW
) -> Delivery:
    """Return a delivery that is due at `at`."""
    event_id = f"evt_{upload_id}_{version}"
    return Delivery(
        id=delivery_id(webhook_id, event_id),
        webhook_id=webhook_id,
        event_id=event_id,
        upload_id=upload_id,
        version=version,
        type="upload.stored",
        payload="{}",
        at=at,
        give_up_at=at + timedelta(days=3),
        next_at=at,
    )


class Webhooks:
    """All services about webhooks on one database, as in one process."""

    def __init__(
        self,
        database: Database,
        clock: SettableClock,
        *,
        metrics: Metrics | None = None,
        allowed: Collection[str] = ALLOWED,
    ) -> None:
        self.clock = clock
        self.store = MongoWebhooks(database)
        self.deliveries = MongoDeliveries(database)
        self.sender: WebhookSender = HttpWebhookSender(allowed)
        self.wake_ups = InProcessWakeUps()
        self.metrics = metrics or NoMetrics()
        self.events = WebhookEvents(
            webhooks=self.store,
            deliveries=self.deliveries,
            external_ids=MongoExternalIds(database),
            wake_ups=self.wake_ups,
            clock=clock,
        )
        self.administration = WebhookAdministration(
            webhooks=self.store,
            deliveries=self.deliveries,
            sender=self.sender,
            wake_ups=self.wake_ups,
            clock=clock,
            allowed_hosts=allowed,
        )

    def sending(self, chance: float = 0.5) -> WebhookSending:
        """Return the service of one process, whose pauses all have this part of their spread."""
        return WebhookSending(
            webhooks=self.store,
            deliveries=self.deliveries,
            sender=self.sender,
            wake_ups=self.wake_ups,
            clock=self.clock,
            metrics=self.metrics,
            chance=lambda: chance,
        )

    async def add(self, url: str, **changes: object) -> Webhook:
        """Insert a webhook for all events, with a new secret."""
        webhook = a_webhook(url, secrets=(new_secret(),), **changes)
        assert await self.store.insert(webhook)
        return webhook
