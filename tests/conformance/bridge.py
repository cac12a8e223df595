"""An HTTP server in front of a Lambda function, in the place of an API Gateway HTTP API."""

from __future__ import annotations

import base64

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.lambda_runtime.events import Json, http_response, recorded
from tests.lambda_runtime.function import LambdaFunction


class Bridge:
    """An ASGI app that makes an event (payload format 2.0) of each request."""

    def __init__(self, function: LambdaFunction) -> None:
        self._function = function

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request as the function does."""
        request = Request(scope, receive)
        answer = http_response(await self._function.invoke(event(request, await request.body())))
        response = Response(answer.content, answer.status_code)
        # The gateway sets the length itself.
        response.raw_headers.extend(
            (name.lower(), value)
            for name, value in answer.headers.raw
            if name.lower() not in (b"content-length",)
        )
        await response(scope, receive, send)


def event(request: Request, body: bytes) -> Json:
    """The event for a request. A body that is no text comes in Base64."""
    event = recorded("http")
    event["requestContext"]["http"].update(method=request.method, path=request.url.path)
    event |= {
        "rawPath": request.url.path,
        "rawQueryString": request.url.query,
        "headers": {**dict(request.headers), "x-forwarded-proto": "https"},
        "isBase64Encoded": False,
    }
    del event["body"]
    if body:
        try:
            event["body"] = body.decode()
        except UnicodeDecodeError:
            event |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return event
