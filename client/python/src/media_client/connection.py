"""A keep-alive HTTP/1.1 connection that sends files without copying them.

http.client can't send part of a file, and it copies what it sends. The same is true of libraries
built on it.
This module writes the request head itself. The body goes from the file to the socket inside the
kernel (sendfile) or, with TLS, through one small buffer. http.client parses the response.
"""

from __future__ import annotations

import os
import select
import socket
import ssl
import sys
from collections.abc import Sequence
from http.client import HTTPException, HTTPResponse
from threading import Event
from typing import BinaryIO
from urllib.parse import SplitResult

from media_client.bodies import Body, BytesSlice, FileSlice
from media_client.errors import NetworkError, SourceChanged, Stopped
from media_client.origin import IDLE_TIMEOUT_SECONDS, Origin, connect, unreachable

_SEND_BYTES = 1024 * 1024
_BUFFER_BYTES = 256 * 1024
_MORE = getattr(socket, "MSG_MORE", 0)  # Linux: send the head in one packet with the body.
_HAS_SENDFILE = os.name == "posix" and hasattr(os, "sendfile")
_STOP_SECONDS = 0.5
try:
    import fcntl
    import termios

    _OUTQ = termios.TIOCOUTQ if sys.platform == "linux" else None
except ImportError:  # Windows.
    _OUTQ = None

Headers = Sequence[tuple[str, str]]


class Connection:
    """A connection to `origin`. Must not be reused once it is `broken`."""

    def __init__(self, origin: Origin, tls: ssl.SSLContext | None, stop: Event | None = None):
        self.origin = origin
        self.broken = False
        self._sent_bytes = 0
        self._stop = stop
        self._plain_proxy = origin.proxy is not None and origin.scheme == "http"
        self._socket = connect(origin, tls)

    def request(
        self,
        method: str,
        url: SplitResult,
        headers: Headers,
        body: Body = b"",
    ) -> HTTPResponse:
        """Send a request and read the response head; the caller reads the body.

        Stops sending if the server responds early, for example with an error.

        Raises:
            NetworkError: the connection failed or the response was incomplete.
            SourceChanged: the file is shorter than expected.
            Stopped: the stop event was set.
        """
        size = len(body) if isinstance(body, bytes) else body.size
        head = self._head(method, url, headers, size)
        response: HTTPResponse | None = None
        complete = False
        try:
            try:
                self._send(head, body, size)
                complete = True
            except (BrokenPipeError, ConnectionResetError):
                self.broken = True  # The server may have responded anyway.
            response = HTTPResponse(self._socket, method=method)
            response.begin()
        except (OSError, HTTPException) as error:
            self.broken = True
            raise unreachable(error, self.origin) from error
        except BaseException:
            self.broken = True
            raise
        if not complete or self._early or response.will_close:
            self.broken = True
        return response

    def is_stale(self) -> bool:
        """Whether the server has closed this idle connection (it has become readable)."""
        return _ready(self._socket, 0)

    def moved_bytes(self) -> int:
        """Return the body bytes sent so far; on Linux, not counting those queued in the kernel."""
        if _OUTQ is None or self._socket.fileno() < 0:
            return self._sent_bytes
        waiting = fcntl.ioctl(self._socket, _OUTQ, b"\0\0\0\0")
        return max(0, self._sent_bytes - int.from_bytes(waiting, sys.byteorder))

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    # ------------------------------------------------------------ sending

    _early = False

    def _head(self, method: str, url: SplitResult, headers: Headers, size: int) -> bytes:
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        if self._plain_proxy:
            target = f"{url.scheme}://{url.netloc}{target}"
        lines = [f"{method} {target} HTTP/1.1", f"Host: {url.netloc.rpartition('@')[2]}"]
        if size or method not in ("GET", "HEAD"):
            lines.append(f"Content-Length: {size}")
        lines += [
            f"{name}: {value}"
            for name, value in headers
            if name.lower() not in ("host", "content-length")
        ]
        if any("\r" in line or "\n" in line for line in lines):
            raise NetworkError("The request was not sent: its URL or a header has a line break.")
        return "\r\n".join((*lines, "", "")).encode("latin-1")

    def _send(self, head: bytes, body: Body, size: int) -> None:
        self._early = False
        if isinstance(body, bytes):
            self._socket.sendall(head + body)
        elif not size:
            self._socket.sendall(head)
        elif isinstance(body, BytesSlice):
            self._socket.sendall(head)
            self._send_bytes(body)
        elif isinstance(self._socket, ssl.SSLSocket) or not _HAS_SENDFILE:
            self._socket.sendall(head)
            self._send_buffered(body)
        else:
            self._socket.sendall(head, _MORE)
            self._send_by_kernel(body)

    def _send_bytes(self, body: BytesSlice) -> None:
        sent = 0
        while sent < body.size and not self._answered_early():
            piece = body.data[sent : sent + _BUFFER_BYTES]
            self._socket.sendall(piece)
            sent = self._sent(body, sent, len(piece))

    def _send_by_kernel(self, body: FileSlice) -> None:
        out, sent = self._socket.fileno(), 0
        while sent < body.size:
            if self._answered_early():
                return
            try:
                count = os.sendfile(
                    out, body.file, body.offset + sent, min(body.size - sent, _SEND_BYTES)
                )
            except BlockingIOError:
                self._wait_to_send()
                continue
            sent = self._sent(body, sent, count)

    def _send_buffered(self, body: FileSlice) -> None:
        buffer, sent = memoryview(bytearray(min(_BUFFER_BYTES, body.size))), 0
        while sent < body.size:
            if self._answered_early():
                return
            piece = buffer[: min(len(buffer), body.size - sent)]
            count = _read_at(body.file, piece, body.offset + sent)
            self._socket.sendall(piece[:count])
            sent = self._sent(body, sent, count)

    def _sent(self, body: FileSlice | BytesSlice, sent: int, count: int) -> int:
        if count == 0:
            raise SourceChanged("The file became shorter while it was being sent.")
        if self._stop is not None and self._stop.is_set():
            raise Stopped("The transfer was stopped.")
        self._sent_bytes += count
        if body.on_sent is not None:
            body.on_sent(count)
        return sent + count

    def _answered_early(self) -> bool:
        """Whether the server has responded before the whole body was sent."""
        if isinstance(self._socket, ssl.SSLSocket):
            return False  # A readable socket may hold TLS records that are not a response.
        self._early = _ready(self._socket, 0)
        return self._early

    def _wait_to_send(self) -> None:
        waited = 0.0
        while waited < IDLE_TIMEOUT_SECONDS:
            ready = _ready(self._socket, _STOP_SECONDS, to_send=True)
            if self._stop is not None and self._stop.is_set():
                raise Stopped("The transfer was stopped.")
            if ready:
                return
            waited += _STOP_SECONDS
        raise TimeoutError(f"nothing could be sent for {IDLE_TIMEOUT_SECONDS:.0f} s")


def _ready(sock: socket.socket, seconds: float, to_send: bool = False) -> bool:
    """Wait up to `seconds`; return whether the socket is readable (or writable, if `to_send`).

    Prefers poll because select fails for file descriptors above 1023.
    """
    if not hasattr(select, "poll"):
        readable, writable, _ = select.select([sock], [sock] if to_send else [], [], seconds)
        return bool(readable or writable)
    poll = select.poll()
    poll.register(sock, select.POLLIN | (select.POLLOUT if to_send else 0))
    return bool(poll.poll(seconds * 1000))


def _read_at(file: int, buffer: memoryview, offset: int) -> int:
    if hasattr(os, "preadv"):
        return os.preadv(file, [buffer], offset)
    stream: BinaryIO
    with os.fdopen(os.dup(file), "rb", buffering=0) as stream:
        stream.seek(offset)
        return stream.readinto(buffer) or 0
