"""The fault proxy works as documented."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from local import ports
from tests.faults.proxy import Connection, FaultProxy, fault_proxy


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1000):
        writer.write(data)
        await writer.drain()
    writer.close()


@pytest.fixture
async def proxy() -> AsyncIterator[FaultProxy]:
    """A proxy in front of an echo server."""
    port = ports.free_port()
    server = await asyncio.start_server(_echo, ports.HOST, port)
    async with fault_proxy(port) as proxy:
        yield proxy
    server.close()


async def _exchange(proxy: FaultProxy, sent: bytes) -> bytes:
    """Return the echo: all bytes that were sent, or fewer if the connection ends early."""
    reader, writer = await asyncio.open_connection(ports.HOST, proxy.port)
    try:
        writer.write(sent)
        got = b""
        while len(got) < len(sent) and (data := await reader.read(1000)):
            got += data
        return got
    finally:
        writer.close()


async def test_without_a_fault_all_comes_through(proxy: FaultProxy) -> None:
    assert await _exchange(proxy, b"x" * 300_000) == b"x" * 300_000


async def test_a_cut_lets_so_much_through(proxy: FaultProxy) -> None:
    proxy.cut_after_bytes = 100
    assert len(await _exchange(proxy, b"x" * 5000)) <= 100
    proxy.heal()
    assert await _exchange(proxy, b"all") == b"all"


async def test_a_reset_is_one(proxy: FaultProxy) -> None:
    proxy.before(b"please", Connection.reset)
    assert await _exchange(proxy, b"hello") == b"hello"
    with pytest.raises(ConnectionResetError):
        await _exchange(proxy, b"please")
    assert proxy.sprung


async def test_a_lost_answer_was_given(proxy: FaultProxy) -> None:
    proxy.after(b"please", Connection.cut)
    assert await _exchange(proxy, b"please") == b""
    assert await _exchange(proxy, b"please") == b"please"


async def test_a_black_hole_says_nothing_and_stays_one(proxy: FaultProxy) -> None:
    reader, writer = await asyncio.open_connection(ports.HOST, proxy.port)
    writer.write(b"1")
    assert await reader.read(1) == b"1"
    proxy.black_hole()
    writer.write(b"2")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(_exchange(proxy, b"x"), 0.2)
    proxy.heal()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.read(1), 0.2)
    assert await _exchange(proxy, b"y") == b"y"
    writer.close()


async def test_down_refuses_until_it_is_up(proxy: FaultProxy) -> None:
    proxy.down()
    with pytest.raises(ConnectionRefusedError):
        await _exchange(proxy, b"x")
    await proxy.up()
    assert await _exchange(proxy, b"x") == b"x"
