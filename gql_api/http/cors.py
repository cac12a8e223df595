"""Cross-origin requests (Fetch Standard, "CORS protocol")."""

from __future__ import annotations

from collections.abc import Collection

from gql_api.http.messages import App, Message, Receive, Response, Scope, Send
from gql_api.schema.headers import Headers

METHODS = ("GET", "POST", "OPTIONS")
# The first three need no permission, but browsers ask for it if a value is unusual.
REQUEST_HEADERS = ("Accept", "Accept-Language", "Content-Language", "Authorization", "Content-Type")
MAX_AGE_SECONDS = 7200  # The maximum for which Chromium caches a preflight response.

_ALLOWED = frozenset(name.lower() for name in REQUEST_HEADERS)
_PREFLIGHT = (
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"),
)
_GRANTED = (
    ("Access-Control-Allow-Methods", ", ".join(METHODS)),
    ("Access-Control-Allow-Headers", ", ".join(REQUEST_HEADERS)),
    ("Access-Control-Allow-Credentials", "true"),
    ("Access-Control-Max-Age", str(MAX_AGE_SECONDS)),
)


class Cors:
    """Lets pages of the listed origins send requests with credentials and read the responses."""

    def __init__(self, app: App, origins: Collection[str]) -> None:
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight, and pass on every other request.

        Raises:
            RuntimeError: it is no HTTP request. Servers try lifespan events, and take this to mean
                that the app does not handle them (ASGI specification, Lifespan Protocol).
        """
        if scope["type"] != "http":
            raise RuntimeError(f"This app does not handle {scope['type']} events.")
        headers = Headers(scope["headers"])
        origin = headers.find("origin")
        asked = headers.find("access-control-request-method")
        if scope["method"] == "OPTIONS" and origin is not None and asked is not None:
            wanted = headers.text("access-control-request-headers")
            await self._preflight(origin, asked, wanted)(scope, receive, send)
            return
        added = self._added(origin)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _added(self, origin: str | None) -> list[tuple[bytes, bytes]]:
        """Return the header fields that let the origin's pages read a response."""
        added = [(b"vary", b"Origin")]
        if origin in self._origins:
            added += [
                (b"access-control-allow-origin", origin.encode("latin-1")),
                (b"access-control-allow-credentials", b"true"),
                (b"access-control-expose-headers", b"X-Request-Id"),
            ]
        return added

    def _preflight(self, origin: str, method: str, headers: str) -> Response:
        """Return whether a page of this origin may send such a request; the message says why not.

        The browser enforces it. A refused origin learns nothing about what others may do.
        """
        wanted = {name.strip().lower() for name in headers.split(",") if name.strip()}
        refused = [
            *(["origin"] if origin not in self._origins else []),
            *(["method"] if method not in METHODS else []),
            *(["headers"] if not wanted <= _ALLOWED else []),
        ]
        if refused:
            return Response(400, f"Disallowed CORS {', '.join(refused)}".encode(), _PREFLIGHT)
        allowed = ("Access-Control-Allow-Origin", origin)
        return Response(200, b"OK", [*_PREFLIGHT, allowed, *_GRANTED])
