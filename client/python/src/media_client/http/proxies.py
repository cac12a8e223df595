"""The proxy for a host, from the environment, as curl and pip choose it."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from media_client.errors import ConfigurationError
from media_client.http.hosts import is_loopback

_DEFAULT_PORTS: Mapping[str, int] = {
    "http": 8080,
    "https": 443,
    "socks4": 1080,
    "socks4a": 1080,
    "socks5": 1080,
    "socks5h": 1080,
}


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy. `scheme` is http, https, socks4, socks4a, socks5 or socks5h."""

    scheme: str
    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL without credentials."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def is_socks(self) -> bool:
        """Whether it is a SOCKS proxy."""
        return self.scheme.startswith("socks")


def proxy_for(scheme: str, host: str, port: int) -> Proxy | None:
    """Return the proxy for a host; None for this machine and for the hosts in NO_PROXY.

    Raises:
        ConfigurationError: the environment names no valid proxy, or one that needs PySocks.
    """
    if is_loopback(host):
        return None
    import urllib.request  # Slow to import, and not needed for a server on this machine.

    given = urllib.request.getproxies()
    address = given.get(scheme) or given.get("all")
    if not address or urllib.request.proxy_bypass(f"{host}:{port}"):
        return None
    return parse_proxy(address, f"{scheme.upper()}_PROXY" if scheme in given else "ALL_PROXY")


def parse_proxy(address: str, variable: str) -> Proxy:
    """Parse the address of a proxy, a URL or host:port, that an environment variable has.

    Raises:
        ConfigurationError: it is not valid. The message leaves the credentials out.
    """
    try:
        url = urlsplit(address if "://" in address else f"http://{address}")
        scheme = "socks5" if url.scheme == "socks" else url.scheme
        port = url.port or _DEFAULT_PORTS[scheme]
        if not url.hostname:
            raise ValueError("no host")
    except (KeyError, ValueError):
        raise ConfigurationError(
            f"{variable} is not the address of a proxy. Examples: http://proxy.example.com:8080, "
            "socks5h://127.0.0.1:1080."
        ) from None
    if scheme.startswith("socks") and importlib.util.find_spec("socks") is None:
        raise ConfigurationError(
            f"{variable} names a SOCKS proxy, which needs PySocks: install media-client[socks]."
        )
    user, password = url.username, url.password
    return Proxy(scheme, url.hostname, port, user and unquote(user), password and unquote(password))
