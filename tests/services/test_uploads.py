"""Requesting uploads, sending their parts, completing and cancelling them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

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
from gql_api.domain.file_requests import FileRequest, PartSelection, Ticket
from gql_api.domain.uploads import UploadStatus
from tests.services.world import TYPE, World, checksum, sha256

DATA = b"the bytes of a picture"
LONG = bytes(range(250)) * 10  # Two parts of 1000 bytes and one of 500.


# ------------------------------------------------------------------ requesting


async def test_the_same_token_and_file_are_the_same_upload(world: World) -> None:
    request = FileRequest("a.png", TYPE, 5, client_token="t")
    first = await world.container.uploads.request(world.owner_id, request)
    again = await world.container.uploads.request(world.owner_id, request)
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


# ------------------------------------------------------------------ signing


async def test_each_part_says_where_it_lies(world: World, small_parts: int) -> None:
    upload = await world.request(len(LONG))
    signed = await world.container.uploads.sign_parts(upload, None)
    places = [(part.number, part.offset_bytes, part.size_bytes) for part in signed]
    assert places == [(1, 0, 1000), (2, 1000, 1000), (3, 2000, 500)]
    [third] = await world.container.uploads.sign_parts(upload, [PartSelection(3)])
    assert (third.number, third.offset_bytes, third.size_bytes) == (3, 2000, 500)
    assert await world.container.uploads.sign_parts(upload, []) == []


@pytest.mark.parametrize(
    ("select", "message"),
    [
        ([PartSelection(0)], "no part 0; parts are 1 to 3"),
        ([PartSelection(1), PartSelection(4)], "no part 4; parts are 1 to 3"),
        ([PartSelection(1)] * 1001, "1001 parts are selected; at most 1000"),
        ([PartSelection(2, "x")], "checksum of part 2 must be a SHA-256"),
        ([PartSelection(1, sha256(b"")), PartSelection(2)], "for each part"),
    ],
)
async def test_parts_that_can_not_be_signed(
    world: World, small_parts: int, select: Sequence[PartSelection], message: str
) -> None:
    upload = await world.request(len(LONG))
    with pytest.raises(BadUserInput, match=message):
        await world.container.uploads.sign_parts(upload, select)
    assert await world.multiparts() == set()


@pytest.mark.parametrize("with_checksums", [True, False])
async def test_checksums_of_parts_are_for_all_or_for_none(
    world: World, small_parts: int, with_checksums: bool
) -> None:
    upload = await world.request(len(LONG))
    one, other = PartSelection(1), PartSelection(2, sha256(LONG[1000:2000]))
    first, second = (other, one) if with_checksums else (one, other)
    await world.container.uploads.sign_parts(upload, [first])
    upload = await world.record(upload)
    assert upload.part_checksums == with_checksums
    with pytest.raises(BadUserInput, match="checksum"):
        await world.container.uploads.sign_parts(upload, [second])
    await world.container.uploads.sign_parts(upload, [first])
    assert len(await world.multiparts()) == 1


async def test_the_checksum_of_the_only_part_is_that_of_the_file(world: World) -> None:
    upload = await world.request(len(DATA), checksum=checksum(DATA))
    with pytest.raises(BadUserInput, match="not that of the file"):
        await world.container.uploads.sign_parts(upload, [PartSelection(1, sha256(b""))])
    [part] = await world.container.uploads.sign_parts(upload, [PartSelection(1, sha256(DATA))])
    assert ("x-amz-checksum-sha256", sha256(DATA)) in part.request.headers


async def test_no_request_outlives_the_upload(world: World) -> None:
    upload = await world.request(len(DATA))
    world.clock.now = upload.expires_at
    world.clock.advance(seconds=-10)
    [request] = await world.sign(upload)
    assert request.expires_at <= upload.expires_at
    world.clock.now = upload.expires_at
    with pytest.raises(BadUserInput, match="expired"):
        await world.sign(upload)


async def test_first_calls_at_once_leave_one_multipart_upload(
    world: World, small_parts: int
) -> None:
    upload = await world.request(len(LONG))
    signed = await asyncio.gather(*(world.sign(upload, 1) for _ in range(8)))
    record = await world.record(upload)
    assert await world.multiparts() == {(upload.key, record.multipart_id)}
    for [request] in signed:
        assert (await world.put(request, LONG[:1000])).status_code == 200


@pytest.mark.parametrize("verb", ["cancel", "delete"])
async def test_signing_for_what_was_settled_meanwhile(
    world: World, small_parts: int, verb: str
) -> None:
    for begun in (False, True):
        upload = await world.request(len(LONG))
        if begun:
            await world.sign(upload)
        if verb == "cancel":
            await world.container.uploads.cancel(world.owner_id, upload.id)
        else:
            await world.container.library.delete(world.owner_id, upload.id)
        with pytest.raises(BadUserInput, match="settled meanwhile"):
            await world.sign(upload)
        assert await world.multiparts() == set()


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
    monkeypatch.setattr("gql_api.services.uploads.INLINE_READ_MAX_BYTES", len(LONG) - 1)
    upload = await world.sent(LONG, checksum=checksum(LONG))
    assert (await world.complete(upload)).status is UploadStatus.PENDING
    await world.hear(upload)
    assert (await world.complete(upload)).status is UploadStatus.STORED


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
    for verb in (world.container.uploads.complete, world.container.uploads.cancel):
        with pytest.raises(UploadNotFound):
            await verb(stranger, upload.id)
    assert await world.record(upload) == upload
