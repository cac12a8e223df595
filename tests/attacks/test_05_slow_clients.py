"""Clients that send or read slowly, or not at all, and keep their connections open."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from gql_api.container import Container
from gql_api.domain.deadline import REQUEST_SECONDS
from gql_api.http.app import create_app
from local import ports
from local.connection import Limits
from local.server import Server

LIMIT_SECONDS = 0.3
PATIENCE_SECONDS = 30  # Generous: it only stops a test that hangs.
HEAD = (
    b"POST /graphql HTTP/1.1\r\nHost: api.test\r\nContent-Type: application/json\r\n"
    b"Content-Length: 1000\r\n\r\n"
)
LARGE = "x" * 5 * 1024 * 1024

Connect = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


async def _answers(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer at once without reading the body."""
    await PlainTextResponse(LARGE if scope["path"] == "/large" else "ok")(scope, receive, send)


@contextlib.asynccontextmanager
async def _served(app: Any, **limits: Any) -> AsyncIterator[Server]:
    bound = ports.bound_socket(ports.free_port())
    server = Server(app, bound, Limits(**{"seconds": LIMIT_SECONDS, **limits}))
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@pytest.fixture
async def server(container: Container, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    """The service, whose requests have less than a second."""
    monkeypatch.setattr("gql_api.http.app.REQUEST_SECONDS", LIMIT_SECONDS)
    async with _served(create_app(container)) as server:
        yield server


@pytest.fixture
async def quick() -> AsyncIterator[Server]:
    """A server whose app answers without reading."""
    async with _served(_answers) as server:
        yield server


def _port(server: Server) -> int:
    return int(server.url.rpartition(":")[2])


async def _connect(server: Server) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(ports.HOST, _port(server))


async def _rest(reader: asyncio.StreamReader) -> bytes:
    """Return what the server sends until it closes or resets the connection."""
    received = b""
    async with asyncio.timeout(PATIENCE_SECONDS):
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(65536):
                received += piece
    return received


async def _drip(server: Server, start: bytes, drop: bytes) -> bytes:
    """Send `start`, and then `drop` again and again; return what the server sends.

    That is nothing if the client sends while the connection is closed, which resets it.
    """
    reader, writer = await _connect(server)
    writer.write(start)
    rest = asyncio.create_task(_rest(reader))
    with contextlib.suppress(ConnectionError):
        while not rest.done():
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(LIMIT_SECONDS / 10)
    writer.close()
    return await rest


async def _all_closed(server: Server) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while server.connections:  # noqa: ASYNC110 - the server has no event for it.
            await asyncio.sleep(0.01)


def _message(answer: bytes) -> str:
    """Return the message of a 408 that closes the connection."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in head.lower()
    [error] = json.loads(body)["errors"]
    assert error["extensions"] == {"code": "BAD_REQUEST"}
    return str(error["message"])


async def test_a_body_that_never_comes(server: Server) -> None:
    reader, writer = await _connect(server)
    writer.write(HEAD)

    assert _message(await _rest(reader)) == "The body did not arrive in time."
    writer.close()
    await _all_closed(server)


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (HEAD, b"x"),
        (HEAD.replace(b"Content-Length: 1000", b"Transfer-Encoding: chunked"), b"1\r\nx\r\n"),
        (HEAD[:-2], b"X-A: b\r\n"),
        (b"", b"G"),
        (b"GET /?", b"x"),
        (b"", b"\r\n"),
    ],
)
async def test_a_request_that_drips(server: Server, start: bytes, drop: bytes) -> None:
    answer = await _drip(server, start, drop)

    assert not answer or b" 408 " in answer or b" 400 " in answer
    await _all_closed(server)


@pytest.mark.parametrize("sent", [b"", HEAD[:40], HEAD[:-1]])
async def test_half_sent_heads_do_not_stay_open(server: Server, sent: bytes) -> None:
    connections = [await _connect(server) for _ in range(150)]
    for _, writer in connections:
        writer.write(sent)

    answers = [await _rest(reader) for reader, _ in connections]

    assert {_message(answer) for answer in answers} == {"The request did not arrive in time."}
    for _, writer in connections:
        writer.close()
    await _all_closed(server)


async def test_a_body_in_pieces_arrives_in_time(server: Server) -> None:
    body = json.dumps({"query": "{ __typename }"}).encode().ljust(1000)
    reader, writer = await _connect(server)
    for piece in (HEAD[:50], HEAD[50:], body[:10], body[10:]):
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0.01)

    assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
    writer.close()


async def test_an_idle_connection_may_be_used_again(quick: Server) -> None:
    reader, writer = await _connect(quick)
    for _ in range(2):
        writer.write(b"GET / HTTP/1.1\r\nHost: api.test\r\n\r\n")
        answer = await reader.readuntil(b"ok")
        assert answer.startswith(b"HTTP/1.1 200 ")
        await asyncio.sleep(2 * LIMIT_SECONDS)
    writer.close()


@pytest.mark.parametrize("drop", [b"\r\n", b"G"])
async def test_bytes_between_two_requests_keep_no_connection_open(
    quick: Server, drop: bytes
) -> None:
    """uvicorn stops its timer of idle connections at any byte."""
    answer = await _drip(quick, b"GET / HTTP/1.1\r\nHost: api.test\r\n\r\n", drop)

    assert answer.startswith(b"HTTP/1.1 200 ")
    await _all_closed(quick)


async def test_half_a_request_after_a_whole_one(quick: Server) -> None:
    reader, writer = await _connect(quick)
    writer.write(b"GET / HTTP/1.1\r\nHost: api.test\r\n\r\nGET / HT")

    assert b" 408 " in await _rest(reader)
    writer.close()
    await _all_closed(quick)


async def test_a_body_that_drips_after_its_answer(quick: Server) -> None:
    answer = await _drip(quick, HEAD, b"x")

    assert answer.startswith(b"HTTP/1.1 200 ")
    await _all_closed(quick)


@pytest.mark.parametrize("path", ["/large", "/small"])
async def test_a_client_that_reads_nothing(quick: Server, path: str) -> None:
    """Small answers are repeated until the kernel's buffers are full."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect((ports.HOST, _port(quick)))
        client.setblocking(False)
        loop = asyncio.get_running_loop()
        request = f"GET {path} HTTP/1.1\r\nHost: api.test\r\n\r\n".encode()
        with contextlib.suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await loop.sock_sendall(client, request * (1 if path == "/large" else 1_000_000))
        await _all_closed(quick)


async def test_a_client_that_reads_slowly_but_steadily(quick: Server) -> None:
    reader, writer = await _connect(quick)
    writer.write(b"GET /large HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n")
    received = 0
    while piece := await reader.read(256 * 1024):
        received += len(piece)
        await asyncio.sleep(LIMIT_SECONDS / 5)

    assert received > len(LARGE)
    writer.close()


async def test_too_many_connections_are_refused_and_others_served() -> None:
    async with _served(_answers, connections=5, seconds=60) as server:
        silent = [await _connect(server) for _ in range(5)]
        reader, writer = await _connect(server)
        assert b" 503 " in await _rest(reader)
        writer.close()
        for _, other in silent[1:]:
            other.close()
        while server.connections > 1:  # noqa: ASYNC110 - the server has no event for it.
            await asyncio.sleep(0.01)
        reader, writer = await _connect(server)
        writer.write(b"GET / HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n")
        assert (await _rest(reader)).endswith(b"ok")
        for closed in (writer, silent[0][1]):
            closed.close()


async def test_a_long_head_is_refused_however_it_arrives(quick: Server) -> None:
    head = b"GET / HTTP/1.1\r\nHost: api.test\r\n" + b"X-A: %s\r\n" % (b"x" * 40_000) + b"\r\n"
    reader, writer = await _connect(quick)
    writer.write(head)

    assert b" 400 " in await _rest(reader)
    writer.close()


def test_the_limit_is_that_of_a_request() -> None:
    assert Limits().seconds == REQUEST_SECONDS == 8
