"""Keep-alive connections of one client, by urllib3: plain, with TLS, and through proxies.

urllib3 takes 0.1 s to import, so `pool` imports this module with the first request.
"""

from __future__ import annotations

import http.client
import logging
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from urllib3 import (
    BaseHTTPResponse,
    HTTPConnectionPool,
    HTTPSConnectionPool,
    PoolManager,
    Retry,
    Timeout,
)
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.poolmanager import ProxyManager

from media_client.errors import ConfigurationError
from media_client.http.proxies import Proxy, proxy_for
from media_client.http.sending import Sending
from media_client.http.settings import HttpSettings
from media_client.http.target import Target

_MORE = getattr(socket, "MSG_MORE", 0)  # Linux: send the head in one packet with the body.
_NO_RETRIES = Retry(False, redirect=False)
_PER_HOST_MAX = 256
_HOSTS_MAX = 16


class LastResponse(http.client.HTTPResponse):
    """The response to a body that was not sent in full: the connection can't be used again."""

    def begin(self) -> None:
        """Read the head."""
        super().begin()
        self.will_close = True


class Head(dict[str, str]):
    """The headers of a request, with its target as it was given.

    urllib3 would parse and encode the target again, character by character, which takes 0.2 ms for
    a signed URL. It gets `/` instead, so that its log has no secrets, either.
    """

    def __init__(self, headers: Mapping[str, str], target: str) -> None:
        super().__init__(headers)
        self.target = target

    def copy(self) -> Head:
        """Return a copy, with the target."""
        return Head(self, self.target)


class TlsConnection(HTTPSConnection):
    """A connection with TLS. Sends the target of a `Head` as it is."""

    def request(
        self, method: str, url: str, body: Any = None, headers: Any = None, **options: Any
    ) -> None:
        """Send a request; see urllib3."""
        super().request(method, _target(url, headers), body, headers, **options)


class PlainConnection(HTTPConnection):
    """A connection without TLS. Sends the head, and lets a `Sending` write to the socket itself."""

    _head_and_body = False

    def request(
        self, method: str, url: str, body: Any = None, headers: Any = None, **options: Any
    ) -> None:
        """Send a request; see urllib3."""
        if isinstance(body, Sending):
            body, self._head_and_body = (body,), True
        if self.sock is None:
            self.connect()
        super().request(method, _target(url, headers), body, headers, **options)

    def send(self, data: Any) -> None:
        """Send a head, or a body."""
        if isinstance(data, Sending):
            self.response_class = LastResponse
            if data.send_to(self.sock, self.sock.gettimeout() or 0):
                self.response_class = http.client.HTTPResponse
        elif self._head_and_body:
            self._head_and_body = False
            self.sock.sendall(data, _MORE)
        else:
            super().send(data)

    def close(self) -> None:
        """Close the socket. The next request opens another."""
        super().close()
        self.response_class = http.client.HTTPResponse


def _target(url: str, headers: object) -> str:
    return headers.target if isinstance(headers, Head) else url


class PlainPool(HTTPConnectionPool):
    """A urllib3 pool of plain connections."""

    ConnectionCls = PlainConnection


class TlsPool(HTTPSConnectionPool):
    """A urllib3 pool of connections with TLS."""

    ConnectionCls = TlsConnection


_POOLS = {"http": PlainPool, "https": TlsPool}


class Connections:
    """The connections of one client. `http_client`: the caller's own, used for everything."""

    def __init__(self, settings: HttpSettings, http_client: PoolManager | None = None) -> None:
        self._settings = settings
        self._http_client = http_client
        self._managers: dict[tuple[str, Proxy | None], PoolManager] = {}
        self._pools: dict[tuple[str, str, int], HTTPConnectionPool] = {}
        self._proxies: dict[tuple[str, str, int], Proxy | None] = {}
        self._tls: ssl.SSLContext | None = None
        self._lock = threading.Lock()
        self._timeout = Timeout(connect=settings.connect_seconds, read=settings.timeout_seconds)

    def proxy(self, scheme: str, host: str, port: int) -> Proxy | None:
        """Return the proxy on the way to a host, if any. Raises what `proxy_for` raises."""
        if self._http_client is not None:
            return None
        origin = (scheme, host, port)
        if origin not in self._proxies:
            self._proxies[origin] = proxy_for(*origin)
        return self._proxies[origin]

    def send(
        self,
        method: str,
        target: Target,
        headers: Mapping[str, str],
        body: bytes | Sending,
        proxy: Proxy | None,
    ) -> BaseHTTPResponse:
        """Send a request and return the response, with its body still to be read.

        Raises:
            ConfigurationError: the file of certificates can't be used.
            urllib3's HTTPError, OSError, HTTPException, ValueError: the request failed.
        """
        options: dict[str, Any] = {"body": body, "retries": _NO_RETRIES, "redirect": False}
        options |= {"preload_content": False, "decode_content": False}
        if self._http_client is not None:
            return self._http_client.urlopen(method, target.url, headers=headers, **options)
        options["timeout"] = self._timeout
        if proxy is not None:
            manager = self._manager(target.scheme, proxy)
            return manager.urlopen(method, target.url, headers=headers, **options)
        head = Head(headers, target.path + target.query)
        return self._pool(target).urlopen(method, "/", headers=head, **options)

    def close(self) -> None:
        """Close the idle connections. Those of the caller's `http_client` stay open."""
        with self._lock:
            self._pools.clear()
            for manager in self._managers.values():
                manager.clear()

    def _pool(self, target: Target) -> HTTPConnectionPool:
        origin = (target.scheme, target.host, target.port)
        pool = self._pools.get(origin)
        if pool is None:
            manager = self._manager(target.scheme, None)
            pool = manager.connection_from_host(target.host, target.port, target.scheme)
            self._pools[origin] = pool
        return pool

    def _manager(self, scheme: str, proxy: Proxy | None) -> PoolManager:
        with self._lock:
            manager = self._managers.get((scheme, proxy))
            if manager is None:
                manager = self._managers[scheme, proxy] = self._create(scheme, proxy)
        return manager

    def _create(self, scheme: str, proxy: Proxy | None) -> PoolManager:
        options: dict[str, Any] = {"num_pools": _HOSTS_MAX, "maxsize": _PER_HOST_MAX}
        if "https" in (scheme, proxy and proxy.scheme):
            options["ssl_context"] = self._trust()
        if proxy is not None and proxy.is_socks:
            from urllib3.contrib.socks import SOCKSProxyManager

            return SOCKSProxyManager(proxy.url, proxy.username, proxy.password, **options)
        manager: PoolManager
        if proxy is None:
            manager = PoolManager(**options)
        else:
            options["proxy_ssl_context"] = options.get("ssl_context")
            manager = ProxyManager(proxy.url, proxy_headers=_authorization(proxy), **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def _trust(self) -> ssl.SSLContext:
        bundle = self._settings.ca_bundle
        try:
            self._tls = self._tls or ssl.create_default_context(cafile=bundle)
        except OSError as error:  # ssl.SSLError is one.
            reason = "it has no certificate" if isinstance(error, ssl.SSLError) else error.strerror
            raise ConfigurationError(
                f"The certificates in {bundle} can't be used: {reason}."
            ) from error
        return self._tls


def _authorization(proxy: Proxy) -> Mapping[str, str]:
    if proxy.username is None:
        return {}
    user = f"{proxy.username}:{proxy.password or ''}".encode()
    return {"Proxy-Authorization": f"Basic {b64encode(user).decode()}"}


class WithoutSignatures(logging.Filter):
    """Keeps signed URLs, which are secrets, out of urllib3's log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Remove the queries of signed URLs."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                f"{argument.partition('?')[0]}?…"
                if isinstance(argument, str) and "Signature=" in argument
                else argument
                for argument in record.args
            )
        return True


for name in ("urllib3.connection", "urllib3.connectionpool"):
    logging.getLogger(name).addFilter(WithoutSignatures())
