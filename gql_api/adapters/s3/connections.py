"""HTTP connections to the store that are kept alive, without boto3.

The standard library's client takes a tenth of boto3's processor time for a request. It is imported
when the first connection is opened.
"""

from __future__ import annotations

import base64
import contextlib
import os
import ssl
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from gql_api.adapters.s3.client import CONNECT_SECONDS, READ_SECONDS
from gql_api.adapters.s3.sigv4 import host_header

if TYPE_CHECKING:
    from http.client import HTTPConnection


class Answer(NamedTuple):
    """A response that was read completely. The names in `headers` are lower-case."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes


class Connections:
    """Sends requests to one origin, each over an idle connection or a new one.

    Several threads may use it. As boto3 does, it takes proxies from the environment (`HTTPS_PROXY`,
    `NO_PROXY` …), and certificate authorities from `AWS_CA_BUNDLE`, `REQUESTS_CA_BUNDLE` or
    botocore. It connects to a proxy itself without TLS.
    """

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._server = urlsplit(origin)
        self._host = host_header(origin)
        self._proxy = _proxy_of(self._server)
        self._proxy_headers = _authorization(self._proxy) if self._proxy else {}
        self._tls = self._server.scheme == "https"
        self._context: ssl.SSLContext | None = None
        self._idle: list[HTTPConnection] = []

    def send(self, method: str, url: str, headers: Mapping[str, str]) -> Answer:
        """Send a request that may be repeated, and return the response.

        The store may have closed an idle connection, for example while a Lambda environment was
        frozen. If one turns out to be closed, the request is sent again over another.

        Raises:
            OSError: no connection, or it broke, or the store was silent for `READ_SECONDS`.
            HTTPException: the response is not valid HTTP.
        """
        forwarded = self._proxy is not None and not self._tls
        target = url if forwarded else url[len(self._origin) :]
        sent = {"Host": self._host, **headers, **(self._proxy_headers if forwarded else {})}
        while (connection := self._take_idle()) is not None:
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                return self._exchange(connection, method, target, sent)
        return self._exchange(self._connect(), method, target, sent)

    def close(self) -> None:
        """Close the idle connections."""
        while (connection := self._take_idle()) is not None:
            connection.close()

    def _exchange(
        self, connection: HTTPConnection, method: str, target: str, headers: Mapping[str, str]
    ) -> Answer:
        """Send the request over this connection and keep it, unless it breaks."""
        try:
            connection.request(method, target, headers=headers)
            with connection.getresponse() as response:
                body = response.read()
        except BaseException:
            connection.close()
            raise
        if not response.will_close:
            self._idle.append(connection)
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, response.reason, found, body)

    def _take_idle(self) -> HTTPConnection | None:
        try:
            return self._idle.pop()  # The newest, which was idle for the shortest time.
        except IndexError:
            return None

    def _connect(self) -> HTTPConnection:
        from http.client import HTTPConnection, HTTPSConnection

        nearest = self._proxy or self._server
        host, port = nearest.hostname or "", nearest.port or _port_of(nearest)
        if not self._tls:
            return _opened(HTTPConnection(host, port, timeout=CONNECT_SECONDS))
        self._context = self._context or _tls_context()
        connection = HTTPSConnection(host, port, timeout=CONNECT_SECONDS, context=self._context)
        if self._proxy is not None:
            connection.set_tunnel(
                self._server.hostname or "", self._server.port, self._proxy_headers
            )
        return _opened(connection)


def _opened(connection: HTTPConnection) -> HTTPConnection:
    connection.connect()
    connection.sock.settimeout(READ_SECONDS)
    return connection


def _port_of(address: SplitResult) -> int:
    return 443 if address.scheme == "https" else 80


def _tls_context() -> ssl.SSLContext:
    """Return a context that trusts the authorities that boto3 trusts."""
    given = os.environ.get("AWS_CA_BUNDLE") or os.environ.get("REQUESTS_CA_BUNDLE")
    botocore = find_spec("botocore")  # Finds the package's files without importing it.
    if given is None and botocore is not None and botocore.origin is not None:
        given = str(Path(botocore.origin).with_name("cacert.pem"))
    return ssl.create_default_context(cafile=given)


def _proxy_of(server: SplitResult) -> SplitResult | None:
    """Return the proxy that the environment names for this server; None if there is none."""
    if not any(name.lower().endswith("_proxy") for name in os.environ):
        return None
    from urllib.request import getproxies, proxy_bypass

    proxy = getproxies().get(server.scheme)
    if not proxy or proxy_bypass(server.netloc):
        return None
    return urlsplit(proxy if "://" in proxy else f"http://{proxy}")


def _authorization(proxy: SplitResult) -> dict[str, str]:
    if proxy.username is None or proxy.password is None:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password)}"
    return {"Proxy-Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
