"""Fixtures: the API on a real socket, as an ASGI app and as a Lambda function."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.types import ASGIApp

from gql_api.container import Container
from gql_api.http.app import create_app
from local import ports
from local.server import Server
from tests.conformance.bridge import Bridge
from tests.lambda_runtime.conftest import Start, start

__all__ = ["start"]  # A fixture.


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """Serve the app while the context is open; yields its URL."""
    server = Server(app, ports.bound_socket(ports.free_port()))
    await server.start()
    try:
        yield server.url
    finally:
        await server.stop()


@pytest.fixture
async def asgi_url(container: Container) -> AsyncIterator[str]:
    """The URL of the app, served by Uvicorn."""
    async with served(create_app(container)) as url:
        yield url


@pytest.fixture
async def lambda_url(container: Container, start: Start) -> AsyncIterator[str]:
    """The URL of the Lambda function `api`, run by AWS's runtime client."""
    async with served(Bridge(await start("api"))) as url:
        yield url
