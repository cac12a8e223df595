"""Requests over keep-alive connections, which the threads of one client share."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from threading import Event
from typing import TYPE_CHECKING, TypeVar, cast

from media_client.errors import MediaError, NetworkError
from media_client.http.bodies import Body
from media_client.http.limiter import Limiter
from media_client.http.sending import CallbackFailed, Meter, Sending
from media_client.http.settings import HttpSettings
from media_client.http.target import Target
from media_client.version import USER_AGENT

if TYPE_CHECKING:
    import urllib3

    from media_client.http.connections import Connections

T = TypeVar("T")
Headers = Sequence[tuple[str, str]]

_BODY_MAX_BYTES = 64 * 1024 * 1024
_log = logging.getLogger("media_client")
_opening = threading.Lock()


class Pool:
    """Sends the requests of a client, or of one of its runs (`for_run`)."""

    def __init__(
        self, settings: HttpSettings | None = None, http_client: urllib3.PoolManager | None = None
    ) -> None:
        self.settings = settings or HttpSettings()
        self.limiter = Limiter(self.settings.bytes_per_second)
        self._http_client = http_client
        self._client: Pool | None = None  # Of a run: the pool that has the connections.
        self._connections: Connections | None = None
        self._stop: Event | None = None
        self._meter = Meter()

    def for_run(self, stop: Event) -> Pool:
        """Return a pool for one run of transfers, which ends when `stop` is set.

        It uses the connections and the bandwidth of this one.
        """
        run = Pool(self.settings)
        run.limiter, run._client, run._stop = self.limiter, self._client or self, stop
        return run

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
        """Send a request and let `read` consume the response body; returns what `read` does.

        Stops sending if the server responds early, for example with an error.

        Raises:
            NetworkError: there was no response, or it was incomplete.
            SourceChanged: a file is shorter than expected.
            Stopped: the run was stopped.
        """
        target, began = Target.of(url), time.monotonic()
        where = f"{method} {target.authority}{target.path}"
        try:
            response, value = self._exchange(method, target, headers, body, read)
        except MediaError as error:
            _log.debug("%s: %s, %.0f ms", where, type(error).__name__, _milliseconds(began))
            raise
        _log.debug(
            "%s: %d, %.0f ms, request %s",
            where,
            response.status,
            _milliseconds(began),
            request_id_of(response) or "-",
        )
        return response, value

    def _exchange(
        self,
        method: str,
        target: Target,
        headers: Headers,
        body: Body,
        read: Callable[[HTTPResponse], T],
    ) -> tuple[HTTPResponse, T]:
        from urllib3.exceptions import HTTPError  # Slow to import; see `connections`.

        answer = self._send(method, target, _complete(headers, target, body, method), body)
        # urllib3's own `readinto` copies the bytes. The library requests uses this attribute, too.
        response = cast(HTTPResponse, getattr(answer, "_original_response", None) or answer)
        try:
            value = read(response)
        except (OSError, HTTPException, HTTPError) as error:
            raise NetworkError(f"The response from {target.host} was cut off: {error}.") from error
        finally:
            if not response.isclosed():
                answer.close()
            answer.release_conn()
        return response, value

    def _send(
        self, method: str, target: Target, headers: dict[str, str], body: Body
    ) -> urllib3.BaseHTTPResponse:
        from urllib3.exceptions import HTTPError

        from media_client.http.failures import network_error, proxy_login_needed

        connections = (self._client or self)._opened()
        proxy = connections.proxy(target.scheme, target.host, target.port)
        try:
            with self._sending(body) as bytes_or_pieces:
                answer = connections.send(method, target, headers, bytes_or_pieces, proxy)
        except (HTTPError, OSError, HTTPException, ValueError) as error:
            raise network_error(error, target.host, target.port, proxy) from error
        except CallbackFailed as failed:
            raise failed.__cause__ or failed from None
        if answer.status == 407 and proxy is not None:
            answer.close()
            raise proxy_login_needed(proxy)
        return answer

    @contextmanager
    def _sending(self, body: Body) -> Iterator[bytes | Sending]:
        if isinstance(body, bytes) or not body.size:
            yield body if isinstance(body, bytes) else b""
            return
        sending = Sending(body, self.limiter, self._meter, self._stop)
        try:
            yield sending
        finally:
            self._meter.end(sending)

    def _opened(self) -> Connections:
        if self._connections is None:
            with _opening:
                from media_client.http.connections import Connections

                self._connections = self._connections or Connections(
                    self.settings, self._http_client
                )
        return self._connections

    def moved_bytes(self) -> int:
        """Return how many body bytes have been sent; see `Meter.moved_bytes`."""
        return self._meter.moved_bytes()

    def close(self) -> None:
        """Close the client's idle connections. A run leaves them open for the next one."""
        if self._connections is not None:
            self._connections.close()


def _complete(headers: Headers, target: Target, body: Body, method: str) -> dict[str, str]:
    """Return the headers with those that every request has. The signature covers the host."""
    complete = {"Host": target.authority, "User-Agent": USER_AGENT}
    size = len(body) if isinstance(body, bytes) else body.size
    if size or method not in ("GET", "HEAD"):
        complete["Content-Length"] = str(size)
    own = {name.lower() for name in complete}
    complete.update((name, value) for name, value in headers if name.lower() not in own)
    return complete


def request_id_of(response: HTTPResponse) -> str | None:
    """Return the id that the service or the bucket gave the request."""
    return response.getheader("X-Request-Id") or response.getheader("x-amz-request-id")


def _milliseconds(began: float) -> float:
    return (time.monotonic() - began) * 1000


def _read_all(response: HTTPResponse) -> bytes:
    """Read a whole body into memory. Only for responses that are known to be small."""
    body = response.read(_BODY_MAX_BYTES)
    missing = getattr(response, "length", 0)
    if missing:
        raise HTTPException(f"{missing} bytes are missing")
    return body
