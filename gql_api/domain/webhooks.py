"""Webhooks: who is told about changes of uploads, and the secrets that sign what is sent.

Source of the secrets' form and of the signatures: the Standard Webhooks specification, 1.0.0.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from gql_api.domain.errors import InvalidWebhook
from gql_api.domain.upload_events import UploadEventType

WEBHOOKS_MAX = 20
TEST_TYPE = "webhook.test"
"""The type of the message that an operator sends to try a webhook."""

_SECRET_BYTES = 32  # The specification asks for 24 to 64.


class SigningSecret(NamedTuple):
    """A secret as its receiver gets it; `ends_at` is when it stops signing, None if never."""

    text: str
    ends_at: datetime | None = None

    def __repr__(self) -> str:
        """Show no secret."""
        return f"SigningSecret(ends_at={self.ends_at!r})"


class Webhook(NamedTuple):
    """A receiver of events.

    `events` are the types that it gets. `secrets` are the newest first; at most two sign at a time.
    `disabled` says why nothing is sent; None if something is.
    """

    id: str
    url: str
    events: frozenset[UploadEventType]
    secrets: tuple[SigningSecret, ...]
    created_at: datetime
    disabled: str | None = None

    def signing(self, at: datetime) -> Sequence[str]:
        """Return the secrets that sign at this time, the newest first."""
        return [it.text for it in self.secrets if it.ends_at is None or at < it.ends_at]

    def rotated(self, secret: SigningSecret, old_ends_at: datetime) -> Webhook:
        """Return this with a new secret. Of the earlier ones, the newest signs until then."""
        kept = self.secrets[0]
        ends = (it for it in (kept.ends_at, old_ends_at) if it is not None)
        return self._replace(secrets=(secret, kept._replace(ends_at=min(ends))))


def new_secret() -> SigningSecret:
    """Return a new random secret."""
    random = base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
    return SigningSecret(f"whsec_{random}")


def type_name(event: UploadEventType) -> str:
    """Return the name of an event's type in payloads and for operators, such as upload.stored."""
    return f"upload.{event.name.lower()}"


def parse_events(names: Collection[str]) -> frozenset[UploadEventType]:
    """Return the types with these names; `*` stands for all.

    Raises:
        InvalidWebhook: there is no such type, or no name at all.
    """
    known = {type_name(it): it for it in UploadEventType}
    if "*" in names:
        return frozenset(known.values())
    unknown = sorted(set(names) - known.keys())
    if unknown or not names:
        problem = f"There is no event {', '.join(unknown)}." if unknown else "Name an event."
        raise InvalidWebhook(f"{problem} The events are: {', '.join(sorted(known))}; * is all.")
    return frozenset(known[name] for name in names)


class WebhookStore(Protocol):
    """Stores the webhooks of the deployment; they are few. Raises `errors.Unavailable`."""

    async def list(self) -> Sequence[Webhook]:
        """Return all webhooks in the order of their creation."""
        ...

    async def find(self, webhook_id: str) -> Webhook | None:
        """Return the webhook with this id; None if there is none."""
        ...

    async def insert(self, webhook: Webhook) -> bool:
        """Insert a webhook. Returns False, and changes nothing, if its URL has one already."""
        ...

    async def replace_secrets(self, webhook: Webhook, before: Sequence[SigningSecret]) -> bool:
        """Record the secrets if they are those of `before`; returns whether they were."""
        ...

    async def set_disabled(self, webhook_id: str, reason: str | None) -> bool:
        """Disable or enable a webhook; returns whether there is one."""
        ...

    async def delete(self, webhook_id: str) -> bool:
        """Delete a webhook; returns whether there was one."""
        ...


class ExternalIds(Protocol):
    """Knows the users' subjects at the team's own issuer. Raises `errors.Unavailable`."""

    async def of(self, owner_ids: Sequence[str]) -> Mapping[str, str]:
        """Return the external ids of these users, by user id; those without one are missing."""
        ...
