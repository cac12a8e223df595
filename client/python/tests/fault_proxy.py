"""A proxy in front of the bucket that injects network faults."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable

from client.python.tests.service import wait_until

_READ_BYTES = 64 * 1024
SLOW_DOWN = (
    b"HTTP/1.1 503 Slow Down\r\nRetry-After: 0\r\nConnection: close\r\nContent-Length: 51\r\n\r\n"
    b"<Error><Code>SlowDown</Code><Message/></Error>     "
)


class FaultProxy:
    """Forwards connections to `target_port`, with the faults that its attributes set.

    `received` counts the bytes from clients, heads and bodies. `tls` is used toward clients.
    """

    def __init__(self, target_port: int, tls: ssl.SSLContext | None = None) -> None:
        self._target_port = target_port
        self._tls = tls
        self.port = 0
        self.open()
        self.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{self.port}"
        self.active = 0
        self._lock = threading.Lock()
        self.reset()

    def open(self) -> None:
        """Accept connections, again on the same port after `close`."""
        self._server = socket.create_server(("127.0.0.1", self.port))
        self._server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 256 * 1024)
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._accept, args=(self._server,), daemon=True).start()

    def reset(self) -> None:
        """Forward everything, and count from zero."""
        self.received = 0
        self.connections = 0
        self.cut_each_after: int | None = None
        self.cuts_left = 0
        self.refusals_left = 0
        self.refusal = SLOW_DOWN
        self.refused = 0
        self.hold_after: int | None = None
        self.bytes_per_second: float | None = None

    def let_go(self) -> None:
        """Forward the bytes that a dead client left in the buffers, then count from zero."""
        self.hold_after = None
        wait_until(lambda: self.active == 0)
        self.reset()

    def close(self) -> None:
        """Stop accepting connections."""
        self._server.shutdown(socket.SHUT_RDWR)  # Ends `accept`, which keeps the port in use.
        self._server.close()

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with self._lock:
            refuse = self.refusals_left > 0
            self.refusals_left -= refuse
            cut = self.cut_each_after if self.cuts_left > 0 else None
            self.cuts_left -= cut is not None
        try:
            if self._tls is not None:
                client = self._tls.wrap_socket(client, server_side=True)
            if refuse:
                self.refused += 1
                client.recv(_READ_BYTES)
                client.sendall(self.refusal)
                client.close()
                return
            upstream = socket.create_connection(("127.0.0.1", self._target_port))
        except OSError:
            client.close()
            return
        back = threading.Thread(target=copy, args=(upstream, client), daemon=True)
        back.start()
        self._add_active(1)
        copy(client, upstream, self._count, cut)
        back.join()
        self._add_active(-1)

    def _add_active(self, count: int) -> None:
        with self._lock:
            self.active += count

    def _count(self, count: int) -> None:
        with self._lock:
            self.received += count
        if self.bytes_per_second is not None:
            time.sleep(count / self.bytes_per_second)
        while self.hold_after is not None and self.received >= self.hold_after:
            time.sleep(0.005)


def copy(
    source: socket.socket,
    target: socket.socket,
    count: Callable[[int], None] | None = None,
    cut_after: int | None = None,
) -> None:
    """Forward bytes until either side closes, or `cut_after` bytes; then close both sides."""
    passed = 0
    try:
        while piece := source.recv(_READ_BYTES):
            if count is not None:
                count(len(piece))
            target.sendall(piece)
            passed += len(piece)
            if cut_after is not None and passed >= cut_after:
                break
    except OSError:
        pass
    for side in (source, target):
        with contextlib.suppress(OSError):
            side.shutdown(socket.SHUT_RDWR)
        side.close()
