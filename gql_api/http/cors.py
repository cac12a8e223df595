"""Cross-origin requests, handled by Starlette's middleware (Fetch Standard, "CORS protocol")."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from gql_api.http.messages import App, Receive, Scope, Send

MAX_AGE_SECONDS = 7200  # The maximum for which Chromium caches a preflight response.


class Cors:
    """Lets pages of the listed origins send requests with credentials and read the responses.

    Scripts do not send the header Origin. The middleware is imported when the first request with it
    arrives, because the import takes a fortieth of a cold start.
    """

    def __init__(self, app: App, origins: Sequence[str]) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight, and pass on every other request.

        Raises:
            RuntimeError: this is not an HTTP request. Servers send lifespan events, and take the
                error to mean that the app does not handle them (ASGI, "Lifespan Protocol").
        """
        if scope["type"] != "http":
            raise RuntimeError(f"This app does not handle {scope['type']} events.")
        has_origin = any(name == b"origin" for name, _ in scope["headers"])
        await (self._middleware if has_origin else self._app)(scope, receive, send)

    @cached_property
    def _middleware(self) -> App:
        from starlette.middleware.cors import CORSMiddleware

        return CORSMiddleware(
            self._app,
            allow_origins=self._origins,
            allow_methods=["GET", "POST", "OPTIONS"],
            allow_headers=["Authorization", "Content-Type"],
            allow_credentials=True,
            expose_headers=["X-Request-Id"],
            max_age=MAX_AGE_SECONDS,
        )
