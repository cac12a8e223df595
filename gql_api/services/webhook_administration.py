"""What operators do with webhooks and their deliveries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from gql_api.domain.clock import Clock
from gql_api.domain.deliveries import GIVEN_UP_AFTER, Delivery, DeliveryState, DeliveryStore
from gql_api.domain.errors import InvalidWebhook, WebhookNotFound
from gql_api.domain.ids import new_id
from gql_api.domain.receivers import parse_receiver
from gql_api.domain.webhook_payloads import trial_payload
from gql_api.domain.webhook_sending import Answer, Message, WakeUps, WebhookSender
from gql_api.domain.webhooks import (
    WEBHOOKS_MAX,
    SigningSecret,
    Webhook,
    WebhookStore,
    new_secret,
    parse_events,
)

_BATCH = 500


class WebhookAdministration:
    """Adds and removes webhooks, rotates their secrets, and sends events again."""

    def __init__(
        self,
        *,
        webhooks: WebhookStore,
        deliveries: DeliveryStore,
        sender: WebhookSender,
        wake_ups: WakeUps,
        clock: Clock,
        allowed_hosts: Collection[str],
    ) -> None:
        self._webhooks = webhooks
        self._deliveries = deliveries
        self._sender = sender
        self._wake_ups = wake_ups
        self._clock = clock
        self._allowed_hosts = allowed_hosts

    async def list(self) -> Sequence[Webhook]:
        """Return all webhooks in the order of their creation."""
        return await self._webhooks.list()

    async def get(self, webhook_id: str) -> Webhook:
        """Return a webhook.

        Raises:
            WebhookNotFound: there is none with this id.
        """
        webhook = await self._webhooks.find(webhook_id)
        if webhook is None:
            raise WebhookNotFound(webhook_id)
        return webhook

    async def add(self, url: str, event_names: Collection[str]) -> Webhook:
        """Add a webhook with a new secret, and return both.

        Raises:
            InvalidWebhook: the URL or an event is not accepted, the URL has a webhook already, or
                there are too many.
        """
        parse_receiver(url, self._allowed_hosts)
        events = parse_events(event_names)
        now = self._clock()
        if len(await self._webhooks.list()) >= WEBHOOKS_MAX:
            raise InvalidWebhook(f"There are {WEBHOOKS_MAX} webhooks already. Remove one.")
        webhook = Webhook(new_id(now), url, events, (new_secret(),), now)
        if not await self._webhooks.insert(webhook):
            raise InvalidWebhook("There is a webhook with this URL already.")
        return webhook

    async def remove(self, webhook_id: str) -> None:
        """Remove a webhook, with all that was or would have been sent to it.

        Raises:
            WebhookNotFound: there is none with this id.
        """
        if not await self._webhooks.delete(webhook_id):
            raise WebhookNotFound(webhook_id)
        await self._deliveries.delete_all(webhook_id)

    async def rotate(self, webhook_id: str, overlap: timedelta) -> SigningSecret:
        """Give a webhook a new secret and return it; the old one also signs during `overlap`.

        Raises:
            WebhookNotFound: there is none with this id.
        """
        while True:
            webhook = await self.get(webhook_id)
            rotated = webhook.rotated(new_secret(), self._clock() + overlap)
            if await self._webhooks.replace_secrets(rotated, webhook.secrets):
                return rotated.secrets[0]

    async def enable(self, webhook_id: str) -> None:
        """Send to a webhook again that was disabled, beginning with what waits for it.

        Raises:
            WebhookNotFound: there is none with this id.
        """
        if not await self._webhooks.set_disabled(webhook_id, None):
            raise WebhookNotFound(webhook_id)
        await self.hurry(webhook_id)

    async def hurry(self, webhook_id: str | None) -> int:
        """Send at once what waits for a webhook, or for all; returns the number of deliveries.

        Raises:
            WebhookNotFound: there is none with this id.
        """
        chosen, now = await self._chosen(webhook_id), self._clock()
        hurried = sum([await self._deliveries.hurry(it.id, now) for it in chosen])
        await self._wake_ups.send()
        return hurried

    async def deliveries(
        self, states: Collection[DeliveryState], webhook_id: str | None, limit: int
    ) -> Sequence[Delivery]:
        """Return deliveries in these states, the latest change first."""
        return await self._deliveries.list(states, webhook_id, limit)

    async def redeliver(self, ids: Sequence[str]) -> int:
        """Send deliveries again, with their ids; returns the number of those that exist."""
        now = self._clock()
        found = await self._deliveries.redeliver(ids, now, now + GIVEN_UP_AFTER)
        await self._wake_ups.send()
        return found

    async def redeliver_dead(self, webhook_id: str | None) -> int:
        """Send all dead letters again, of one webhook or of all; returns their number."""
        sent = 0
        while dead := await self._deliveries.list([DeliveryState.DEAD], webhook_id, _BATCH):
            sent += await self.redeliver([it.id for it in dead])
        return sent

    async def replay(self, since: datetime, webhook_id: str | None) -> int:
        """Send again what was delivered or given up of changes since then; returns the number.

        Only deliveries that are kept can be sent again: see `deliveries.DELIVERED_KEPT`.

        Raises:
            WebhookNotFound: there is none with this id.
        """
        chosen, now = await self._chosen(webhook_id), self._clock()
        counts = [
            await self._deliveries.replay(it.id, since, now, now + GIVEN_UP_AFTER) for it in chosen
        ]
        await self._wake_ups.send()
        return sum(counts)

    async def _chosen(self, webhook_id: str | None) -> Sequence[Webhook]:
        return await self.list() if webhook_id is None else [await self.get(webhook_id)]

    async def try_out(self, webhook_id: str) -> Answer:
        """Send a test message at once, and return the answer.

        Raises:
            WebhookNotFound: there is none with this id.
            SendingFailed: there was no answer.
        """
        webhook, now = await self.get(webhook_id), self._clock()
        payload = trial_payload(webhook.id, now)
        return await self._sender.send(webhook, Message(f"test_{new_id(now)}", payload, now))
