"""Receivers whose answers lead elsewhere, never end, or never come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from gql_api.adapters.webhooks import exchange, sender
from gql_api.adapters.webhooks.sender import HttpWebhookSender
from tests.attacks.webhooks import refusal, send
from tests.webhook_receiver import Received, WebhookReceiver, answering, sending, webhook_receiver

HEAD = b"HTTP/1.1 200 OK\r\n"
SECONDS = 0.3
"""The time limit in tests of receivers that use all of it."""


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    """A receiver whose answer a test replaces."""
    async with webhook_receiver() as receiver:
        yield receiver


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of all that was read from receivers."""
    sizes: list[int] = []
    original = asyncio.StreamReader.read

    async def counted(self: asyncio.StreamReader, n: int = -1) -> bytes:
        data = await original(self, n)
        sizes.append(len(data))
        return data

    monkeypatch.setattr(asyncio.StreamReader, "read", counted)
    return sizes


def a_sender(seconds: float = sender.ATTEMPT_SECONDS) -> HttpWebhookSender:
    return HttpWebhookSender(["127.0.0.1", "localhost"], seconds=seconds)


def test_the_limits() -> None:
    assert sender.ATTEMPT_SECONDS == 10
    assert exchange.BODY_MAX_BYTES == 64 * 1024
    assert exchange.HEAD_MAX_BYTES == 16 * 1024


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(receiver: WebhookReceiver, status: int) -> None:
    async with webhook_receiver() as inside:
        receiver.answer = answering(status, f"Location: {inside.url}")
        assert (await send(a_sender(), receiver.url)).status == status
        assert inside.connections == 0


async def test_a_body_without_end(receiver: WebhookReceiver, read: list[int]) -> None:
    ended = asyncio.Event()

    async def pour(_received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"\r\n")
        try:
            while True:
                writer.write(bytes(64 * 1024))
                await writer.drain()
        except OSError:
            ended.set()

    receiver.answer = pour
    assert (await send(a_sender(), receiver.url)).status == 200
    # Most of the rest is still in the buffers of the operating system.
    assert sum(read) <= exchange.BODY_MAX_BYTES + exchange.HEAD_MAX_BYTES + 16 * 1024
    async with asyncio.timeout(30):
        await ended.wait()


async def test_a_body_in_chunks_without_end(receiver: WebhookReceiver, read: list[int]) -> None:
    async def pour(_received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"1000\r\n" + bytes(0x1000) + b"\r\n")
            await writer.drain()

    receiver.answer = pour
    assert (await send(a_sender(), receiver.url)).status == 200
    assert sum(read) <= exchange.BODY_MAX_BYTES + exchange.HEAD_MAX_BYTES + 16 * 1024


@pytest.mark.parametrize("status", [b"200", b"500"])
async def test_a_body_that_comes_slowly(receiver: WebhookReceiver, status: bytes) -> None:
    """The status stands: repeating the request would not make the receiver any faster."""
    never = asyncio.Event()

    async def drip(_received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 %s X\r\nContent-Length: 100\r\n\r\nx" % status)
        await never.wait()

    receiver.answer = drip
    assert (await send(a_sender(SECONDS), receiver.url)).status == int(status)


@pytest.mark.parametrize(
    "data",
    [
        HEAD + b"X-Large: " + b"a" * 40_000 + b"\r\n\r\n",
        HEAD + b"".join(b"X-%d: a\r\n" % n for n in range(5000)) + b"\r\n",
        HEAD + b"X-Endless: " + b"a" * 5_000_000,
        b"HTTP/1.1 200 " + b"a" * 40_000 + b"\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000,
        b"HTTP/1.1 2000 X\r\n\r\n",
        b"HTTP/1.1 abc X\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"\r\n\r\n",
        b"",
    ],
)
async def test_a_head_that_is_huge_or_none(
    receiver: WebhookReceiver, read: list[int], data: bytes
) -> None:
    receiver.answer = sending(data)
    assert "not valid HTTP/1.1" in await refusal(a_sender(), receiver.url)
    assert sum(read) <= exchange.HEAD_MAX_BYTES + 8 * 1024


async def test_a_receiver_that_never_answers(receiver: WebhookReceiver) -> None:
    never = asyncio.Event()

    async def hold(_received: Received, _writer: asyncio.StreamWriter) -> None:
        await never.wait()

    receiver.answer = hold
    assert "did not answer within" in await refusal(a_sender(SECONDS), receiver.url)


async def test_a_head_that_comes_byte_by_byte(receiver: WebhookReceiver) -> None:
    """Each byte would restart a time limit that applies to single reads."""

    async def drip(_received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD)
        while not writer.is_closing():
            writer.write(b"X")
            await asyncio.sleep(0.02)

    receiver.answer = drip
    assert "did not answer within" in await refusal(a_sender(SECONDS), receiver.url)


async def test_a_server_that_reads_nothing() -> None:
    """It accepts the connection, as the operating system does for any server that hangs."""
    never = asyncio.Event()

    async def ignore(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await never.wait()
        writer.close()

    server = await asyncio.start_server(ignore, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        for url in (f"http://127.0.0.1:{port}/", f"https://localhost:{port}/"):
            assert "did not answer within" in await refusal(a_sender(SECONDS), url)
    finally:
        never.set()
        server.close()


async def test_a_resolver_that_never_answers() -> None:
    async def hang(_host: str, _port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    slow = HttpWebhookSender(seconds=SECONDS, resolve=hang)
    assert "did not answer within" in await refusal(slow, "https://hooks.example.com/")


async def test_nothing_listens() -> None:
    assert "The connection failed" in await refusal(a_sender(), "http://127.0.0.1:9/")
