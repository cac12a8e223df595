"""A pool of keep-alive connections, shared by threads."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from threading import Event
from typing import TypeVar
from urllib.parse import urlsplit

from media_client.bodies import Body
from media_client.connection import Connection, Headers
from media_client.errors import NetworkError
from media_client.origin import Origin, origin_of

T = TypeVar("T")
_BODY_MAX_BYTES = 64 * 1024 * 1024


class Pool:
    """Reuses idle connections, most recently used first; each serves one request at a time."""

    def __init__(self, stop: Event | None = None) -> None:
        self._idle: dict[Origin, list[Connection]] = {}
        self._lock = threading.Lock()
        self._lent: set[Connection] = set()
        self._closed_bytes = 0
        self._closed = False
        self._tls: ssl.SSLContext | None = None
        self._stop = stop

    def request(
        self, method: str, url: str, headers: Headers, body: Body = b""
    ) -> tuple[HTTPResponse, bytes]:
        """Send a request and return the response with its body.

        Raises:
            NetworkError: there was no response, or it was incomplete.
        """
        return self.exchange(method, url, headers, body, _read_all)

    def exchange(
        self,
        method: str,
        url: str,
        headers: Headers,
        body: Body,
        read: Callable[[HTTPResponse], T],
    ) -> tuple[HTTPResponse, T]:
        """Send a request and let `read` consume the response body; returns what `read` does."""
        parsed = urlsplit(url)
        with self._borrowed(origin_of(parsed)) as connection:
            response = connection.request(method, parsed, headers, body)
            try:
                value = read(response)
            except (OSError, HTTPException) as error:
                connection.broken = True
                host = connection.origin.host
                raise NetworkError(f"The response from {host} was cut off: {error}.") from error
            connection.broken |= not response.isclosed()
            return response, value

    def moved_bytes(self) -> int:
        """Return how many body bytes have been sent; see `Connection.moved_bytes`."""
        with self._lock:
            idle = (connection for several in self._idle.values() for connection in several)
            return self._closed_bytes + sum(
                connection.moved_bytes() for connection in (*self._lent, *idle)
            )

    def close(self) -> None:
        """Close the idle connections, and those in use as soon as they are returned."""
        with self._lock:
            self._closed = True
            for connections in self._idle.values():
                for connection in connections:
                    connection.close()
            self._idle.clear()

    @contextmanager
    def _borrowed(self, origin: Origin) -> Iterator[Connection]:
        connection = self._take(origin)
        with self._lock:
            self._lent.add(connection)
        try:
            yield connection
        except BaseException:
            connection.broken = True
            raise
        finally:
            with self._lock:
                self._lent.discard(connection)
                if connection.broken or self._closed:
                    self._close(connection)
                else:
                    self._idle.setdefault(origin, []).append(connection)

    def _close(self, connection: Connection) -> None:
        self._closed_bytes += connection.moved_bytes()
        connection.close()

    def _take(self, origin: Origin) -> Connection:
        while True:
            with self._lock:
                connections = self._idle.get(origin)
                connection = connections.pop() if connections else None
                if connection is None and origin.scheme == "https" and self._tls is None:
                    self._tls = ssl.create_default_context()
            if connection is None:
                return Connection(origin, self._tls, self._stop)
            if not connection.is_stale():
                return connection
            with self._lock:
                self._close(connection)


def _read_all(response: HTTPResponse) -> bytes:
    """Read a whole body into memory. Only for responses that are known to be small."""
    body = response.read(_BODY_MAX_BYTES)
    if response.length:
        raise HTTPException(f"{response.length} bytes are missing")
    return body
