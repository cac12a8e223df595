"""A response is lost after the operation was executed, and the request is retried."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import httpx
import pytest

from tests.api import Json, new_username
from tests.faults.proxy import Connection, FaultProxy
from tests.faults.service import BoundedApi, Retryable, Service

COMMIT = rb"commitTransaction\x00"
CHANGE = rb"findAndModify\x00"
ANY_CHANGE = rb"commitTransaction\x00|findAndModify\x00"

Call = Callable[[BoundedApi, str], Awaitable[Json]]

CALLS: dict[str, tuple[bytes, Call]] = {
    "request": (COMMIT, lambda user, _: user.request_upload(7, clientToken="lost")),
    "complete": (CHANGE, lambda user, id: user.complete_upload(id)),
    "cancel": (COMMIT, lambda user, id: user.cancel_upload(id)),
    "update": (CHANGE, lambda user, id: user.update_upload(id, filename="b.jpg")),
    "delete": (COMMIT, lambda user, id: user.delete_upload(id)),
    "create_api_key": (rb"insert\x00", lambda user, _: user.create_api_key("key")),
    "sign_up": (rb"insert\x00.\x00\x00\x00users", lambda user, _: user.sign_up(new_username())),
}
RESULTS = {"request": "UploadTicket", "delete": "UploadDeleted", "create_api_key": "ApiKeyCreated"}
RESULTS |= {"sign_up": "Session"}


@pytest.fixture(autouse=True)
async def healed(service: Service) -> AsyncIterator[None]:
    """Disable all faults after each test."""
    yield
    for proxy in (service.api, service.database, service.storage):
        proxy.heal()


async def usage(user: BoundedApi) -> Json:
    data = await user.data("{ viewer { usage { uploads bytes } } }")
    found: Json = data["viewer"]["usage"]
    return found


async def assert_repeated(user: BoundedApi, database: FaultProxy, name: str) -> None:
    """Lose the database's answer to a call; the call must take effect exactly once."""
    upload = await user.request_and_send(b"1234567")
    pattern, call = CALLS[name]
    database.after(pattern, Connection.reset)
    result = await call(user, upload["id"])
    assert database.sprung
    assert result["__typename"] == RESULTS.get(name, "Upload")
    uploads = {"request": 2, "cancel": 0, "delete": 0}.get(name, 1)
    assert await usage(user) == {"uploads": uploads, "bytes": uploads * 7}


@pytest.mark.parametrize("name", CALLS)
async def test_the_driver_repeats_what_the_database_has_done(
    service: Service, user: BoundedApi, name: str
) -> None:
    """The retry has the same transaction number, so it is executed only once."""
    await assert_repeated(user, service.database, name)


async def test_the_client_repeats_what_the_service_could_not_finish(
    service: Service, user: BoundedApi
) -> None:
    """The database executes one of five changes, then fails before it responds to any."""
    ids = ["", *[(await user.request_and_send(b"1234567"))["id"] for _ in range(4)]]
    calls = [
        partial(CALLS[name][1], user, id)
        for name, id in zip(("request", "complete", "cancel", "update", "delete"), ids, strict=True)
    ]
    service.database.after(ANY_CHANGE, lambda _: service.database.down())
    first = await asyncio.gather(*(call() for call in calls), return_exceptions=True)
    assert {type(answer) for answer in first} == {Retryable}, first
    await service.database.up()
    await service.well_again(await service.new_user())

    ticket, completed, cancelled, updated, deleted = [await call() for call in calls]
    again = await user.request_upload(7, clientToken="lost")
    assert (again["created"], again["upload"]["id"]) == (False, ticket["upload"]["id"])
    assert (completed["status"], cancelled["status"]) == ("STORED", "CANCELLED")
    assert updated["filename"] == "b.jpg"
    # To a client, a deleted upload looks like one that never existed.
    assert deleted["__typename"] in ("UploadDeleted", "UploadNotFound")
    page = await user.uploads()
    assert {node["id"] for node in page["nodes"]} == {ticket["upload"]["id"], *ids[1:4]}
    assert await usage(user) == {"uploads": 3, "bytes": 21}


async def test_a_record_whose_acknowledgement_was_lost_is_found_by_its_token(
    service: Service, user: BoundedApi
) -> None:
    service.database.after(COMMIT, lambda _: service.database.down())
    with pytest.raises(Retryable):
        await user.request_upload(7, clientToken="lost")
    await service.database.up()
    await service.well_again(await service.new_user())

    again = await user.request_upload(7, clientToken="lost")
    assert again["created"] is False
    assert [node["id"] for node in (await user.uploads())["nodes"]] == [again["upload"]["id"]]
    assert await usage(user) == {"uploads": 1, "bytes": 7}


async def test_the_answer_to_the_client_is_lost(service: Service, user: BoundedApi) -> None:
    service.api.after(rb"requestUpload", Connection.reset)
    with pytest.raises(httpx.TransportError):
        await user.request_upload(7, clientToken="lost")
    again = await user.request_upload(7, clientToken="lost")
    assert again["created"] is False
    assert [node["id"] for node in (await user.uploads())["nodes"]] == [again["upload"]["id"]]
    assert await usage(user) == {"uploads": 1, "bytes": 7}


@pytest.mark.parametrize(
    "pattern", [rb"POST /[^ ]*\?uploadId=", rb"HEAD /"], ids=["assembly", "head"]
)
async def test_the_storage_has_done_it(service: Service, user: BoundedApi, pattern: bytes) -> None:
    """botocore retries the request, and S3 responds that the multipart upload does not exist."""
    upload = await user.request_and_send(b"x" * 17 * 1024 * 1024)
    service.storage.after(pattern, Connection.reset)
    assert (await user.complete_upload(upload["id"]))["status"] == "STORED"
    assert service.storage.sprung


async def test_a_multipart_upload_whose_id_was_lost(service: Service, user: BoundedApi) -> None:
    """The sweep aborts the multipart upload, which no record refers to."""
    service.storage.after(rb"POST /[^ ]*\?uploads", Connection.reset)
    upload = await user.request_and_send(b"x" * 17 * 1024 * 1024)
    assert service.storage.sprung
    assert (await user.complete_upload(upload["id"]))["status"] == "STORED"
