"""TCP ports on the loopback interface, the only one that the stack listens on."""

from __future__ import annotations

import asyncio
import errno
import random
import socket

from local.errors import BadConfiguration

HOST = "127.0.0.1"

# Below the range from which Linux and macOS draw the ports of outgoing connections, so that no
# such connection can take the port between our look at it and the start of the server.
_CHOICE = range(20_000, 30_000)


def free_port() -> int:
    """A port that nothing listens on at the moment."""
    while True:
        port = random.choice(_CHOICE)  # noqa: S311 - any port will do.  # nosec B311
        if is_free(port):
            return port


def is_free(port: int) -> bool:
    """Whether we may listen on the port, and nothing else does at the moment."""
    try:
        bound_socket(port).close()
    except BadConfiguration:
        return False
    return True


def bound_socket(port: int) -> socket.socket:
    """A socket that holds the port but does not listen yet.

    Raises:
        BadConfiguration: if the port is taken or not allowed.
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            why = "is in use by another program"
        else:
            why = f"can't be used ({error.strerror})"
        raise BadConfiguration(
            f"Port {port} {why}. Choose another one: PORT={port + 1} make run"
        ) from error
    return bound


async def accepts(port: int) -> bool:
    """Whether something accepts connections on the port."""
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    return True


async def answers(port: int, path: str) -> bool:
    """Whether an HTTP server on the port answers 200 to a GET of `path`."""
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
