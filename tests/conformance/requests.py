"""HTTP requests as bytes, so that malformed ones can be sent."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import h11

_SECONDS = 60  # Ends a test that hangs.


@dataclass(frozen=True)
class Request:
    """A request. `framing` replaces the headers that delimit the body; None means correct ones."""

    body: bytes = b""
    method: str = "POST"
    target: str = "/graphql"
    headers: tuple[tuple[str, str], ...] = ()
    framing: tuple[tuple[str, str], ...] | None = None

    def with_header(self, name: str, value: str | None) -> Request:
        """Return the request with this header replaced, or removed if `value` is None."""
        others = tuple(header for header in self.headers if header[0].lower() != name.lower())
        return replace(self, headers=others if value is None else (*others, (name, value)))

    def encoded(self) -> bytes:
        """Return the bytes to send. Headers are latin-1, as RFC 9110 (5.5) allows."""
        framing = self.framing
        if framing is None:
            framing = (("Content-Length", str(len(self.body))),) if self.body else ()
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        for name, value in (*self.headers, *framing, ("Connection", "close")):
            lines.append(f"{name}: {value}")
        return "\r\n".join([*lines, "\r\n"]).encode("latin-1") + self.body


@dataclass(frozen=True)
class Answer:
    """A response; header names are in lower case."""

    status_code: int
    headers: dict[str, str]
    body: bytes


async def exchange(url: str, sent: bytes, method: str = "POST") -> Answer:
    """Send bytes to the server at `url` and return its response."""
    address = urlsplit(url)
    async with asyncio.timeout(_SECONDS):
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        try:
            writer.write(sent)
            return await _answer(reader, method)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader, method: str) -> Answer:
    """Read the first final response. The method matters: a response to HEAD has no body."""
    parser = h11.Connection(h11.CLIENT)
    parser.send(h11.Request(method=method, target="/", headers=[("Host", "x")]))
    head: h11.Response | None = None
    body = b""
    while True:
        event = parser.next_event()
        if event is h11.NEED_DATA:
            parser.receive_data(await reader.read(65_536))
        elif isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage):
            assert head is not None
            headers = {name.decode().lower(): value.decode() for name, value in head.headers}
            return Answer(head.status_code, headers, body)
