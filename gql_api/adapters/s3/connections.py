"""HTTP connections to the store that are kept alive, without boto3.

urllib3, which boto3 uses too, is imported when the first request is sent.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from gql_api.adapters.s3.client import CONNECT_SECONDS, READ_SECONDS, THREADS

if TYPE_CHECKING:
    from urllib3 import HTTPConnectionPool, ProxyManager


class Answer(NamedTuple):
    """The head of a response. The names in `headers` are lower-case."""

    status: int
    reason: str
    headers: Mapping[str, str]


class Connections:
    """Sends requests to one origin, each over an idle connection or a new one.

    Several threads may use it. As boto3 does, it takes proxies from the environment (`HTTPS_PROXY`,
    `NO_PROXY` …), and certificate authorities from `AWS_CA_BUNDLE`, `REQUESTS_CA_BUNDLE` or
    botocore.
    """

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._pool: HTTPConnectionPool | ProxyManager | None = None
        self._lock = threading.Lock()

    def send(self, method: str, url: str, headers: Mapping[str, str]) -> Answer:
        """Send a request once and return the response, even a redirect.

        Raises:
            urllib3.exceptions.HTTPError: the connection failed or broke, the store sent nothing
                for `READ_SECONDS`, or the response is not valid HTTP.
        """
        pool = self._connected()
        # A proxy needs the whole URL. Without one, the path saves looking up the pool by the URL.
        target = url if pool.proxy else url[len(self._origin) :]
        # A Content-Encoding is a property of the object: S3 never compresses by itself.
        response = pool.urlopen(
            method, target, headers=headers, redirect=False, retries=False, decode_content=False
        )
        found = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, response.reason or "", found)

    def close(self) -> None:
        """Close the idle connections."""
        if self._pool is not None:
            with self._pool:
                pass  # Leaving the context closes them. Only one of the two classes has `close`.

    def _connected(self) -> HTTPConnectionPool | ProxyManager:
        with self._lock:
            if self._pool is None:
                self._pool = _pool(self._origin)
            return self._pool


def _pool(origin: str) -> HTTPConnectionPool | ProxyManager:
    import urllib3

    proxy = _proxy_of(origin)
    options: dict[str, Any] = {
        "maxsize": THREADS,
        "timeout": urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
    }
    if origin.startswith("https:"):
        options["ca_certs"] = _authorities()
    if proxy is None:
        return urllib3.connection_from_url(origin, **options)
    user = urllib3.util.parse_url(proxy).auth
    login = urllib3.make_headers(proxy_basic_auth=unquote(user)) if user else None
    return urllib3.ProxyManager(proxy, proxy_headers=login, **options)


def _authorities() -> str | None:
    """Return the file of the certificate authorities that boto3 trusts; None for the system's."""
    given = os.environ.get("AWS_CA_BUNDLE") or os.environ.get("REQUESTS_CA_BUNDLE")
    botocore = find_spec("botocore")  # Finds the package's files without importing it.
    if given is None and botocore is not None and botocore.origin is not None:
        return str(Path(botocore.origin).with_name("cacert.pem"))
    return given


def _proxy_of(origin: str) -> str | None:
    """Return the proxy that the environment names for this origin; None if there is none."""
    if not any(name.lower().endswith("_proxy") for name in os.environ):
        return None
    from urllib.request import getproxies, proxy_bypass

    server = urlsplit(origin)
    proxy = getproxies().get(server.scheme)
    if not proxy or proxy_bypass(server.netloc):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
