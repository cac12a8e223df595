"""Requests that arrive before the servers behind the API are ready."""

from __future__ import annotations

import httpx
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from local import ports
from local.startup_gate import StartupGate
from tests.local.conftest import StartStack


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("the app")(scope, receive, send)


async def test_keeps_all_but_head_out_until_it_is_open() -> None:
    gate = StartupGate(app)
    transport = httpx.ASGITransport(app=gate)
    async with httpx.AsyncClient(transport=transport, base_url="http://local.test") as client:
        early = await client.get("/health")
        head = await client.head("/storage-events")
        gate.open = True
        late = await client.get("/health")

    assert (early.status_code, early.json()) == (503, {"status": "starting"})
    assert (head.status_code, late.text) == (200, "the app")


async def test_nothing_reaches_the_servers_while_they_start(start_stack: StartStack) -> None:
    stack = start_stack()
    while not await ports.accepts(stack.port):
        assert stack.process.poll() is None
    async with httpx.AsyncClient(base_url=stack.url, trust_env=False, verify=False) as client:
        early = await client.post("/graphql", json={"query": "{ viewer { id } }"})
        stack.wait_until_running()
        late = await client.post("/graphql", json={"query": "{ viewer { id } }"})

    assert (early.status_code, late.status_code) == (503, 200)
