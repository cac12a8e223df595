"""A small Lambda Runtime API: passes invocations to a runtime and receives the results.

Source: "Using the Lambda runtime API for custom runtimes" in the Lambda Developer Guide.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

_ARN = "arn:aws:lambda:eu-west-1:123456789012:function:media"
_SECONDS = 30


class FunctionError(Exception):
    """The function raised an exception; `type` is the name of its class."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error['errorType']}: {error['errorMessage']}")
        self.type: str = error["errorType"]
        self.message: str = error["errorMessage"]


class RuntimeApi:
    """Queues invocations for the runtime, which gets them from the ASGI app `app`."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[tuple[str, bytes] | None] = asyncio.Queue()
        self._outcomes: dict[str, asyncio.Future[Any]] = {}
        self.asked = asyncio.Event()
        """Set once the runtime has asked for an invocation."""
        self.app = Starlette(
            routes=[
                Mount(
                    "/2018-06-01/runtime",
                    routes=[
                        Route("/restore/next", self._restored),
                        Route("/invocation/next", self._next),
                        Route("/invocation/{id}/response", self._response, methods=["POST"]),
                        Route("/invocation/{id}/error", self._error, methods=["POST"]),
                        Route("/init/error", self._init_error, methods=["POST"]),
                    ],
                )
            ]
        )

    def invoke(self, event: Any) -> asyncio.Future[Any]:
        """Queue an event. Return a future for the function's result or its `FunctionError`."""
        invocation_id = str(uuid.uuid4())
        self._outcomes[invocation_id] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((invocation_id, json.dumps(event).encode()))
        return self._outcomes[invocation_id]

    def stop(self) -> None:
        """Release the runtime that is waiting for an invocation."""
        self._waiting.put_nowait(None)

    async def _restored(self, _request: Request) -> Response:
        """Answer with SnapStart: a snapshot was made, and the environment was restored from it."""
        self.asked.set()
        return JSONResponse({})

    async def _next(self, _request: Request) -> Response:
        self.asked.set()
        invocation = await self._waiting.get()
        if invocation is None:
            return Response(status_code=410)
        invocation_id, event = invocation
        headers = {
            "Lambda-Runtime-Aws-Request-Id": invocation_id,
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + _SECONDS) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": _ARN,
            "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0",
        }
        return Response(event, media_type="application/json", headers=headers)

    async def _response(self, request: Request) -> Response:
        self._outcomes[request.path_params["id"]].set_result(await request.json())
        return JSONResponse({"status": "OK"}, 202)

    async def _error(self, request: Request) -> Response:
        error = FunctionError(await request.json())
        self._outcomes[request.path_params["id"]].set_exception(error)
        return JSONResponse({"status": "OK"}, 202)

    async def _init_error(self, request: Request) -> Response:
        """Fail all invocations, as Lambda does if the function cannot be loaded."""
        error = await request.json()
        for outcome in self._outcomes.values():
            if not outcome.done():
                outcome.set_exception(FunctionError(error))
        return JSONResponse({"status": "OK"}, 202)
