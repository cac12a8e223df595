"""Requesting uploads, sending their parts, completing and cancelling them."""

from __future__ import annotations

import asyncio

import pytest

from gql_api.domain.errors import (
    BadUserInput,
    ClientTokenReused,
    QuotaExceeded,
    UploadClosed,
    UploadIncomplete,
    UploadNotFound,
    UploadRejected,
)
from gql_api.domain.file_requests import FileRequest, Ticket
from gql_api.domain.uploads import UploadStatus
from tests.services.world import TYPE, World, checksum

DATA = b"the bytes of a picture"
LONG = bytes(range(250)) * 10  # Two parts of 1000 bytes and one of 500.


# ------------------------------------------------------------------ requesting


async def test_the_same_token_and_file_are_the_same_upload(world: World) -> None:
    request = FileRequest("a.png", TYPE, 5, client_token="t")
    first = await world.container.uploads.request(world.owner_id, request)
    again = await world.container.uploads.request(world.owner_id, request)
    assert isinstance(first, Ticket)
    assert isinstance(again, Ticket)
    assert (first.created, again.created) == (True, False)
    assert again.upload == first.upload
    with pytest.raises(ClientTokenReused):
        await world.request(6, client_token="t")
    assert await world.usage() == {"bytes": 5, "uploads": 1}


@pytest.mark.settings(USER_QUOTA_BYTES="100")
async def test_many_files_succeed_and_fail_each_by_itself(world: World) -> None:
    sizes = [60, -1, 50, 40, 1]
    requests = [FileRequest("a.png", "none" if n < 0 else TYPE, max(n, 0)) for n in sizes]
    outcomes = await world.container.uploads.request_many(world.owner_id, requests)
    kinds = ["Ticket", "InvalidInput", "QuotaExceeded", "Ticket", "QuotaExceeded"]
    assert [type(outcome).__name__ for outcome in outcomes] == kinds
    assert await world.usage() == {"bytes": 100, "uploads": 2}


async def test_at_most_500_files_a_call(world: World) -> None:
    requests = [FileRequest("a.png", TYPE, 1)] * 501
    with pytest.raises(BadUserInput, match="501 files; at most 500"):
        await world.container.uploads.request_many(world.owner_id, requests)
    outcomes = await world.container.uploads.request_many(world.owner_id, requests[1:])
    ids = [outcome.upload.id for outcome in outcomes if isinstance(outcome, Ticket)]
    assert len(ids) == 500
    assert ids == sorted(set(ids))


@pytest.mark.settings(USER_QUOTA_BYTES="1000")
async def test_no_number_of_requests_at_once_passes_the_quota(world: World) -> None:
    outcomes = await asyncio.gather(
        *(world.request(150) for _ in range(20)), return_exceptions=True
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert {type(outcome) for outcome in refused} == {QuotaExceeded}
    assert (len(refused), await world.usage()) == (14, {"bytes": 900, "uploads": 6})


async def test_no_number_of_repetitions_at_once_makes_two_of_a_token(world: World) -> None:
    uploads = await asyncio.gather(*(world.request(5, client_token="t") for _ in range(10)))
    assert len({upload.id for upload in uploads}) == 1
    assert await world.usage() == {"bytes": 5, "uploads": 1}


# ------------------------------------------------------------------ completing


async def test_missing_parts_are_named(world: World, small_parts: int) -> None:
    upload = await world.request(len(LONG))
    for numbers, missing in (((), (1, 2, 3)), ((2,), (1, 3)), ((1,), (3,))):
        if numbers:
            await world.send(upload, LONG, *numbers)
        with pytest.raises(UploadIncomplete) as caught:
            await world.complete(upload)
        assert caught.value.missing_parts == missing
    upload = await world.send(upload, LONG, 3)
    received = await world.container.uploads.received(upload)
    assert [(part.number, part.size_bytes) for part in received] == [(1, 1000), (2, 1000), (3, 500)]
    assert (await world.complete(upload)).status is UploadStatus.STORED
    assert await world.object(upload) == LONG


async def test_the_only_part_is_missing(world: World) -> None:
    upload = await world.request(len(DATA))
    with pytest.raises(UploadIncomplete) as caught:
        await world.complete(upload)
    assert caught.value.missing_parts == (1,)
    assert await world.container.uploads.received(upload) == []


async def test_a_part_of_another_size_is_missing(world: World, small_parts: int) -> None:
    upload = await world.send(await world.request(len(LONG)), LONG)
    world.s3.upload_part(
        Bucket=world.bucket_name,
        Key=upload.key,
        UploadId=upload.multipart_id,
        PartNumber=2,
        Body=LONG[:999],
    )
    received = await world.container.uploads.received(upload)
    assert [part.number for part in received] == [1, 3]
    with pytest.raises(UploadIncomplete) as caught:
        await world.complete(upload)
    assert caught.value.missing_parts == (2,)


async def test_a_part_that_was_not_planned_is_left_out(world: World, small_parts: int) -> None:
    upload = await world.send(await world.request(len(LONG)), LONG)
    world.s3.upload_part(
        Bucket=world.bucket_name,
        Key=upload.key,
        UploadId=upload.multipart_id,
        PartNumber=4,
        Body=b"more",
    )
    assert len(await world.container.uploads.received(upload)) == 3
    await world.complete(upload)
    assert await world.object(upload) == LONG


async def test_wrong_bytes_in_parts_are_found_by_the_checksum(
    world: World, small_parts: int
) -> None:
    upload = await world.send(await world.request(len(LONG), checksum=checksum(LONG)), LONG[::-1])
    with pytest.raises(UploadRejected, match="SHA-256"):
        await world.complete(upload)
    await world.assert_consistent()


async def test_a_multipart_upload_that_was_dropped_begins_anew(
    world: World, small_parts: int
) -> None:
    upload = await world.send(await world.request(len(LONG)), LONG)
    world.s3.abort_multipart_upload(
        Bucket=world.bucket_name, Key=upload.key, UploadId=upload.multipart_id
    )
    assert await world.container.uploads.received(upload) == []
    with pytest.raises(UploadIncomplete) as caught:
        await world.complete(upload)
    assert caught.value.missing_parts == (1, 2, 3)
    anew = await world.record(upload)
    assert (anew.status, anew.multipart_id) == (UploadStatus.PENDING, None)
    await world.send(anew, LONG)
    assert (await world.complete(upload)).status is UploadStatus.STORED
    assert await world.object(upload) == LONG


@pytest.mark.parametrize("data", [DATA, LONG], ids=["single", "multipart"])
async def test_completing_many_times_at_once_stores_once(
    world: World, small_parts: int, data: bytes
) -> None:
    for _ in range(5):
        upload = await world.sent(data, checksum=checksum(data))
        uploads = await asyncio.gather(*(world.complete(upload) for _ in range(6)))
        assert {upload.status for upload in uploads} == {UploadStatus.STORED}
    await world.assert_consistent()


async def test_a_large_file_is_read_by_the_event_not_by_the_request(
    world: World, small_parts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gql_api.services.completions.INLINE_READ_MAX_BYTES", len(LONG) - 1)
    upload = await world.sent(LONG, checksum=checksum(LONG))
    assert (await world.complete(upload)).status is UploadStatus.PENDING
    await world.hear(upload)
    assert (await world.complete(upload)).status is UploadStatus.STORED


async def test_a_large_file_of_another_size_is_rejected_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gql_api.services.completions.INLINE_READ_MAX_BYTES", len(DATA) - 1)
    upload = await world.request(len(DATA), checksum=checksum(DATA))
    await world.put_behind(upload.key, b"wrong")
    with pytest.raises(UploadRejected, match="The bucket received 5 bytes"):
        await world.complete(upload)


async def test_what_is_closed_can_not_be_completed(world: World) -> None:
    upload = await world.sent(DATA)
    await world.container.uploads.cancel(world.owner_id, upload.id)
    with pytest.raises(UploadClosed) as caught:
        await world.complete(upload)
    assert caught.value.status is UploadStatus.CANCELLED


# ------------------------------------------------------------------ cancelling


async def test_cancelling_gives_back_bytes_and_parts_and_can_be_repeated(
    world: World, small_parts: int
) -> None:
    upload = await world.send(await world.request(len(LONG)), LONG, 1, 2)
    for _ in range(2):
        cancelled = await world.container.uploads.cancel(world.owner_id, upload.id)
        assert cancelled.status is UploadStatus.CANCELLED
    assert await world.usage() == {"bytes": 0, "uploads": 0}
    await world.assert_consistent()


async def test_what_is_stored_can_not_be_cancelled(world: World) -> None:
    upload = await world.stored(DATA)
    with pytest.raises(UploadClosed) as caught:
        await world.container.uploads.cancel(world.owner_id, upload.id)
    assert caught.value.status is UploadStatus.STORED
    assert await world.object(upload) == DATA


async def test_a_stranger_can_neither_complete_nor_cancel(world: World) -> None:
    stranger = await world.add_owner()
    upload = await world.sent(DATA)
    outcome = await world.container.uploads.complete(stranger, upload.id)
    assert isinstance(outcome, UploadNotFound)
    with pytest.raises(UploadNotFound):
        await world.container.uploads.cancel(stranger, upload.id)
    assert await world.record(upload) == upload
