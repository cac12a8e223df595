"""A real HTTP server on loopback that receives webhooks, and answers as a test says."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

OK = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


class Received(NamedTuple):
    """A request; the names in `headers` are in lower case."""

    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def payload(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed


Answer = Callable[[Received, asyncio.StreamWriter], Awaitable[None]]


def answering(status: int, *headers: str) -> Answer:
    """Answer with this status, headers and no body."""
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status} X", *headers))

    async def answer(_received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(f"{head}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())

    return answer


def sending(data: bytes) -> Answer:
    """Answer with these bytes."""

    async def answer(_received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(data)

    return answer


class WebhookReceiver:
    """Records requests. `answer` may be replaced; it answers with 204 at first."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.connections = 0
        self.answer: Answer = sending(OK)
        self.arrived = asyncio.Condition()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks?a=b"

    @property
    def ids(self) -> list[str]:
        """The ids of the events in the order of their arrival."""
        return [it.id for it in self.received]

    async def until(self, count: int) -> None:
        """Wait until so many requests have arrived."""
        async with asyncio.timeout(30), self.arrived:
            await self.arrived.wait_for(lambda: len(self.received) >= count)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Handle one connection, which carries one request."""
        self.connections += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.rstrip().split("\r\n")
            pairs = (line.partition(": ") for line in lines)
            headers = {name.lower(): value for name, _, value in pairs}
            body = await reader.readexactly(int(headers["content-length"]))
            received = Received(first.split(" ")[1], headers, body)
            async with self.arrived:
                self.received.append(received)
                self.arrived.notify_all()
            await self.answer(received, writer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def webhook_receiver(tls: ssl.SSLContext | None = None) -> AsyncIterator[WebhookReceiver]:
    """Run a receiver on a free port of 127.0.0.1; its connections end with it."""
    receiver = WebhookReceiver()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(receiver.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
