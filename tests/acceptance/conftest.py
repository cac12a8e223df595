"""Fixtures: the API on a real port, and a user who calls it over HTTP only."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from gql_api.container import Container
from gql_api.http.app import create_app
from local import ports
from local.server import Server
from tests.api import Api, new_user


@pytest.fixture
async def server_url(container: Container) -> AsyncIterator[str]:
    """The URL of this test's API."""
    server = Server(create_app(container), ports.bound_socket(ports.free_port()))
    await server.start()
    try:
        yield server.url
    finally:
        await server.stop()


@pytest.fixture
async def http(server_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the API."""
    async with httpx.AsyncClient(
        base_url=server_url, trust_env=False, verify=False, timeout=60
    ) as http:
        yield http


@pytest.fixture
async def api(http: httpx.AsyncClient) -> Api:
    """A new user, authenticated by an API key."""
    user = await new_user(http)
    return user.with_token((await user.create_api_key("tests"))["token"])
