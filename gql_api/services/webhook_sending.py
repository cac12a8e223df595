"""Sends what is due to the receivers of webhooks, each at its own pace."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import NamedTuple, TypeAlias, TypeVar

from gql_api.domain.clock import Clock
from gql_api.domain.deliveries import (
    DEAD_KEPT,
    DELIVERED_KEPT,
    Delivery,
    DeliveryState,
    DeliveryStore,
    pause,
)
from gql_api.domain.metrics import (
    SECONDS_TO_DELIVERED,
    WEBHOOKS_DEAD,
    WEBHOOKS_DELIVERED,
    WEBHOOKS_FAILED,
    Metrics,
)
from gql_api.domain.webhook_sending import Message, SendingFailed, WakeUps, WebhookSender
from gql_api.domain.webhooks import Webhook, WebhookStore

T = TypeVar("T")
Counts: TypeAlias = "Counter[str]"
"""The fields of a `SendingReport` while it is being made."""

_log = logging.getLogger(__name__)

SEND_SECONDS = 45.0
AT_ONCE = 8
"""How many requests one process sends to one receiver at the same time."""

# An attempt takes ten seconds. A process that was frozen meanwhile must not send what another one
# may have claimed, so it begins none near the end of its claim.
_CLAIMED_FOR = timedelta(seconds=30)
_ATTEMPT_TIME = timedelta(seconds=15)
# While one receiver is slow, the others' new deliveries are found so soon at the latest.
_LOOK_EVERY_SECONDS = 1.0

_GONE = 410
GONE = "The receiver answered 410 Gone."
_DISABLED = "The webhook was disabled for three days."
_UNEXPECTED = "The request could not be sent, because of an error of this service; see its log."


class SendingReport(NamedTuple):
    """Counts of attempts, and of deliveries that were given up."""

    delivered: int = 0
    failed: int = 0
    dead: int = 0


class _Run:
    """One call of `send_due`: it goes on until no receiver has anything left to do."""

    def __init__(self, receivers: int, has_time: Callable[[], bool]) -> None:
        self.counts: Counts = Counter()
        self.gone: set[str] = set()
        self.has_time = has_time
        self._busy = receivers
        self._over = asyncio.Event()

    def leave(self) -> None:
        """Note that a receiver has nothing left to do."""
        self._busy -= 1
        if self._busy == 0:
            self._over.set()

    async def goes_on(self, woken: Awaitable[None]) -> bool:
        """Wait until there may be something to do again; returns False if the run is over."""
        self.leave()
        waiting = [asyncio.ensure_future(it) for it in (self._over.wait(), woken)]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()
        self._busy += 1
        return not self._over.is_set()


class WebhookSending:
    """Sends due deliveries. Several processes may do so at once: they share the work.

    Each receiver is served by itself. One that is slow or fails delays no other, and gets only a
    few requests at a time.
    """

    def __init__(
        self,
        *,
        webhooks: WebhookStore,
        deliveries: DeliveryStore,
        sender: WebhookSender,
        wake_ups: WakeUps,
        clock: Clock,
        metrics: Metrics,
        timer: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._webhooks = webhooks
        self._deliveries = deliveries
        self._sender = sender
        self._wake_ups = wake_ups
        self._clock = clock
        self._metrics = metrics
        self._timer = timer
        self._chance = chance

    async def send_due(self, seconds: float = SEND_SECONDS) -> SendingReport:
        """Send what is due, and what becomes due meanwhile; begins nothing new after `seconds`.

        Raises:
            Unavailable: the database did not respond. What was sent since may be sent again.
        """
        ends_at = self._timer() + seconds
        webhooks = await self._webhooks.list()
        run = _Run(len(webhooks), lambda: self._timer() < ends_at)
        await _all(self._serve(webhook, run) for webhook in webhooks)
        return SendingReport(**run.counts)

    async def _serve(self, webhook: Webhook, run: _Run) -> None:
        """Send to one receiver until nothing is due for any, or until all of a batch fails.

        A receiver that is down then rests until the next run.
        """
        try:
            if webhook.disabled is not None:
                await self._bury(webhook, run.counts)
                return
            while run.has_time() and webhook.id not in run.gone:
                now = self._clock()
                claimed = await self._deliveries.claim(webhook.id, now, AT_ONCE, now + _CLAIMED_FOR)
                if claimed:
                    attempts = (self._attempt(webhook, it, run) for it in claimed)
                    if not any(await _all(attempts)):
                        return
                elif not await run.goes_on(self._wake_ups.wait(_LOOK_EVERY_SECONDS)):
                    return
        finally:
            run.leave()

    async def _attempt(self, webhook: Webhook, delivery: Delivery, run: _Run) -> bool:
        """Send a delivery once and record the result; returns whether it was accepted."""
        now = self._clock()
        if now > delivery.next_at - _ATTEMPT_TIME:
            return False
        message = Message(delivery.event_id, delivery.payload, now)
        retry_after = None
        try:
            status, retry_after = await self._sender.send(webhook, message)
        except SendingFailed as error:
            reason = str(error)
        except Exception:
            _log.exception("Sending a webhook failed unexpectedly.")
            reason = _UNEXPECTED
        else:
            if 200 <= status < 300:
                await self._delivered(delivery, run.counts)
                return True
            if status == _GONE:
                await self._disable(webhook, run)
            reason = f"The receiver answered {status}."
        await self._failed(delivery, reason, retry_after, run.counts)
        return False

    async def _disable(self, webhook: Webhook, run: _Run) -> None:
        """Send nothing to a webhook until an operator enables it."""
        run.gone.add(webhook.id)
        await self._webhooks.set_disabled(webhook.id, GONE)
        _log.error("The webhook %s is disabled: %s", webhook.id, GONE)

    async def _delivered(self, delivery: Delivery, counts: Counts) -> None:
        now = self._clock()
        recorded = await self._deliveries.finish(
            delivery, DeliveryState.DELIVERED, at=now, expires_at=now + DELIVERED_KEPT
        )
        if recorded:
            counts["delivered"] += 1
            self._metrics.count(WEBHOOKS_DELIVERED)
            seconds = (now - delivery.at).total_seconds()
            self._metrics.duration(SECONDS_TO_DELIVERED, max(0.0, seconds))

    async def _failed(
        self, delivery: Delivery, reason: str, wish: timedelta | None, counts: Counts
    ) -> None:
        """Record when to try again, or that the time for it is over."""
        now = self._clock()
        _log.warning(
            "Webhook %s: attempt %d to send %s failed: %s",
            *(delivery.webhook_id, delivery.attempts, delivery.event_id, reason),
        )
        counts["failed"] += 1
        self._metrics.count(WEBHOOKS_FAILED)
        if now < delivery.give_up_at:
            next_at = min(now + pause(delivery.attempts, wish, self._chance()), delivery.give_up_at)
            await self._deliveries.retry(delivery, next_at=next_at, error=reason)
            return
        recorded = await self._deliveries.finish(
            delivery, DeliveryState.DEAD, at=now, error=reason, expires_at=now + DEAD_KEPT
        )
        self._count_dead(int(recorded), counts)

    async def _bury(self, webhook: Webhook, counts: Counts) -> None:
        """Give up what has waited for three days for a disabled webhook."""
        now = self._clock()
        buried = await self._deliveries.bury(
            webhook.id, now, error=_DISABLED, expires_at=now + DEAD_KEPT
        )
        self._count_dead(buried, counts)

    def _count_dead(self, number: int, counts: Counts) -> None:
        if number:
            counts["dead"] += number
            self._metrics.count(WEBHOOKS_DEAD, number)


async def _all(works: Iterable[Awaitable[T]]) -> list[T]:
    """Do all of it, then return the results; raises the first error."""
    results = await asyncio.gather(*works, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if not isinstance(result, BaseException)]
