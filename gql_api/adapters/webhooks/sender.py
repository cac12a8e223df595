"""Signs requests as Standard Webhooks specifies, and sends each over a connection of its own."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property

import standardwebhooks

from gql_api.adapters.webhooks.exchange import Exchange
from gql_api.adapters.webhooks.resolution import Resolve, addresses_of, resolve
from gql_api.domain.errors import InvalidWebhook
from gql_api.domain.receivers import Receiver, parse_receiver
from gql_api.domain.webhook_sending import Answer, Message, SendingFailed
from gql_api.domain.webhooks import Webhook

ATTEMPT_SECONDS = 10.0
_ADDRESSES_MAX = 3
_CONNECT_SECONDS = 3.0
_USER_AGENT = "media-upload-service"


class HttpWebhookSender:
    """Implements `WebhookSender`.

    It follows no redirect, and ignores proxies that the environment names. `resolve` and `tls` are
    the system's by default.
    """

    def __init__(
        self,
        allowed_hosts: Collection[str] = (),
        *,
        seconds: float = ATTEMPT_SECONDS,
        resolve: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed_hosts = frozenset(allowed_hosts)
        self._seconds = seconds
        self._resolve = resolve
        self._given_tls = tls

    async def send(self, webhook: Webhook, message: Message) -> Answer:
        """See `WebhookSender.send`. All of it, from the name to the answer, takes ten seconds."""
        ends_at = asyncio.get_running_loop().time() + self._seconds
        try:
            receiver = parse_receiver(webhook.url, self._allowed_hosts)
            async with self._connected(receiver, ends_at) as exchange:
                async with asyncio.timeout_at(ends_at):
                    status, found = await exchange.post(
                        receiver.target,
                        [("Host", receiver.authority), *_signed(webhook, message)],
                        message.payload.encode(),
                    )
                # The answer stands, even if its body is late, malformed or endless.
                with contextlib.suppress(OSError, SendingFailed):
                    async with asyncio.timeout_at(ends_at):
                        await exchange.read_body()
        except (InvalidWebhook, OSError) as error:
            raise SendingFailed(self._reason(error)) from None
        return Answer(status, _retry_after(found, message.at))

    def _reason(self, error: InvalidWebhook | OSError) -> str:
        """Return a sentence for operators."""
        match error:
            case InvalidWebhook():
                return error.message
            case TimeoutError():
                return f"The receiver did not answer within {self._seconds:.0f} seconds."
            case ssl.SSLCertVerificationError():
                return f"The receiver's certificate is not accepted: {error.verify_message}."
        return f"The connection failed: {error.strerror or error}."

    @asynccontextmanager
    async def _connected(self, receiver: Receiver, ends_at: float) -> AsyncIterator[Exchange]:
        """Connect to one of the receiver's addresses, which were checked.

        With TLS, the certificate must be valid for the name in the URL.
        """
        async with asyncio.timeout_at(ends_at):
            reader, writer = await self._open(receiver)
        try:
            yield Exchange(reader, writer)
        finally:
            # Without waiting for the receiver to close its side, which it may never do.
            writer.transport.abort()

    async def _open(self, receiver: Receiver) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        addresses = await addresses_of(receiver, self._resolve)
        failed: OSError = OSError("no address")
        for address in addresses[:_ADDRESSES_MAX]:
            try:
                async with asyncio.timeout(_CONNECT_SECONDS):
                    return await asyncio.open_connection(
                        address,
                        receiver.port,
                        ssl=self._tls if receiver.secure else None,
                        server_hostname=receiver.host if receiver.secure else None,
                    )
            except OSError as error:  # TimeoutError is one, too.
                failed = error
        raise failed

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._given_tls or ssl.create_default_context()


def _signed(webhook: Webhook, message: Message) -> list[tuple[str, str]]:
    """Return the headers; the signatures are those of all secrets that are valid now."""
    signatures = (
        standardwebhooks.Webhook(secret).sign(message.id, message.at, message.payload)
        for secret in webhook.signing(message.at)
    )
    return [
        ("User-Agent", _USER_AGENT),
        ("Accept", "*/*"),
        ("Connection", "close"),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(message.payload.encode()))),
        ("Webhook-Id", message.id),
        ("Webhook-Timestamp", str(int(message.at.timestamp()))),
        ("Webhook-Signature", " ".join(signatures)),
    ]


def _retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return the pause that the answer asks for, in seconds or as a date (RFC 9110, 10.2.3)."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdecimal() and len(value) < 10:
        return timedelta(seconds=int(value))
    try:
        return parsedate_to_datetime(value).astimezone(UTC) - now
    except (ValueError, OverflowError, TypeError):
        return None
