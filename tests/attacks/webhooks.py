"""What the attacks by receivers of webhooks share."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gql_api.adapters.webhooks.resolution import Resolve
from gql_api.adapters.webhooks.sender import HttpWebhookSender
from gql_api.domain.webhook_sending import Answer, Message, SendingFailed
from tests.upload_records import NOW
from tests.webhook_records import a_webhook

PUBLIC = "93.184.215.14"
MESSAGE = Message("evt_1", "{}", NOW)


async def send(sender: HttpWebhookSender, url: str) -> Answer:
    """Send a message to a webhook with this URL."""
    return await sender.send(a_webhook(url), MESSAGE)


async def refusal(sender: HttpWebhookSender, url: str) -> str:
    """Return why nothing was sent, or why the answer does not count."""
    with pytest.raises(SendingFailed) as failed:
        await send(sender, url)
    return str(failed.value)


def resolving_to(*answers: Sequence[str]) -> Resolve:
    """Return a resolver with these answers, one after the other; the last one stays."""
    remaining = list(answers)

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return remaining.pop(0) if len(remaining) > 1 else remaining[0]

    return resolve


class Connections:
    """Records where connections are opened to; opens them to a server on this machine instead."""

    def __init__(self, patch: pytest.MonkeyPatch, port: int | None = None) -> None:
        self.opened: list[tuple[str, int]] = []
        self._open = asyncio.open_connection
        self._port = port
        patch.setattr(asyncio, "open_connection", self._record)

    async def _record(
        self, host: str, port: int, **options: object
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self.opened.append((host, port))
        if self._port is None:
            raise ConnectionRefusedError(111, "Connection refused")
        return await self._open("127.0.0.1", self._port, **options)  # type: ignore[arg-type]


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make a certificate; return contexts of its server and of a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=file)
