"""A TCP proxy that simulates a slow line: a delay, and a limited rate per connection.

    python slow_line.py LISTEN_PORT TARGET_PORT DELAY_SECONDS BYTES_PER_SECOND

The delay and the rate apply to what the client sends; responses pass unchanged, so the delay is
that of a round trip. Buffers are small, so that they cannot absorb a whole file.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections import deque

_READ_BYTES = 64 * 1024
_BUFFER_BYTES = 256 * 1024


class Line:
    """One direction of one connection."""

    def __init__(self, delay_seconds: float, rate: float) -> None:
        self._delay_seconds = delay_seconds
        self._rate = rate
        self._pieces: deque[tuple[float, bytes]] = deque()
        self._free_at = 0.0
        self._changed = asyncio.Condition()

    async def fill(self, reader: asyncio.StreamReader) -> None:
        """Read bytes, as fast as the rate allows."""
        loop = asyncio.get_running_loop()
        while True:
            piece = await reader.read(_READ_BYTES)
            self._free_at = max(self._free_at, loop.time()) + len(piece) / self._rate
            async with self._changed:
                self._pieces.append((self._free_at + self._delay_seconds, piece))
                self._changed.notify()
            if not piece:
                return
            await asyncio.sleep(max(0.0, self._free_at - loop.time()))

    async def empty(self, writer: asyncio.StreamWriter) -> None:
        """Write bytes once their delay has passed."""
        loop = asyncio.get_running_loop()
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self._pieces)
                due, piece = self._pieces.popleft()
            await asyncio.sleep(max(0.0, due - loop.time()))
            if not piece:
                return
            writer.write(piece)
            await writer.drain()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(_READ_BYTES):
        writer.write(piece)
        await writer.drain()


async def _serve(listen: int, target: int, delay_seconds: float, rate: float) -> None:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", target)
        line = Line(delay_seconds, rate)
        tasks = [
            asyncio.create_task(work)
            for work in (
                line.fill(reader),
                line.empty(upstream_writer),
                _copy(upstream_reader, writer),
            )
        ]
        with contextlib.suppress(OSError):
            _, pending = await asyncio.wait(tasks[1:], return_when=asyncio.FIRST_COMPLETED)
            for task in (tasks[0], *pending):
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for side in (writer, upstream_writer):
            side.close()

    sock = socket.create_server(("127.0.0.1", listen))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
    server = await asyncio.start_server(connected, sock=sock, limit=_READ_BYTES)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])))
