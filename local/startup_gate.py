"""What keeps requests out while the servers that they need are starting."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from local.webhook import PATH


class StartupGate:
    """An ASGI app that answers 503 until it is `open`, and is `app` then.

    A client that connects to a MongoDB server that is still starting keeps a connection without
    sessions, hence without transactions. The S3 gateway's look for its webhook passes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.open = False
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.open or scope["type"] != "http" or _is_look(scope):
            await self._app(scope, receive, send)
        else:
            response = JSONResponse({"status": "starting"}, 503, {"Retry-After": "1"})
            await response(scope, receive, send)


def _is_look(scope: Scope) -> bool:
    return (scope["method"], scope["path"]) == ("HEAD", PATH)
