"""Refuses requests that were sent to another host name.

A website can make its own name resolve to 127.0.0.1 ("DNS rebinding"). The browser then treats
this service as part of that website, and lets its scripts read the responses.
"""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

OWN_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
_REFUSAL = {
    "errors": [
        {
            "message": "This service does not answer requests to this host name. The operator can "
            "add it to ALLOWED_HOSTS.",
            "extensions": {"code": "BAD_REQUEST"},
        }
    ]
}


class HostCheck:
    """An ASGI app that passes requests to this machine, or to one of `hosts`, to `app`.

    Names are in lower case. Any port is accepted, since a tunnel may have another one.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = OWN_HOSTS | frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _host(scope) in self._hosts:
            await self._app(scope, receive, send)
        else:
            # 421 Misdirected Request (RFC 9110, 15.5.20).
            await JSONResponse(_REFUSAL, 421)(scope, receive, send)


def _host(scope: Scope) -> str:
    """Return the name in the Host header without the port; empty if it has another form."""
    value = Headers(scope=scope).get("host", "").lower()
    name, separator, port = value.rpartition(":")
    if not separator or value.endswith("]"):
        return value
    return name if port.isascii() and port.isdecimal() else ""
