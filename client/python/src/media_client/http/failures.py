"""Says why a request failed, from the exceptions of urllib3 and the operating system.

Messages never include a URL: signed URLs are secrets.
"""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Iterator

from urllib3 import exceptions

from media_client.errors import CertificateError, NetworkError, ProxyRefused
from media_client.http.proxies import Proxy

_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})")
_LOGIN = (
    "The proxy {} asks for a username and a password. Add them to its address: "
    "http://username:password@{}."
)


def network_error(error: Exception, host: str, port: int, proxy: Proxy | None) -> NetworkError:
    """Create the error that says why a request failed."""
    causes = tuple(_causes(error))
    root = causes[-1]
    where = f"{host}:{port}"
    if isinstance(root, ssl.SSLCertVerificationError):
        return CertificateError(
            f"The certificate of {where} is not trusted: {root.verify_message}. "
            "To trust another authority, set SSL_CERT_FILE to a file with its certificate."
        )
    unsent = any(isinstance(cause, exceptions.NewConnectionError) for cause in causes)
    unsent |= any(isinstance(cause, exceptions.ConnectTimeoutError) for cause in causes)
    if proxy is not None and (unsent or isinstance(error, exceptions.ProxyError)):
        failure = _proxy_failure(root, proxy, where)
    else:
        failure = NetworkError(_description(root, host, where))
    failure.unsent = unsent
    return failure


def proxy_login_needed(proxy: Proxy) -> ProxyRefused:
    """Create the error for a proxy's response 407."""
    return ProxyRefused(_LOGIN.format(proxy.address, proxy.address))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and those that caused it, outermost first."""
    current: BaseException | None = error
    while current is not None:
        yield current
        wrapped = [argument for argument in current.args if isinstance(argument, BaseException)]
        following = current.__cause__ or (wrapped[-1] if wrapped else None)
        if following is None and isinstance(current, exceptions.NewConnectionError):
            following = current.__context__  # urllib3 gives no cause for SOCKS.
        current = following


def _proxy_failure(root: BaseException, proxy: Proxy, where: str) -> NetworkError:
    refused = _TUNNEL.search(str(root))
    if refused and refused[1] == "407":
        return proxy_login_needed(proxy)
    if refused:
        return NetworkError(
            f"The proxy {proxy.address} can't reach {where}: it responded with {refused[1]}."
        )
    reason = getattr(root, "strerror", None) or str(root) or type(root).__name__
    if isinstance(root, TimeoutError | exceptions.ConnectTimeoutError):
        reason = "it did not respond in time"
    if proxy.is_socks:  # The reason may be the proxy, or what it says about the host.
        return NetworkError(f"{where} can't be reached through {proxy.address}: {reason}.")
    return NetworkError(f"The proxy {proxy.address} can't be reached: {reason}.")


def _description(root: BaseException, host: str, where: str) -> str:
    if isinstance(root, ConnectionRefusedError):
        return f"{where} refused the connection. Check the address and that the server is running."
    if isinstance(root, socket.gaierror | exceptions.LocationParseError):
        return f"The host name {host!r} can't be resolved."
    if isinstance(root, TimeoutError | exceptions.TimeoutError):
        return f"{where} did not respond in time."
    if isinstance(root, OSError) and root.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return f"There is no route to {where}: {root.strerror}. Check your network connection."
    if isinstance(root, ValueError):
        return "The request was not sent: its URL or a header has an invalid character."
    return f"The connection to {where} failed: {root or type(root).__name__}."
