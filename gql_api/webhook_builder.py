"""Builds what only the sending of webhooks uses, so that other functions need not import it."""

from __future__ import annotations

from gql_api.adapters.mongo.database import guarded
from gql_api.adapters.mongo.deliveries import MongoDeliveries
from gql_api.adapters.mongo.webhooks import MongoWebhooks
from gql_api.adapters.webhooks.sender import HttpWebhookSender
from gql_api.bootstrap import utc_now
from gql_api.container import Container
from gql_api.domain.clock import Clock
from gql_api.domain.webhook_sending import WebhookSender
from gql_api.services.webhook_sending import WebhookSending
from gql_api.settings import Settings


def webhook_sender(settings: Settings) -> WebhookSender:
    """Build what sends a single request."""
    return HttpWebhookSender(settings.webhook_allowed_hosts)


def webhook_sending(
    container: Container, clock: Clock = utc_now, *, sender: WebhookSender | None = None
) -> WebhookSending:
    """Build the service that sends what is due, by `sender` if it is given."""
    return WebhookSending(
        webhooks=guarded(MongoWebhooks(container.database)),
        deliveries=guarded(MongoDeliveries(container.database)),
        sender=sender or webhook_sender(container.settings),
        wake_ups=container.webhook_wake_ups,
        clock=clock,
        metrics=container.metrics,
    )
