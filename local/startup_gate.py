"""Rejects requests while the servers that they need are starting."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from local.webhook import PATH


class StartupGate:
    """An ASGI app that responds with 503 until it is `open`, and passes requests to `app` then.

    A MongoDB connection that is opened while the server is starting never supports sessions or
    transactions, so requests must not open one. The S3 gateway's check of its webhook is let
    through.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.open = False
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.open or scope["type"] != "http" or _is_webhook_check(scope):
            await self._app(scope, receive, send)
        else:
            response = JSONResponse({"status": "starting"}, 503, {"Retry-After": "1"})
            await response(scope, receive, send)


def _is_webhook_check(scope: Scope) -> bool:
    return (scope["method"], scope["path"]) == ("HEAD", PATH)
