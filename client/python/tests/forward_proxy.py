"""A forward proxy, like those of companies, that also resolves host names of its own."""

from __future__ import annotations

import socket
import threading
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import urlsplit

from client.python.tests.acceptor import Acceptor
from client.python.tests.fault_proxy import copy

_HEAD_MAX_BYTES = 64 * 1024
_LOGIN_NEEDED = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"


class ForwardProxy(Acceptor):
    """Forwards requests and tunnels to the local port that `hosts` maps their host to.

    `requests` has the method and the host of each request. Those without the credentials `user`
    (name:password) get the response 407.
    """

    def __init__(self, hosts: Mapping[str, int], user: str) -> None:
        self.hosts = hosts
        self._login = f"Proxy-Authorization: Basic {b64encode(user.encode()).decode()}"
        self.requests: list[str] = []
        super().__init__(self._serve)

    def _serve(self, client: socket.socket) -> None:
        received = b""
        while b"\r\n\r\n" not in received and len(received) < _HEAD_MAX_BYTES:
            piece = client.recv(_HEAD_MAX_BYTES)
            if not piece:
                return client.close()
            received += piece
        head, _, rest = received.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        method, target, version = lines[0].split(" ")
        if self._login not in lines:
            client.sendall(_LOGIN_NEEDED)
            return client.close()
        if method == "CONNECT":
            host = target
            forwarded = rest
        else:
            url = urlsplit(target)
            host = url.netloc
            path = target.partition(host)[2]
            # One request per connection, so that the target of every request is rewritten.
            lines = [f"{method} {path} {version}", *lines[1:], "Connection: close", "", ""]
            forwarded = "\r\n".join(lines).encode("latin-1") + rest
        self.requests.append(f"{method} {host}")
        upstream = socket.create_connection(("127.0.0.1", self.hosts[host.partition(":")[0]]))
        if method == "CONNECT":
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        upstream.sendall(forwarded)
        threading.Thread(target=copy, args=(upstream, client), daemon=True).start()
        return copy(client, upstream)
