"""The ASGI app: the GraphQL endpoint, the health check, and headers common to all responses."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gql_api.container import Container
from gql_api.domain.deadline import REQUEST_SECONDS, time_limit
from gql_api.domain.metrics import MetricsWriter
from gql_api.domain.storage_budget import REQUEST_CALLS, storage_budget
from gql_api.http.arrival import Arrival
from gql_api.http.view import GraphQLView
from gql_api.schema.errors import bad_request, internal_error
from gql_api.schema.schema import create_schema
from gql_api.services import request_log, security_log
from gql_api.services.request_log import Outcome, RequestRecord

logger = logging.getLogger(__name__)

CORS_MAX_AGE_SECONDS = 7200  # The maximum for which Chromium caches a preflight response.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    # Browsers ignore it over plain HTTP (RFC 6797, 8.1). Subdomains may belong to other services.
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}


def create_app(container: Container) -> CORSMiddleware:
    """Return the app for the container's services. The caller closes the container."""
    settings = container.settings
    view = GraphQLView(
        create_schema(
            introspection=settings.introspection,
            max_values=settings.graphql_max_values,
            stock_executor=settings.graphql_stock_executor,
        ),
        container,
        prepared=container.deployment.current,
        ide=settings.graphql_ide,
        queries_by_get=settings.graphql_get,
    )

    app: ASGIApp = Paths({"/graphql": view, "/health": Health(container)})
    app = Envelope(app, metrics=container.metrics)
    app = Arrival(app, proxy=settings.proxy, base_path=settings.base_path)
    return CORSMiddleware(
        app,
        allow_origins=settings.cors_origins,
        allow_methods=["GET", "POST", "OPTIONS"],
        allow_headers=["Authorization", "Content-Type"],
        allow_credentials=True,
        expose_headers=["X-Request-Id"],
        max_age=CORS_MAX_AGE_SECONDS,
    )


class Paths:
    """Passes each request to the app of its path, and answers 404 for all others.

    Starlette's router, with what it imports, would take a fiftieth of a cold start.
    """

    def __init__(self, apps: Mapping[str, ASGIApp]) -> None:
        self._apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope["path"].removeprefix(scope["root_path"])
        await self._apps.get(path, _not_found)(scope, receive, send)


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    response = JSONResponse({"errors": [bad_request("Not Found")]}, 404)
    await response(scope, receive, send)


class Health:
    """Answers whether the database and the storage work: 200 if both do, otherwise 503."""

    def __init__(self, container: Container) -> None:
        self._container = container

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await self._answer(scope["method"])
        await response(scope, receive, send)

    async def _answer(self, method: str) -> JSONResponse:
        if method not in ("GET", "HEAD"):
            refusal = {"errors": [bad_request("Method Not Allowed")]}
            return JSONResponse(refusal, 405, {"Allow": "GET, HEAD"})
        request_log.current().operations = ("health",)
        problems = await self._container.health()
        failing = [f"{name} ({problem})" for name, problem in problems.items() if problem]
        return JSONResponse(
            {
                "status": f"failing: {', '.join(failing)}" if failing else "ok",
                "parts": {name: problem is None for name, problem in problems.items()},
            },
            503 if failing else 200,
        )


class Envelope:
    """Gives each request an id, each response the common headers, and each crash a response.

    It also logs and counts each request.
    """

    def __init__(self, app: ASGIApp, *, metrics: MetricsWriter) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request_id = uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        client = scope.get("client")
        record = RequestRecord(request_id)
        try:
            with (
                security_log.coming_from(request_id, client[0] if client else None),
                request_log.recording(record),
            ):
                await self._answer(scope, receive, send, record)
        finally:
            record.finish(self._metrics)

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, record: RequestRecord
    ) -> None:
        started = False

        async def send_enveloped(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                record.status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers["X-Request-Id"] = record.request_id
            await send(message)

        try:
            with time_limit(REQUEST_SECONDS), storage_budget(REQUEST_CALLS):
                await self._app(scope, receive, send_enveloped)
        except ClientDisconnect:
            # There is no client left to respond to.
            record.note("CLIENT_DISCONNECTED", Outcome.REFUSED)
        except Exception:
            logger.exception("request %s failed", record.request_id)
            error = internal_error(record.request_id)
            if started:
                raise
            response = JSONResponse({"errors": [error]}, 500)
            await response(scope, receive, send_enveloped)
