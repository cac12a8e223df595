"""A SOCKS5 proxy (RFC 1928) with a login (RFC 1929), which resolves host names of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping

from client.python.tests.acceptor import Acceptor
from client.python.tests.fault_proxy import copy

_SUCCESS = b"\x05\x00\x00\x01" + bytes(6)


class SocksProxy(Acceptor):
    """Connects to the local port that `hosts` maps a host to; `requests` has each host:port.

    Only the login `user` (name:password) is accepted.
    """

    def __init__(self, hosts: Mapping[str, int], user: str) -> None:
        self.hosts = hosts
        self._user = user
        self.requests: list[str] = []
        super().__init__(self._serve)

    def _serve(self, client: socket.socket) -> None:
        with client.makefile("rb") as stream:
            stream.read(stream.read(2)[1])  # The methods that the client offers.
            client.sendall(b"\x05\x02")  # A name and a password.
            stream.read(1)
            name, password = (stream.read(stream.read(1)[0]).decode() for _ in range(2))
            client.sendall(b"\x01\x00" if f"{name}:{password}" == self._user else b"\x01\x01")
            stream.read(4)  # Connect, to a name.
            host = stream.read(stream.read(1)[0]).decode()
            port = int.from_bytes(stream.read(2), "big")
        self.requests.append(f"{host}:{port}")
        upstream = socket.create_connection(("127.0.0.1", self.hosts[host]))
        client.sendall(_SUCCESS)
        threading.Thread(target=copy, args=(upstream, client), daemon=True).start()
        copy(client, upstream)
