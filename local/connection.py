"""One connection of the HTTP server, with limits for clients that send or read too slowly.

uvicorn limits only how long a connection may be idle after a response, and any byte ends that time.
Requests that are never finished and responses that are never read would occupy memory and sockets
for as long as the client likes.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import h11
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

_REQUEST_SECONDS = 8.0  # As in gql_api/domain/deadline.py.
# h11 refuses an incomplete head that is longer, but not a head that arrives in one piece. In slices
# of this size, no head of more than 32 KiB gets through.
_SLICE_BYTES = 16 * 1024
# The app itself responds to a body that is late. It gets this long to send the response.
_ANSWER_SECONDS = 1.0
# A client that reads less than this in `seconds` is cut off: 6 KiB/s. It is the difference between
# the levels of asyncio's buffer at which writing stops and continues.
_READ_BYTES_MIN = 48 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a server.

    `seconds`: how long a client may take to send a request, and how long it may read nothing of a
    response. `connections`: how many may be open at once. Each needs a file descriptor, of which
    many systems allow a process 1024.
    """

    seconds: float = _REQUEST_SECONDS
    connections: int = 512


class Connection(H11Protocol):
    """Serves the requests of one connection."""

    limits = Limits()

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._receiving: asyncio.TimerHandle | None = None
        self._sending: asyncio.TimerHandle | None = None
        self._unsent_bytes = 0
        self._has_read = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request, or refuse the connection if there are too many."""
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            self._refuse("503 Service Unavailable", "There are too many connections.")
        else:
            self._watch_request()

    def data_received(self, data: bytes) -> None:
        """Read a part of a request."""
        for start in range(0, len(data), _SLICE_BYTES):
            if self.transport.is_closing():
                return
            super().data_received(data[start : start + _SLICE_BYTES])
        self._watch_request()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request, and for the client to read the response."""
        super().on_response_complete()
        self._watch_request()
        self._watch_response()

    def pause_writing(self) -> None:
        """Note that the client does not read as fast as the app writes."""
        super().pause_writing()
        self._watch_response()

    def resume_writing(self) -> None:
        """Note that the client has read most of what was written."""
        super().resume_writing()
        self._has_read = True

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        for timer in (self._receiving, self._sending):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def _watch_request(self) -> None:
        """Limit the time of a request that has begun and is incomplete, from its first byte on."""
        if self.transport.is_closing() or not self._expects_data():
            if self._receiving is not None:
                self._receiving.cancel()
                self._receiving = None
        elif self._receiving is None:
            self._receiving = self.loop.call_later(self.limits.seconds, self._late)

    def _expects_data(self) -> bool:
        """Return whether the client must send something, for which uvicorn sets no time limit."""
        if self.conn.their_state is h11.IDLE:
            return self.timeout_keep_alive_task is None or bool(self.conn.trailing_data[0])
        return self.conn.their_state is h11.SEND_BODY

    def _late(self, *, answered: bool = False) -> None:
        """Close the connection, unless the service itself has not read what the client sent."""
        self._receiving = None
        if self.flow.read_paused:
            self._watch_request()
        elif self.conn.their_state is h11.IDLE:
            self._refuse("408 Request Timeout", "The request did not arrive in time.")
        elif answered or self.cycle.response_complete:
            self.transport.close()
        else:
            self._receiving = self.loop.call_later(
                _ANSWER_SECONDS, lambda: self._late(answered=True)
            )

    def _refuse(self, status: str, message: str) -> None:
        """Send an error in the form of GraphQL, and close the connection."""
        error = {"message": message, "extensions": {"code": "BAD_REQUEST"}}
        body = json.dumps({"errors": [error]})
        head = (
            f"HTTP/1.1 {status}\r\nContent-Type: application/json; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        self.transport.write((head + body).encode())
        self.transport.close()
        self._watch_response()

    def _watch_response(self) -> None:
        """Limit the time in which the client reads nothing, as long as something is unread."""
        self._unsent_bytes = self.transport.get_write_buffer_size()
        if self._unsent_bytes and self._sending is None:
            self._has_read = False
            self._sending = self.loop.call_later(self.limits.seconds, self._check_response)

    def _check_response(self) -> None:
        """Abort the connection if the client reads too slowly.

        Closing it would wait for the client. If less than `_READ_BYTES_MIN` was unread, the client
        must have read all of it.
        """
        self._sending = None
        unread_bytes = self.transport.get_write_buffer_size()
        allowed_bytes = max(0, self._unsent_bytes - _READ_BYTES_MIN)
        if unread_bytes > allowed_bytes and not self._has_read:
            self.transport.abort()
        else:
            self._watch_response()
