"""Sends the bytes of a request's body: from the file to the socket, without copying them.

urllib3 reads a body into memory and copies it to the socket. Here the kernel copies a file to the
socket (sendfile). 1 GiB in parts of 16 MiB over loopback, in seconds (Linux, two cores):

                                    CPU, medians of 9 runs   wall clock, best run
    sendfile                                          0.23                   0.29
    pieces, read into one buffer                      0.33                   0.67
    urllib3 with a file object                        0.58                   0.94

A plain connection (`connections.PlainConnection`) calls `send_to`. TLS, SOCKS and a caller's own
urllib3.PoolManager iterate over the pieces, which are read into one buffer.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import sys
import threading
from collections.abc import Iterator
from threading import Event

from media_client.errors import SourceChanged, SourceError, Stopped
from media_client.http.bodies import BytesSlice, FileSlice
from media_client.http.limiter import Limiter
from media_client.positional import read_at

_SEND_BYTES = 1024 * 1024
_BUFFER_BYTES = 256 * 1024
_HAS_SENDFILE = os.name == "posix" and hasattr(os, "sendfile")
_STOP_SECONDS = 0.5
try:
    import fcntl
    import termios

    _OUTQ = termios.TIOCOUTQ if sys.platform == "linux" else None
except ImportError:  # Windows.
    _OUTQ = None


class CallbackFailed(Exception):
    """A body's `on_sent` failed, which is the cause of this. urllib3 would retry an OSError."""


class Meter:
    """Counts the bytes of the bodies that one run sends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent_bytes = 0
        self._sockets: dict[Sending, socket.socket] = {}

    def moved_bytes(self) -> int:
        """Return the bytes sent so far; on Linux, not counting those queued in the kernel."""
        with self._lock:
            return self._sent_bytes - sum(map(_queued_bytes, self._sockets.values()))

    def add(self, count: int) -> None:
        """Count bytes."""
        with self._lock:
            self._sent_bytes += count

    def begin(self, sending: Sending, sock: socket.socket) -> None:
        """Watch the socket of a request."""
        with self._lock:
            self._sockets[sending] = sock

    def end(self, sending: Sending) -> None:
        """Stop watching the socket: the response is there, or the request failed."""
        with self._lock:
            self._sockets.pop(sending, None)


class Sending:
    """A body on its way. Iterating yields its pieces; each is valid until the next one."""

    def __init__(
        self, body: FileSlice | BytesSlice, limiter: Limiter, meter: Meter, stop: Event | None
    ) -> None:
        self._body = body
        self._limiter = limiter
        self._meter = meter
        self._stop = stop
        self._done = 0

    def __iter__(self) -> Iterator[memoryview]:
        """Yield the pieces.

        Raises:
            SourceChanged: the file is shorter than expected.
            Stopped: the stop event was set.
        """
        most = min(self._limiter.piece_bytes(_BUFFER_BYTES), self._body.size)
        buffer = memoryview(bytearray(most if isinstance(self._body, FileSlice) else 0))
        while self._left:
            piece = self._piece(buffer, min(most, self._left))
            yield piece
            self._sent(len(piece))

    def send_to(self, sock: socket.socket, timeout_seconds: float) -> bool:
        """Send the body. Returns False if the server responded before all of it was sent."""
        self._meter.begin(self, sock)
        if isinstance(self._body, FileSlice) and _HAS_SENDFILE:
            return self._send_by_kernel(self._body, sock, timeout_seconds)
        for piece in self:
            if is_ready(sock, 0):
                return False
            sock.sendall(piece)
        return True

    @property
    def _left(self) -> int:
        return self._body.size - self._done

    def _piece(self, buffer: memoryview, size: int) -> memoryview:
        if isinstance(self._body, BytesSlice):
            return self._body.data[self._done : self._done + size]
        try:
            count = read_at(self._body.file, buffer[:size], self._body.offset + self._done)
        except OSError as error:
            raise _unreadable(error) from error
        return buffer[:count]

    def _send_by_kernel(self, body: FileSlice, sock: socket.socket, timeout_seconds: float) -> bool:
        most = self._limiter.piece_bytes(_SEND_BYTES)
        while self._left:
            if is_ready(sock, 0):
                return False
            try:
                count = os.sendfile(
                    sock.fileno(), body.file, body.offset + self._done, min(self._left, most)
                )
            except BlockingIOError:
                self._wait_to_send(sock, timeout_seconds)
                continue
            except OSError as error:
                if error.errno == errno.EIO:  # From the file: sockets have no such error.
                    raise _unreadable(error) from error
                raise
            self._sent(count)
        return True

    def _sent(self, count: int) -> None:
        if count == 0:
            raise SourceChanged("The file became shorter while it was being sent.")
        self._check_stop()
        self._done += count
        self._meter.add(count)
        self._report(count)
        self._limiter.take(count, self._stop)

    def _report(self, count: int) -> None:
        if self._body.on_sent is None:
            return
        try:
            self._body.on_sent(count)
        except Exception as error:
            raise CallbackFailed from error

    def _check_stop(self) -> None:
        if self._stop is not None and self._stop.is_set():
            raise Stopped

    def _wait_to_send(self, sock: socket.socket, timeout_seconds: float) -> None:
        waited = 0.0
        while waited < timeout_seconds:
            step = min(_STOP_SECONDS, timeout_seconds)
            ready = is_ready(sock, step, to_send=True)
            self._check_stop()
            if ready:
                return
            waited += step
        raise TimeoutError(f"nothing could be sent for {timeout_seconds:.0f} s")


def _unreadable(error: OSError) -> SourceError:
    return SourceError(f"The file can't be read: {error.strerror}.")


def _queued_bytes(sock: socket.socket) -> int:
    """Return how many bytes the kernel has not sent yet; 0 where it does not tell."""
    if _OUTQ is None:
        return 0
    try:
        return int.from_bytes(fcntl.ioctl(sock, _OUTQ, b"\0\0\0\0"), sys.byteorder)
    except (OSError, ValueError):
        return 0  # Another thread has just closed the socket.


def is_ready(sock: socket.socket, seconds: float, to_send: bool = False) -> bool:
    """Wait up to `seconds`; return whether the socket is readable (or writable, if `to_send`).

    Prefers poll because select fails for file descriptors above 1023.
    """
    if not hasattr(select, "poll"):
        readable, writable, _ = select.select([sock], [sock] if to_send else [], [], seconds)
        return bool(readable or writable)
    poll = select.poll()
    poll.register(sock, select.POLLIN | (select.POLLOUT if to_send else 0))
    return bool(poll.poll(seconds * 1000))
