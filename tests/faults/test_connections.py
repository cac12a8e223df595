"""Connections that are slow, cut, reset, silent or refused, to the API and its servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from tests.api import Json, send
from tests.faults.proxy import Connection, FaultProxy
from tests.faults.service import LARGE, BoundedApi, Retryable, Service

WAYS = {"database": {"database": False, "storage": True}}
WAYS["storage"] = {"database": True, "storage": False}


@pytest.fixture(autouse=True)
async def healed(service: Service) -> AsyncIterator[None]:
    """Disable all faults after each test."""
    yield
    for proxy in (service.database, service.storage, service.bucket):
        proxy.heal()


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """The server that the API cannot reach."""
    return str(request.param)


@pytest.fixture
def proxy(service: Service, way: str) -> FaultProxy:
    """The proxy in front of that server."""
    proxy: FaultProxy = getattr(service, way)
    return proxy


async def outcomes(calls: list[Awaitable[Json]]) -> set[type]:
    """Return the types of the calls' outcomes; raise any unexpected error."""
    found = await asyncio.gather(*calls, return_exceptions=True)
    for outcome in found:
        if isinstance(outcome, BaseException) and not isinstance(outcome, Retryable):
            raise outcome
    return {type(outcome) for outcome in found}


async def assert_down(service: Service, user: BoundedApi, way: str, upload: Json) -> None:
    calls = [user.complete_upload(upload["id"]) for _ in range(25)]
    health, found = await asyncio.gather(service.health(), outcomes([*calls]))
    assert found == {Retryable}
    assert health == (503, WAYS[way])


async def test_a_black_hole(
    service: Service, user: BoundedApi, way: str, proxy: FaultProxy
) -> None:
    upload = await user.request_and_send(b"sent before")
    proxy.black_hole()
    await assert_down(service, user, way, upload)
    proxy.heal()
    await service.well_again(user)
    assert (await user.complete_upload(upload["id"]))["status"] == "STORED"


@pytest.mark.parametrize("fault", [Connection.cut, Connection.reset], ids=["cut", "reset"])
async def test_idle_connections_that_died_are_not_noticed(
    service: Service, user: BoundedApi, proxy: FaultProxy, fault: Callable[[Connection], None]
) -> None:
    await asyncio.gather(*(user.store(b"a few connections") for _ in range(4)))
    assert proxy.connections
    proxy.each(fault)
    for _ in range(4):
        await user.store(b"at the first try")


async def test_connections_that_are_cut_all_the_time(
    service: Service, user: BoundedApi, proxy: FaultProxy
) -> None:
    """Each request succeeds or fails with an error that allows a retry. In the end, all succeed."""
    upload = await user.request_and_send(b"sent before")
    proxy.cut_after_bytes = 1000
    proxy.each(Connection.cut)
    calls: list[Awaitable[Json]] = [
        user.complete_upload(upload["id"]),
        user.request_upload(len(LARGE)),
        user.uploads(),
        user.update_upload(upload["id"], tags=["cut"]),
    ]
    assert await outcomes(calls) <= {dict, Retryable}
    proxy.heal()
    await service.well_again(user)
    assert (await user.complete_upload(upload["id"]))["status"] == "STORED"


@pytest.mark.parametrize("latency_seconds", [0.05, 0.2])
async def test_latency(user: BoundedApi, proxy: FaultProxy, latency_seconds: float) -> None:
    proxy.latency_seconds = latency_seconds
    stored = await user.store(b"slow, but all the way")
    assert (await user.upload(stored["id"])) is not None


async def test_a_database_that_takes_too_long(service: Service, user: BoundedApi) -> None:
    """At 1.8 s, the operations of a request together take too long; at 6 s, each one does."""
    upload = await user.request_and_send(b"sent before")
    service.database.latency_seconds = 1.8
    assert await outcomes([user.complete_upload(upload["id"])]) == {Retryable}
    service.database.latency_seconds = 6
    assert await outcomes([user.uploads() for _ in range(15)]) == {Retryable}
    service.database.heal()
    await service.well_again(user)


async def test_an_assembly_that_takes_long_is_left_to_the_event(
    service: Service, user: BoundedApi
) -> None:
    """CompleteMultipartUpload can take minutes on AWS."""
    upload = await user.request_and_send(LARGE)
    service.storage.before(rb"POST /[^ ]*\?uploadId=", Connection.silence)
    # The retries get no response either.
    service.storage.after(rb"POST /[^ ]*\?uploadId=", lambda _: service.storage.black_hole())
    assert (await user.complete_upload(upload["id"]))["status"] == "PENDING"
    service.storage.heal()
    assert (await user.complete_upload(upload["id"]))["status"] == "STORED"


async def test_a_client_whose_connection_is_cut(service: Service, user: BoundedApi) -> None:
    upload = (await user.request_upload(100_000))["upload"]
    [part] = upload["transfer"]["parts"]
    data = LARGE[:100_000]
    for fault in (Connection.cut, Connection.reset):
        service.bucket.cut_after_bytes = 50_000
        sending = asyncio.create_task(send(part, data))
        service.bucket.each(fault)
        with pytest.raises(httpx.TransportError):
            await sending
        incomplete = await user.complete_upload(upload["id"])
        assert incomplete["__typename"] == "UploadIncomplete"
    service.bucket.heal()
    assert (await send(part, data)).status_code == 200
    assert (await user.complete_upload(upload["id"]))["status"] == "STORED"


async def test_a_client_who_is_slow(service: Service, user: BoundedApi) -> None:
    """The signature is checked when the request begins, and other clients are not delayed."""
    upload = (await user.request_upload(300_000))["upload"]
    [part] = upload["transfer"]["parts"]
    service.bucket.bytes_per_second = 200_000
    sending = asyncio.create_task(send(part, LARGE[:300_000]))
    await user.store(b"meanwhile, in one part", filename="other.jpg")
    incomplete = await user.complete_upload(upload["id"])
    assert incomplete["__typename"] == "UploadIncomplete"
    assert (await sending).status_code == 200
    assert (await user.complete_upload(upload["id"]))["status"] == "STORED"
