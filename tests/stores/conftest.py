"""Fixtures: the service on each S3 server in turn.

`STORES` names the servers; `make stores` adds those that must be installed separately.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from local.gateway import Gateway
from tests.services.world import small_plan
from tests.stores import radosgw
from tests.stores.radosgw import Radosgw
from tests.stores.rclone import Rclone
from tests.stores.store import BUCKET, Store, client

STORES = os.environ.get("STORES", "gateway rclone").split()


@pytest.fixture(scope="session", params=STORES)
def store_name(request: pytest.FixtureRequest) -> str:
    """The name of the S3 server in docs/stores.md."""
    name: str = request.param
    if name == "radosgw" and (missing := radosgw.missing()):
        pytest.skip(f"not installed: {', '.join(missing)}. apt-get install {radosgw.PACKAGES}")
    return name


@pytest.fixture(scope="session")
async def store(
    store_name: str, gateway: Gateway, bucket_name: str, server_directory: Path
) -> AsyncIterator[Store]:
    """The S3 server, with an empty bucket."""
    if store_name == "gateway":
        yield gateway
        return
    directory = server_directory / store_name
    server = Radosgw(directory) if store_name == "radosgw" else Rclone(directory)
    try:
        await server.start()
        await asyncio.to_thread(client(server).create_bucket, Bucket=BUCKET)
        yield server
    finally:
        await server.stop()


@pytest.fixture
def environment(environment: dict[str, str], store: Store) -> dict[str, str]:
    """The environment of the service on this server."""
    return environment | {
        "AWS_ACCESS_KEY_ID": store.keys.access_key_id,
        "AWS_SECRET_ACCESS_KEY": store.keys.secret_access_key,
        "AWS_DEFAULT_REGION": store.region,
        "S3_BUCKET": BUCKET,
        "S3_ENDPOINT_URL": store.endpoint_url,
    }


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Split files of more than 1000 bytes into parts of 1000."""
    monkeypatch.setattr("gql_api.domain.file_requests.plan_parts", small_plan)
