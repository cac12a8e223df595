"""Origins, and connecting to them: directly or through a proxy, with or without TLS."""

from __future__ import annotations

import socket
import ssl
from base64 import b64encode
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from urllib.parse import SplitResult, unquote, urlsplit

from media_client.errors import CertificateError, ConfigurationError, NetworkError

CONNECT_TIMEOUT_SECONDS = 15.0
IDLE_TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Origin:
    """The server that a connection leads to, and the URL of the proxy on the way, if any."""

    scheme: str
    host: str
    port: int
    proxy: str | None = None


def origin_of(url: SplitResult) -> Origin:
    """Return the origin of a URL. Proxies come from the environment, as for curl and pip.

    Raises:
        ConfigurationError: the URL is not a valid http or https URL.
    """
    try:
        port = url.port
    except ValueError:
        port = -1
    if url.scheme not in ("http", "https") or not url.hostname or port == -1:
        raise ConfigurationError(
            f"{url.geturl()!r} is not a server address. It must start with http:// or https://."
        )
    host, port = url.hostname, port or (443 if url.scheme == "https" else 80)
    return Origin(url.scheme, host, port, _proxy(url.scheme, host))


def _proxy(scheme: str, host: str) -> str | None:
    if host in ("localhost", "127.0.0.1", "::1"):
        return None
    import urllib.request  # Slow to import, and not needed for a server on this machine.

    return None if urllib.request.proxy_bypass(host) else urllib.request.getproxies().get(scheme)


def connect(origin: Origin, tls: ssl.SSLContext | None) -> socket.socket:
    """Open a connection.

    Raises:
        NetworkError: the server or the proxy can't be reached.
    """
    proxy = urlsplit(origin.proxy) if origin.proxy else None
    address = (proxy.hostname or "", proxy.port or 8080) if proxy else (origin.host, origin.port)
    try:
        plain = socket.create_connection(address, CONNECT_TIMEOUT_SECONDS)
    except OSError as error:
        if proxy is None:
            raise unreachable(error, origin) from error
        where, reason = f"{address[0]}:{address[1]}", error.strerror or error
        raise NetworkError(f"The proxy {where} can't be reached: {reason}.") from error
    try:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plain.settimeout(IDLE_TIMEOUT_SECONDS)
        if origin.scheme == "http":
            return plain
        if proxy:
            _open_tunnel(plain, origin, proxy)
        context = tls or ssl.create_default_context()
        return context.wrap_socket(plain, server_hostname=origin.host)
    except (OSError, HTTPException) as error:
        plain.close()
        raise unreachable(error, origin) from error


def _open_tunnel(plain: socket.socket, origin: Origin, proxy: SplitResult) -> None:
    """Open a tunnel through a proxy with CONNECT (RFC 9110, section 9.3.6)."""
    target = f"{origin.host}:{origin.port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.username:
        user = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
        lines.append(f"Proxy-Authorization: Basic {b64encode(user.encode()).decode()}")
    plain.sendall("\r\n".join((*lines, "", "")).encode("latin-1"))
    response = HTTPResponse(plain, method="CONNECT")
    response.begin()
    if response.status != 200:
        raise OSError(f"the proxy responded with {response.status} {response.reason}")


def unreachable(error: BaseException, origin: Origin) -> NetworkError:
    """Create the error that says why a connection failed."""
    kind = CertificateError if isinstance(error, ssl.SSLCertVerificationError) else NetworkError
    return kind(_description(error, origin))


def _description(error: BaseException, origin: Origin) -> str:
    """Describe a failed connection. Never includes the URL: signed URLs are secrets."""
    where = f"{origin.host}:{origin.port}"
    if isinstance(error, ConnectionRefusedError):
        return f"{where} refused the connection. Check the address and that the server is running."
    if isinstance(error, socket.gaierror):
        return f"The host name {origin.host!r} can't be resolved."
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"The certificate of {where} is not trusted: {error.verify_message}. "
            "To trust another authority, set SSL_CERT_FILE to a file with its certificate."
        )
    if isinstance(error, TimeoutError):
        return f"{where} did not respond in time."
    return f"The connection to {where} failed: {error or type(error).__name__}."
