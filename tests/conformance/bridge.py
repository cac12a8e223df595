"""An HTTP front end for a Lambda function that stands in for an API Gateway HTTP API."""

from __future__ import annotations

import base64

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.lambda_runtime.events import Json, http_response, recorded
from tests.lambda_runtime.function import LambdaFunction


class Bridge:
    """An ASGI app that invokes the function with an event (payload format 2.0) per request."""

    def __init__(self, function: LambdaFunction) -> None:
        self._function = function

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request with the response of the function."""
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
    """Return the event for a request. A body that is not valid UTF-8 is Base64-encoded."""
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
