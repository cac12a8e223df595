"""The API on a real socket: as it is, and as its Lambda function behind a gateway."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.types import ASGIApp

from gql_api.bootstrap import Container
from gql_api.http.app import create_app
from local import ports
from local.server import Server
from tests.conformance.bridge import Bridge
from tests.lambda_runtime.conftest import Start, start

__all__ = ["start"]  # A fixture.


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """The URL at which the app answers meanwhile."""
    server = Server(app, ports.bound_socket(ports.free_port()))
    await server.start()
    try:
        yield server.url
    finally:
        await server.stop()


@pytest.fixture
async def asgi_url(container: Container) -> AsyncIterator[str]:
    """The app, served by Uvicorn."""
    async with served(create_app(container)) as url:
        yield url


@pytest.fixture
async def lambda_url(container: Container, start: Start) -> AsyncIterator[str]:
    """The function `api`, in AWS's runtime client."""
    async with served(Bridge(await start("api"))) as url:
        yield url
