"""A TCP proxy on the loopback interface that does what networks do on bad days."""

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
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER of 0 s: the close sends RST in place of FIN.

Then = Callable[["Connection"], None]


class Connection:
    """One connection of a client, and the one to the server that belongs to it."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._writers = (client, server)
        self.silent = False
        self.on_answer: Then | None = None

    def silence(self) -> None:
        """Forward nothing more, and tell nobody: a firewall has forgotten the connection."""
        self.silent = True

    def cut(self) -> None:
        """End it in both directions with FIN; what is not sent yet is lost."""
        for writer in self._writers:
            writer.transport.abort()

    def reset(self) -> None:
        """End it in both directions with RST."""
        for writer in self._writers:
            connected: socket.socket = writer.get_extra_info("socket")
            if connected.fileno() != -1:
                connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.cut()


@dataclass(frozen=True, slots=True)
class Trap:
    """What happens, once, to the request that the pattern matches."""

    pattern: re.Pattern[bytes]
    before: bool
    then: Then


class FaultProxy:
    """Forwards connections to `upstream_port`; attributes and methods switch faults on.

    `latency_seconds` is added to each chunk of either direction; `bytes_per_second` limits each
    connection in each direction; a connection that sends more than `cut_after_bytes` is cut.
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
        """No more faults. Connections that are silent stay so."""
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
        """Return once all connections are gone, after `down`."""
        if self._closing is not None:
            await self._closing
        await asyncio.gather(*self._tasks)

    def black_hole(self) -> None:
        """Accept connections, and swallow all that comes: the packets get lost from here on."""
        self.is_black_hole = True
        self.each(Connection.silence)

    def each(self, then: Then) -> None:
        """Do this to each connection there is."""
        for connection in list(self.connections):
            then(connection)

    def before(self, pattern: bytes, then: Then) -> None:
        """Do this to the connection of the next such request, which the server does not get."""
        self._trap = Trap(re.compile(pattern), True, then)

    def after(self, pattern: bytes, then: Then) -> None:
        """Do this once the server answers the next such request; the client gets no answer."""
        self._trap = Trap(re.compile(pattern), False, then)

    @property
    def sprung(self) -> bool:
        """Whether the request of `before` or `after` has come."""
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
        if self._server is None:  # It came just before `down`.
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
                sink.close()  # One direction of HTTP or MongoDB is no use without the other.
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
    """Close the server, which accepts no more, once what it has accepted belongs to it.

    Python 3.11 loses a connection that is between the two, without closing it
    (https://github.com/python/cpython/issues/109564).
    """
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    server.close()


@asynccontextmanager
async def fault_proxy(upstream_port: int) -> AsyncIterator[FaultProxy]:
    """A proxy that runs."""
    proxy = FaultProxy(upstream_port)
    await proxy.up()
    try:
        yield proxy
    finally:
        proxy.down()
        await proxy.ended()
