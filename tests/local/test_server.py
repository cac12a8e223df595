"""The HTTP server of the embedded stack."""

from __future__ import annotations

import asyncio

import httpx
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from local import ports
from local.server import Server


async def test_it_does_not_believe_a_header_about_the_address() -> None:
    """`client_address` decides that. uvicorn would believe every client on this machine."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(f"{scope['client'][0]} {scope['scheme']}")(scope, receive, send)

    server = Server(app, ports.bound_socket(ports.free_port()))
    await server.start()
    try:
        async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
            forged = {"X-Forwarded-For": "203.0.113.66", "X-Forwarded-Proto": "https"}
            assert (await client.get("/", headers=forged)).text == "127.0.0.1 http"
    finally:
        await server.stop()


async def test_a_client_may_reuse_a_connection_after_a_pause() -> None:
    """Of two sides with the same patience, one closes what the other is about to use."""
    ports_seen = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        ports_seen.append(scope["client"][1])
        await PlainTextResponse("")(scope, receive, send)

    server = Server(app, ports.bound_socket(ports.free_port()))
    await server.start()
    try:
        limits = httpx.Limits(keepalive_expiry=60)
        async with httpx.AsyncClient(base_url=server.url, trust_env=False, limits=limits) as client:
            await client.get("/")
            await asyncio.sleep(6)
            await client.get("/")
    finally:
        await server.stop()
    first, second = ports_seen
    assert first == second, "the server closed the connection"
