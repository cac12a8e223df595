"""Asks issuers for their keys (OpenID Connect Discovery 1.0, sections 4 and 4.3).

An issuer may be slow, broken or hostile. So an answer is bounded in time and bytes, and no redirect
is followed. Each issuer has a thread of its own: a slow one delays neither the event loop nor
the others, and a thread that hangs is the only one.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gql_api.adapters.oidc.keys import usable_keys
from gql_api.domain.deadline import seconds_left
from gql_api.domain.errors import IssuerUnavailable
from gql_api.domain.issuers import Key, is_safe_url

if TYPE_CHECKING:
    import http.client

ANSWER_SECONDS = 3.0
"""The time for both documents together. A request has 8 seconds in total."""
METADATA_MAX_BYTES = 64 * 1024
KEY_SET_MAX_BYTES = 256 * 1024
_PATH = "/.well-known/openid-configuration"
_HEADERS = {"Accept": "application/json", "User-Agent": "media-upload-service"}


class HttpKeySetSource:
    """Implements `KeySetSource`."""

    def __init__(self, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._answer_seconds = answer_seconds
        self._threads: dict[str, ThreadPoolExecutor] = {}

    async def fetch(self, issuer: str) -> Mapping[str, Key]:
        """See `KeySetSource.fetch`."""
        seconds = min(self._answer_seconds, seconds_left() or self._answer_seconds)
        until = time.monotonic() + seconds
        if issuer not in self._threads:
            self._threads[issuer] = ThreadPoolExecutor(1, "issuer")
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._threads[issuer], _fetch, issuer, until)
        try:
            return await asyncio.wait_for(work, seconds)
        except TimeoutError:
            raise IssuerUnavailable(f"It did not answer within {seconds:.1f} s.") from None


def _fetch(issuer: str, until: float) -> Mapping[str, Key]:
    metadata = _get_json(f"{issuer.rstrip('/')}{_PATH}", METADATA_MAX_BYTES, until)
    if not isinstance(metadata, dict) or metadata.get("issuer") != issuer:
        raise IssuerUnavailable("Its metadata is that of another issuer.")
    url: Any = metadata.get("jwks_uri")
    if not is_safe_url(url, like=issuer):
        raise IssuerUnavailable("The address of its keys is not an https URL.")
    keys = usable_keys(_get_json(url, KEY_SET_MAX_BYTES, until))
    if not keys:
        raise IssuerUnavailable("Its key set has no usable key.")
    return keys


def _get_json(url: str, max_bytes: int, until: float) -> Any:
    import http.client

    try:
        status, body = _get(url, max_bytes, until)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise IssuerUnavailable(f"It could not be asked: {type(error).__name__}.") from error
    if status != 200:
        raise IssuerUnavailable(f"It answered with status {status}.")
    if len(body) > max_bytes:
        raise IssuerUnavailable(f"Its answer has more than {max_bytes} bytes.")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise IssuerUnavailable("Its answer is not JSON.") from error


def _get(url: str, max_bytes: int, until: float) -> tuple[int, bytes]:
    """Return the status and at most one byte more than allowed."""
    connection = _connection(url, until)
    parts = urlsplit(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    with contextlib.closing(connection), _cut_off(connection, until):
        connection.request("GET", target, headers=_HEADERS)
        response = connection.getresponse()
        return response.status, response.read(max_bytes + 1)


def _connection(url: str, until: float) -> http.client.HTTPConnection:
    # Imported here: without issuers, it would only slow down each start.
    import http.client
    import ssl

    parts, seconds = urlsplit(url), max(until - time.monotonic(), 0.001)
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=seconds, context=context)
    return http.client.HTTPConnection(host, port, timeout=seconds)


@contextlib.contextmanager
def _cut_off(connection: http.client.HTTPConnection, until: float) -> Iterator[None]:
    """Connect, and end the connection at this time.

    A timeout applies to each read, so an answer could drip for hours.
    """
    connection.connect()
    end = threading.Timer(max(until - time.monotonic(), 0), _shut_down, [connection.sock])
    end.daemon = True
    end.start()
    try:
        yield
    finally:
        end.cancel()


def _shut_down(connected: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)
