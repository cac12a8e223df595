"""Fixtures: a service behind fault proxies per module, and a user per test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from local.gateway import Gateway
from tests.faults.service import BoundedApi, Service, running_service


@pytest.fixture(scope="module")
async def service(
    tmp_path_factory: pytest.TempPathFactory, mongod_url: str, gateway: Gateway, bucket_name: str
) -> AsyncIterator[Service]:
    """The service on the servers that all tests share. Break its connections, not the servers."""
    directory = tmp_path_factory.mktemp("service")
    async with running_service(directory, mongod_url, gateway, bucket_name) as service:
        yield service


@pytest.fixture
async def user(service: Service) -> BoundedApi:
    """A new user of the service."""
    return await service.new_user()
