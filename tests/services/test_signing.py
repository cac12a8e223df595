"""Signed requests for the parts of an upload."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from unittest.mock import Mock

import pytest

from gql_api.domain.errors import BadUserInput
from gql_api.domain.file_requests import PartSelection, selected_parts
from tests.services.world import World, checksum, sha256

DATA = b"the bytes of a picture"
LONG = bytes(range(250)) * 10  # Two parts of 1000 bytes and one of 500.


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
        ([PartSelection(0)], "The parts of this upload are 1 to 3"),
        ([PartSelection(1), PartSelection(4)], "The parts of this upload are 1 to 3"),
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


@pytest.mark.parametrize("data", [DATA, LONG], ids=["single", "multipart"])
async def test_the_selection_is_checked_once_per_call(
    world: World, small_parts: int, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = Mock(side_effect=selected_parts)
    monkeypatch.setattr("gql_api.services.signing.selected_parts", checked)
    upload = await world.request(len(data))
    for calls in (1, 2):  # The first call of a large file creates its multipart upload.
        await world.container.uploads.sign_parts(upload, [PartSelection(1)])
        assert checked.call_count == calls
        upload = await world.record(upload)
    world.container.uploads.sign_parts_now(upload, [PartSelection(1)])
    assert checked.call_count == 3


async def test_first_calls_that_disagree_about_checksums(world: World, small_parts: int) -> None:
    """With the old record, as in a race, the second call must not sign the other kind of part."""
    upload = await world.request(len(LONG))
    await world.container.uploads.sign_parts(upload, [PartSelection(1)])
    with pytest.raises(BadUserInput, match="for none"):
        await world.container.uploads.sign_parts(upload, [PartSelection(1, sha256(LONG[:1000]))])
    assert len(await world.multiparts()) == 1


async def test_the_checksum_of_the_only_part_is_that_of_the_file(world: World) -> None:
    upload = await world.request(len(DATA), checksum=checksum(DATA))
    with pytest.raises(BadUserInput, match="differs from that of the file"):
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
        with pytest.raises(BadUserInput, match="settled in the meantime"):
            await world.sign(upload)
        assert await world.multiparts() == set()
