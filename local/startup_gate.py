"""Keeps requests away from the API while the servers that they need are starting."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from local.webhook import PATH

# MongoDB recovers and elects its only member in two to four seconds; on a busy machine, in 15.
_HOLD_SECONDS = 30


class StartupGate:
    """An ASGI app that passes requests to `app` once it is `open`, and responds with 503 before.

    A MongoDB connection that is opened while the server is starting never supports sessions or
    transactions, so requests must not open one. For the same reason, requests wait while a server
    is restarted, for up to `hold_seconds`. The S3 gateway's check of its webhook is let through.
    """

    def __init__(self, app: ASGIApp, *, hold_seconds: float = _HOLD_SECONDS) -> None:
        self.open = False
        self._app = app
        self._hold_seconds = hold_seconds
        self._holds = 0
        self._free = asyncio.Event()
        self._free.set()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Make requests wait until the end of the block."""
        self._holds += 1
        self._free.clear()
        try:
            yield
        finally:
            self._holds -= 1
            if not self._holds:
                self._free.set()

    async def wait_until_free(self) -> None:
        """Wait while a server is being restarted."""
        await self._free.wait()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_webhook_check(scope) or await self._admits():
            await self._app(scope, receive, send)
        else:
            response = JSONResponse({"status": "starting"}, 503, {"Retry-After": "1"})
            await response(scope, receive, send)

    async def _admits(self) -> bool:
        """Return whether the servers are ready; wait for a restart, but not for the first start."""
        if not self.open:
            return False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._hold_seconds):
                await self.wait_until_free()
        return self._free.is_set()


def _is_webhook_check(scope: Scope) -> bool:
    return (scope["method"], scope["path"]) == ("HEAD", PATH)
