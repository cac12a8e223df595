"""`rclone serve s3` forgets content types when it restarts; no upload may suffer from that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from gql_api import operators
from gql_api.container import Container
from gql_api.domain.policy import ARRIVAL_SECONDS
from tests.api import new_user
from tests.clock import SettableClock
from tests.stores.rclone import Rclone
from tests.stores.store import BUCKET
from tests.stores.store import client as client_of


@pytest.fixture(scope="module")
async def store(server_directory: Path) -> AsyncIterator[Rclone]:
    """A server that no other test uses."""
    server = Rclone(server_directory / "restarted")
    try:
        await server.start()
        client_of(server).create_bucket(Bucket=BUCKET)
        yield server
    finally:
        await server.stop()


async def test_a_file_survives_a_store_that_forgets_content_types(
    client: httpx.AsyncClient,
    container: Container,
    clock: SettableClock,
    store: Rclone,
    key_prefix: str,
) -> None:
    examine = operators.store_service(container).examine
    assert (await examine(print)).keeps_content_types
    api = await new_user(client)
    stored = await api.store(b"stored before")
    pending = await api.request_and_send(b"sent before")

    await store.stop()
    await store.start()

    assert not (await examine(print)).keeps_content_types
    assert not (await examine(print)).keeps_content_types
    assert (await api.complete_upload(pending["id"]))["status"] == "STORED"
    clock.advance(seconds=container.settings.uploads.url_ttl_seconds + ARRIVAL_SECONDS + 1)
    report = await container.maintenance.sweep()
    assert (report.checked, report.rejected, report.failures) == (2, 0, 0)
    kept = client_of(store).list_objects_v2(Bucket=BUCKET, Prefix=key_prefix)["Contents"]
    assert {entry["Key"].rpartition("/")[2] for entry in kept} == {stored["id"], pending["id"]}
