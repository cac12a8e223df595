"""A load generator: each connection sends one request after another and checks the responses.

A GraphQL failure has status 200 too, so a generator must look into the body. Those compared:

- wrk can (in Lua), at 30 µs per request, but is no package of pip or npm: installing it needs root.
- autocannon (npm) can, at 250 to 330 µs per request, and rounds latencies to milliseconds.
- k6 can, but is under the AGPL. oha is in no package registry that this project uses.
- ab, hey and h2load do not look into the body.

This one takes 85 to 125 µs, on the core that it shares with MongoDB; the three were measured in
turn, with 64 connections.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from statistics import quantiles

MakeRequest = Callable[[int], bytes]


@dataclass
class Load:
    """The result of a round; `latencies` has the seconds of each successful request."""

    seconds: float = 0.0
    errors: int = 0
    latencies: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Successful requests per second."""
        return len(self.latencies) / self.seconds

    def percentile_ms(self, percent: int) -> float:
        """Return a percentile of the latencies, in milliseconds."""
        if len(self.latencies) < 2:
            return max(self.latencies, default=float("nan")) * 1000
        return quantiles(self.latencies, n=100, method="inclusive")[percent - 1] * 1000


def http_request(host: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """Return the bytes of a POST request with a JSON body, or of a GET request without one."""
    lines = [f"{'POST' if body else 'GET'} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def run(
    port: int, connections: int, seconds: float, make_request: MakeRequest, *, expected: bytes
) -> Load:
    """Send requests on each connection for `seconds`, the next as soon as a response arrives.

    `make_request` takes the number of the connection. A response counts as an error unless its body
    contains `expected`.
    """
    load = Load()
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    clients = [
        _Client(load, n, make_request, expected, began + seconds) for n in range(connections)
    ]
    for client in clients:
        await loop.create_connection(partial(_existing, client), "127.0.0.1", port)
    for client in clients:
        client.begin()
    await asyncio.gather(*(client.done for client in clients))
    load.seconds = time.perf_counter() - began
    return load


def _existing(client: _Client) -> _Client:
    """Return the protocol itself, in place of a factory."""
    return client


class _Client(asyncio.Protocol):
    def __init__(
        self, load: Load, number: int, make_request: MakeRequest, expected: bytes, until: float
    ) -> None:
        self._load = load
        self._number = number
        self._make_request = make_request
        self._expected = expected
        self._until = until
        self._received = b""
        self._sent_at = 0.0
        self._transport: asyncio.Transport | None = None
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def begin(self) -> None:
        assert self._transport is not None
        self._received = b""
        self._sent_at = time.perf_counter()
        self._transport.write(self._make_request(self._number))

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end or len(body) < _content_length(head):
            return
        now = time.perf_counter()
        if self._expected in body:
            self._load.latencies.append(now - self._sent_at)
        else:
            self._load.errors += 1
        if now < self._until:
            self.begin()
        elif self._transport is not None:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if time.perf_counter() < self._until:
            self._load.errors += 1
        if not self.done.done():
            self.done.set_result(None)


def _content_length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(b"content-length:")
    if at < 0:
        raise ValueError(f"The response has no Content-Length: {head!r}")
    return int(lower[at + 15 : lower.find(b"\r", at) if b"\r" in lower[at:] else None])
