"""Uploads become STORED without completeUpload: by the storage event or by the sweep."""

from __future__ import annotations

import pytest

from gql_api.container import Container
from tests.api import Api
from tests.clock import SettableClock
from tests.services.world import sha256
from tests.storage_events import Events

MIB = 1024 * 1024
DATA = b"the bytes of a picture"


async def status(api: Api, id: str) -> str:
    upload = await api.upload(id)
    assert upload is not None
    return str(upload["status"])


async def test_the_event_of_the_s3_server_alone_makes_it_stored(
    api: Api, container: Container, storage_events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gql_api.services.storage_events.READ_AT_ONCE_MAX_BYTES", 0)
    checksum = {"algorithm": "SHA256", "value": sha256(DATA)}
    upload = await api.request_and_send(DATA)
    read_apart = await api.request_and_send(DATA, checksum=checksum)
    await storage_events.wait_for(2)
    assert await status(api, upload["id"]) == "STORED"
    await container.reads.finish()
    assert await status(api, read_apart["id"]) == "STORED"


@pytest.mark.parametrize("size", [len(DATA), 16 * MIB + 1], ids=["single", "multipart"])
async def test_the_event_lost_as_well_the_sweep_makes_it_stored(
    api: Api, container: Container, clock: SettableClock, size: int
) -> None:
    upload = await api.request_and_send(bytes(size))
    assert await status(api, upload["id"]) == "PENDING"
    clock.advance(minutes=15)
    report = await container.maintenance.sweep()
    assert (report.stored, report.failures) == (1, 0)
    assert await status(api, upload["id"]) == "STORED"
