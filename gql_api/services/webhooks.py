"""Webhooks: takes events over, and sends them to their receivers until they are accepted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gql_api.domain.clock import Clock
from gql_api.domain.deliveries import (
    GIVEN_UP_AFTER,
    Delivery,
    DeliveryStore,
    delivery_id,
)
from gql_api.domain.upload_events import UploadEvent
from gql_api.domain.webhook_payloads import event_payload
from gql_api.domain.webhook_sending import WakeUps
from gql_api.domain.webhooks import ExternalIds, Webhook, WebhookStore, type_name


class WebhookEvents:
    """Implements `EventSink`: makes a delivery for each event and each webhook that asked for it.

    Safe to repeat: an event that comes twice makes one delivery.
    """

    def __init__(
        self,
        *,
        webhooks: WebhookStore,
        deliveries: DeliveryStore,
        external_ids: ExternalIds,
        wake_ups: WakeUps,
        clock: Clock,
    ) -> None:
        self._webhooks = webhooks
        self._deliveries = deliveries
        self._external_ids = external_ids
        self._wake_ups = wake_ups
        self._clock = clock

    async def wanted(self) -> bool:
        """Return whether there is any webhook: without one, nobody need keep events."""
        return bool(await self._webhooks.list())

    async def accept(self, events: Sequence[UploadEvent]) -> None:
        """See `EventSink.accept`.

        The events of one upload must come in the order of their versions.
        """
        webhooks = await self._webhooks.list()
        wanted = [event for event in events if any(event.type in it.events for it in webhooks)]
        if not wanted:
            return
        owner_ids = sorted({event.upload.owner_id for event in wanted})
        external_ids = await self._external_ids.of(owner_ids)
        now = self._clock()
        deliveries = []
        for event in wanted:
            payload = event_payload(event, external_ids.get(event.upload.owner_id))
            deliveries += [
                _delivery(event, webhook, payload, now)
                for webhook in webhooks
                if event.type in webhook.events
            ]
        await self._deliveries.insert(deliveries)
        await self._wake_ups.send()


def _delivery(event: UploadEvent, webhook: Webhook, payload: str, now: datetime) -> Delivery:
    return Delivery(
        id=delivery_id(webhook.id, event.id),
        webhook_id=webhook.id,
        event_id=event.id,
        upload_id=event.upload.id,
        version=event.version,
        type=type_name(event.type),
        payload=payload,
        at=event.at,
        give_up_at=now + GIVEN_UP_AFTER,
        next_at=now,
    )
