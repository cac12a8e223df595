"""A TCP proxy on the loopback interface that simulates network faults."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from local import ports

_CHUNK_BYTES = 64 * 1024
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER of 0 s: closing sends RST instead of FIN.

Then = Callable[["Connection"], None]


class Connection:
    """A client's connection, paired with its connection to the server."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._writers = (client, server)
        self.silent = False
        self.on_answer: Then | None = None

    def silence(self) -> None:
        """Stop forwarding without closing, like a firewall that has dropped the connection."""
        self.silent = True

    def cut(self) -> None:
        """Close both directions with FIN; unsent data is lost."""
        for writer in self._writers:
            writer.transport.abort()

    def reset(self) -> None:
        """Close both directions with RST."""
        for writer in self._writers:
            connected: socket.socket = writer.get_extra_info("socket")
            if connected.fileno() != -1:
                connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.cut()


@dataclass(frozen=True, slots=True)
class Trap:
    """A fault that is applied once, to the next request that matches the pattern."""

    pattern: re.Pattern[bytes]
    before: bool
    then: Then


class FaultProxy:
    """Forwards connections to `upstream_port`; attributes and methods enable faults.

    `latency_seconds` delays each chunk in both directions. `bytes_per_second` limits each
    direction of each connection. A connection that sends more than `cut_after_bytes` is cut.
    """

    def __init__(self, upstream_port: int) -> None:
        self.upstream_port = upstream_port
        self.port = ports.free_port()
        self.url = f"http://{ports.HOST}:{self.port}"
        self.connections: set[Connection] = set()
        self.heal()
        self._server: asyncio.Server | None = None
        self._closing: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def heal(self) -> None:
        """Disable all faults. Connections that have been silenced stay silent."""
        self.latency_seconds = 0.0
        self.bytes_per_second = 0.0
        self.cut_after_bytes: int | None = None
        self.is_black_hole = False
        self._trap: Trap | None = None

    async def up(self) -> None:
        """Accept connections."""
        if self._closing is not None:
            await self._closing
        self._server = await asyncio.start_server(self._serve, ports.HOST, self.port)

    def down(self) -> None:
        """Reset all connections and refuse new ones."""
        if self._server is not None:
            loop = asyncio.get_running_loop()
            for listener in self._server.sockets:
                loop.remove_reader(listener.fileno())
                listener.shutdown(socket.SHUT_RDWR)  # From now on connections are refused.
            self._closing = loop.create_task(_close(self._server))
            self._server = None
        self.each(Connection.reset)

    async def ended(self) -> None:
        """After `down`, wait until all connections are closed."""
        if self._closing is not None:
            await self._closing
        await asyncio.gather(*self._tasks)

    def black_hole(self) -> None:
        """Accept connections but discard their data, as if all packets were lost."""
        self.is_black_hole = True
        self.each(Connection.silence)

    def each(self, then: Then) -> None:
        """Apply the fault to every open connection."""
        for connection in list(self.connections):
            then(connection)

    def before(self, pattern: bytes, then: Then) -> None:
        """Apply the fault when the next matching request arrives; the server does not get it."""
        self._trap = Trap(re.compile(pattern), True, then)

    def after(self, pattern: bytes, then: Then) -> None:
        """Apply the fault when the server responds to the next matching request.

        The client gets no response.
        """
        self._trap = Trap(re.compile(pattern), False, then)

    @property
    def sprung(self) -> bool:
        """Return whether the fault of `before` or `after` has happened."""
        return self._trap is None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            upstream = await asyncio.open_connection(ports.HOST, self.upstream_port)
        except OSError:
            writer.transport.abort()
            return
        if self._server is None:  # The connection was accepted just before `down`.
            writer.transport.abort()
            upstream[1].transport.abort()
            return
        connection = Connection(writer, upstream[1])
        connection.silent = self.is_black_hole
        self.connections.add(connection)
        try:
            await asyncio.gather(
                self._pump(connection, reader, upstream[1], to_server=True),
                self._pump(connection, upstream[0], writer, to_server=False),
            )
        finally:
            connection.cut()
            self.connections.discard(connection)

    async def _pump(
        self,
        connection: Connection,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        *,
        to_server: bool,
    ) -> None:
        passed = 0
        try:
            while data := await source.read(_CHUNK_BYTES):
                await self._delay(len(data))
                if to_server:
                    self._spring(connection, data)
                elif connection.on_answer is not None:
                    then, connection.on_answer = connection.on_answer, None
                    connection.silence()
                    then(connection)
                if connection.silent:
                    continue
                room = len(data) if self.cut_after_bytes is None else self.cut_after_bytes - passed
                sink.write(data[: max(0, room)])
                await sink.drain()
                passed += len(data)
                if room < len(data):
                    break
            if not connection.silent:
                sink.close()  # HTTP and MongoDB need both directions open.
        except OSError:
            connection.cut()

    async def _delay(self, size_bytes: int) -> None:
        seconds = self.latency_seconds
        if self.bytes_per_second:
            seconds += size_bytes / self.bytes_per_second
        if seconds:
            await asyncio.sleep(seconds)

    def _spring(self, connection: Connection, data: bytes) -> None:
        trap = self._trap
        if trap is None or not trap.pattern.search(data):
            return
        self._trap = None
        if trap.before:
            connection.silence()
            trap.then(connection)
        else:
            connection.on_answer = trap.then


async def _close(server: asyncio.Server) -> None:
    """Close the server after all accepted connections have been handed to it.

    Otherwise Python 3.11 loses an accepted connection without closing it
    (https://github.com/python/cpython/issues/109564).
    """
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    server.close()


@asynccontextmanager
async def fault_proxy(upstream_port: int) -> AsyncIterator[FaultProxy]:
    """Run a proxy."""
    proxy = FaultProxy(upstream_port)
    await proxy.up()
    try:
        yield proxy
    finally:
        proxy.down()
        await proxy.ended()
