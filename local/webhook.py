"""The receiver of the S3 gateway's events. The deployed service gets them from SQS instead."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

PATH = "/storage-events"
_EVENT_MAX_BYTES = 1024 * 1024  # An event of the gateway has one record of about 1 KiB.
_log = logging.getLogger(__name__)

Handle = Callable[[Mapping[str, Any]], Awaitable[object]]


async def nothing_else(scope: Scope, receive: Receive, send: Send) -> None:
    """An ASGI app that responds with 404, for a server that has only the webhook."""
    await Response(status_code=404)(scope, receive, send)


class StorageEventsWebhook:
    """An ASGI app that passes events posted to `PATH` to `handle`, and other requests to `app`.

    Events need the token. HEAD needs none: the gateway uses it to check the webhook. If `handle`
    fails, the response is 500, and the gateway keeps the event and sends it again. If `handle`
    raises a ValueError, the event has an unknown form.
    """

    def __init__(self, app: ASGIApp, token: str, handle: Handle) -> None:
        self._app = app
        self._authorization = f"Bearer {token}".encode()
        self._handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == PATH:
            response = await self._receive(Request(scope, receive))
            await response(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _receive(self, request: Request) -> Response:
        if request.method == "HEAD":
            return Response(status_code=200)
        if request.method != "POST":
            return Response(status_code=405, headers={"Allow": "HEAD, POST"})
        given = request.headers.get("authorization", "").encode()
        if not secrets.compare_digest(given, self._authorization):
            return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
        event = await _read_event(request)
        if not isinstance(event, dict):
            return Response(status_code=400)
        try:
            await self._handle(event)
        except ValueError as error:
            _log.warning("A storage event was refused: %s", error)
            return Response(status_code=400)
        except Exception:
            _log.exception("Handling a storage event failed. The gateway will send it again.")
            return Response(status_code=500)
        return Response(status_code=204)


async def _read_event(request: Request) -> object:
    """Return the event in the body; None if it is not JSON, too long or incomplete."""
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _EVENT_MAX_BYTES:
                return None
        return cast(object, json.loads(body))
    except (ClientDisconnect, ValueError, RecursionError):
        return None
