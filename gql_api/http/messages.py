"""HTTP requests and responses, as ASGI carries them.

Starlette's classes do more: forms, files, streams, threads. Importing what they need for that takes
a fortieth of a cold start.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from gql_api.schema.headers import Headers

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
"""An ASGI app (https://asgi.readthedocs.io/en/latest/specs/www.html)."""


class Disconnected(Exception):
    """The client closed the connection before its request was complete."""


class Refusal(Exception):
    """The request is refused with this status, message and header fields."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


class Request:
    """The first line and the header fields of a request."""

    def __init__(self, scope: Scope) -> None:
        self.method: str = scope["method"]
        self.headers = Headers(scope["headers"])
        self.id: str = scope["state"]["request_id"]
        client = scope["client"]
        self.address: str | None = client[0] if client else None
        self._query_string: bytes = scope["query_string"]

    def query(self) -> dict[str, str]:
        """Return the parameters of the URL; if a name is repeated, its last value."""
        text = self._query_string.decode("latin-1")
        return dict(parse_qsl(text, keep_blank_values=True))


class Response:
    """A response whose body is known. Add header fields to `headers` before it is sent."""

    def __init__(
        self, status: int, body: bytes = b"", headers: Iterable[tuple[str, str]] = ()
    ) -> None:
        self.status = status
        self.headers = [*headers, ("Content-Length", str(len(body)))]
        self._body = body

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the response."""
        fields = [(name.lower().encode(), value.encode("latin-1")) for name, value in self.headers]
        start = {"type": "http.response.start", "status": self.status, "headers": fields}
        await send(start)
        await send({"type": "http.response.body", "body": self._body})
