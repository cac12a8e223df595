"""Fixtures for the tests of the upload services."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from mypy_boto3_s3 import S3Client

from gql_api.container import Container
from tests.clock import SettableClock
from tests.services.media_world import MediaFunction, with_media
from tests.services.world import World, small_plan


@pytest.fixture
async def world(
    container: Container, clock: SettableClock, s3_client: S3Client
) -> AsyncIterator[World]:
    """Yield the upload services with one user."""
    async with httpx.AsyncClient(trust_env=False, timeout=60, verify=False) as http:
        world = World(container, clock, s3_client, http)
        await world.add_owner()
        yield world


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> int:
    """Split files of more than 1000 bytes into parts of 1000; return the part size."""
    monkeypatch.setattr("gql_api.domain.file_requests.plan_parts", small_plan)
    return 1000


@pytest.fixture
def function(world: World) -> MediaFunction:
    """The media function of the world; needs the settings `PROCESSED`."""
    return with_media(world)
