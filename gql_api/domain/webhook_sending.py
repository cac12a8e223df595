"""The ports that send webhooks, and that ask for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from gql_api.domain.webhooks import Webhook


class Message(NamedTuple):
    """A request to a receiver. `id` is the same in each attempt, and `at` the time of this one."""

    id: str
    payload: str
    at: datetime


class Answer(NamedTuple):
    """The status of a receiver's answer, and the pause before the next attempt that it asks for."""

    status: int
    retry_after: timedelta | None = None


class SendingFailed(Exception):
    """The receiver gave no answer; the message is a sentence that says why."""


class WebhookSender(Protocol):
    """Sends signed requests."""

    async def send(self, webhook: Webhook, message: Message) -> Answer:
        """Send a request once and return the answer, whichever status it has.

        Raises:
            SendingFailed: there is no complete answer within ten seconds, or the receiver's URL or
                address is not accepted.
        """
        ...


class WakeUps(Protocol):
    """Connects those who accept events with those who send them."""

    async def send(self) -> None:
        """Ask for due deliveries to be sent soon. Never fails: a schedule asks for it, too."""
        ...

    async def wait(self, seconds: float) -> None:
        """Wait until deliveries may be due, at most for so long."""
        ...
