"""Deliveries: one for each event and webhook, from its acceptance until it is done or given up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple, Protocol

GIVEN_UP_AFTER = timedelta(days=3)
DELIVERED_KEPT = timedelta(days=7)
DEAD_KEPT = timedelta(days=30)
RETRY_AFTER_MAX = timedelta(hours=1)

# About seventy attempts in three days. The pauses grow no further, so that a receiver which was
# down for a day has everything within an hour or so.
_PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 2 * 60, 10 * 60, 30 * 60, 60 * 60)
)
_JITTER = 0.2


class DeliveryState(Enum):
    """PENDING: to be sent, again perhaps. DELIVERED: the receiver accepted it. DEAD: given up."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    DEAD = "DEAD"


class Delivery(NamedTuple):
    """An event on its way to one receiver.

    `payload` is the body of the request, the same in each attempt. `at` is when the change
    happened. `attempts` counts those that were begun. `next_at` is when it is due; while an attempt
    is running, when another worker may assume that it has died. `claim` identifies that attempt.
    `error` says in a sentence why the last attempt failed.
    """

    id: str
    webhook_id: str
    event_id: str
    upload_id: str
    version: int
    type: str
    payload: str
    at: datetime
    give_up_at: datetime
    next_at: datetime
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    claim: str | None = None
    error: str | None = None
    done_at: datetime | None = None


def delivery_id(webhook_id: str, event_id: str) -> str:
    """Return the id of the only delivery of an event to a webhook."""
    return f"{webhook_id}/{event_id}"


def pause(attempts: int, retry_after: timedelta | None, random: float) -> timedelta:
    """Return the time until the next attempt.

    `attempts` is the number of failed ones, at least 1; `random` is from 0 to 1, and spreads the
    attempts of many deliveries by a fifth in both directions. A receiver's own wish counts if it is
    longer, up to an hour.
    """
    usual = _PAUSES[min(attempts, len(_PAUSES)) - 1] * (1 + _JITTER * (2 * random - 1))
    wish = min(retry_after or timedelta(), RETRY_AFTER_MAX)
    return max(usual, wish)


class DeliveryStore(Protocol):
    """Stores deliveries. Raises `errors.Unavailable`.

    Of one upload's deliveries to one webhook, a later version is not sent while an earlier one is
    PENDING.
    """

    async def insert(self, deliveries: Sequence[Delivery]) -> None:
        """Insert those that do not exist yet, in this order; leaves others unchanged."""
        ...

    async def claim(
        self, webhook_id: str, now: datetime, limit: int, until: datetime
    ) -> Sequence[Delivery]:
        """Return up to `limit` due deliveries, which no other caller gets before `until`.

        Of each upload, it returns at most the earliest version that is PENDING. Returns none only
        if none is due. Counts an attempt for each.
        """
        ...

    async def finish(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        at: datetime,
        error: str | None = None,
        expires_at: datetime,
    ) -> bool:
        """Record the end of a claimed delivery, and let the upload's next version be sent.

        Returns False, and changes nothing, if another caller has claimed it in the meantime.
        """
        ...

    async def retry(self, delivery: Delivery, *, next_at: datetime, error: str) -> bool:
        """Record a failed attempt. Returns False, and changes nothing, as `finish`."""
        ...

    async def bury(
        self, webhook_id: str, now: datetime, *, error: str, expires_at: datetime
    ) -> int:
        """Give up what is still waiting at its `give_up_at`; returns the number of deliveries."""
        ...

    async def list(
        self, states: Collection[DeliveryState], webhook_id: str | None, limit: int
    ) -> Sequence[Delivery]:
        """Return deliveries in these states, the latest change first; of all webhooks if None."""
        ...

    async def redeliver(self, ids: Sequence[str], now: datetime, give_up_at: datetime) -> int:
        """Send these again, or at once if they wait; returns the number of those that exist."""
        ...

    async def hurry(self, webhook_id: str, now: datetime) -> int:
        """Make all that waits for a webhook due at once; returns its number."""
        ...

    async def replay(
        self, webhook_id: str, since: datetime, now: datetime, give_up_at: datetime
    ) -> int:
        """Send again what a webhook was sent of changes since then; returns their number."""
        ...

    async def delete_all(self, webhook_id: str) -> None:
        """Delete all deliveries to a webhook."""
        ...
