"""TCP ports on the loopback interface, the only interface that the stack listens on."""

from __future__ import annotations

import asyncio
import errno
import random
import socket

from local.errors import BadConfiguration

HOST = "127.0.0.1"

# Below the ephemeral port range of Linux and macOS, so that no outgoing connection can take the
# port between the check and the start of the server.
_CHOICE = range(20_000, 30_000)


def free_port() -> int:
    """Return a port that no program uses at the moment."""
    while True:
        port = random.choice(_CHOICE)  # noqa: S311 - any port will do.  # nosec B311
        # Without SO_REUSEADDR, a port that another stack holds while it starts counts as used.
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as unused:
            try:
                unused.bind((HOST, port))
            except OSError:
                continue
        return port


def is_free(port: int) -> bool:
    """Return whether this process can listen on the port at the moment."""
    try:
        bound_socket(port).close()
    except BadConfiguration:
        return False
    return True


def bound_socket(port: int) -> socket.socket:
    """Return a socket that is bound to the port but does not listen yet.

    Raises:
        BadConfiguration: the port is in use or not permitted.
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            reason = "is in use by another program"
        else:
            reason = f"cannot be used ({error.strerror})"
        raise BadConfiguration(
            f"Port {port} {reason}. Choose another port: PORT={_next_port(port)} make run"
        ) from error
    return bound


def _next_port(port: int) -> int:
    """Return a port to suggest instead of `port`. Those below 1024 usually need privileges."""
    return port + 1 if 1024 <= port < 65_535 else 8000


async def accepts(port: int) -> bool:
    """Return whether a server accepts connections on the port."""
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    return True


async def answers(port: int, path: str) -> bool:
    """Return whether an HTTP server on the port responds with 200 to a GET of `path`."""
    try:
        reader, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: {HOST}:{port}\r\n\r\n".encode())
        status_line = await reader.readline()
    except OSError:
        return False
    finally:
        writer.close()
    return status_line.split(b" ")[1:2] == [b"200"]
