"""Settling by its three triggers, and objects that differ from the declaration."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, cast

import pytest

from gql_api.domain.bucket import Bucket
from gql_api.domain.errors import UploadRejected
from gql_api.domain.file_requests import FIRST_CHECK_SECONDS
from gql_api.domain.ids import new_id
from gql_api.domain.uploads import ObjectFacts, Upload, UploadStatus
from gql_api.services.settling import SettlingService
from tests.services.world import World, checksum, sha256
from tests.upload_records import Stores

DATA = b"the bytes of a picture"
OTHER = DATA.swapcase()

Side = Callable[[World, Upload], Awaitable[object]]


async def client_completes(world: World, upload: Upload) -> None:
    await world.complete(upload)


async def event_arrives(world: World, upload: Upload) -> None:
    await world.hear(upload)


async def sweep_looks(world: World, upload: Upload) -> None:
    await world.sweep(seconds=FIRST_CHECK_SECONDS)


SIDES: Sequence[Side] = (client_completes, event_arrives, sweep_looks)
ORDERS = [*((side,) * 3 for side in SIDES), *itertools.permutations(SIDES)]


def names(order: Any) -> str:
    return "-".join(side.__name__.partition("_")[0] for side in order)


@pytest.mark.parametrize("order", ORDERS, ids=names)
@pytest.mark.parametrize("data", [DATA, DATA * 100], ids=["single", "multipart"])
async def test_every_side_alone_repeated_and_in_any_order_stores(
    world: World, small_parts: int, order: Sequence[Side], data: bytes
) -> None:
    upload = await world.sent(data, checksum=checksum(data))
    for side in order:
        await side(world, upload)
        record = await world.record(upload)
        assert record.status is UploadStatus.STORED
        assert record.stored_at is not None
    await world.sweep()
    record = await world.record(upload)
    assert (record.status, record.check_at) == (UploadStatus.STORED, None)
    assert await world.usage() == {"bytes": len(data), "uploads": 1}
    await world.assert_consistent({upload.id: data})


async def test_stored_at_is_when_it_was_stored_first(world: World) -> None:
    upload = await world.stored(DATA)
    await world.sweep(seconds=FIRST_CHECK_SECONDS)
    await world.hear(upload)
    assert (await world.record(upload)).stored_at == upload.stored_at


@pytest.mark.parametrize("side", SIDES, ids=lambda side: names([side]))
@pytest.mark.parametrize(
    ("data", "content_type", "reason"),
    [
        (DATA + b"!", "image/png", "The bucket received 23 bytes; 22 were declared."),
        (b"", "image/png", "The bucket received 0 bytes; 22 were declared."),
        (DATA, "text/html", "The bucket received type text/html; image/png was declared."),
        (
            OTHER,
            "image/png",
            f"The bytes have SHA-256 {sha256(OTHER)}; {sha256(DATA)} was declared.",
        ),
    ],
    ids=["longer", "empty", "type", "checksum"],
)
async def test_what_was_not_declared_is_deleted_and_rejected(
    world: World, side: Side, data: bytes, content_type: str, reason: str
) -> None:
    upload = await world.request(len(DATA), checksum=checksum(DATA))
    await world.put_behind(upload.key, data, content_type)
    with contextlib.suppress(UploadRejected):  # Only completing raises it.
        await side(world, upload)
    record = await world.record(upload)
    assert (record.status, record.status_reason) == (UploadStatus.REJECTED, reason)
    assert await world.object(upload) is None
    assert await world.usage() == {"bytes": 0, "uploads": 0}
    with pytest.raises(UploadRejected, match=re.escape(reason)):
        await world.complete(upload)


async def test_a_rejected_upload_stays_rejected_whatever_arrives(world: World) -> None:
    upload = await world.request(len(DATA))
    await world.put_behind(upload.key, b"wrong")
    await world.hear(upload)
    await world.put_behind(upload.key, DATA)
    await world.hear(upload)
    assert (await world.record(upload)).status is UploadStatus.REJECTED
    assert await world.object(upload) is None


@pytest.mark.parametrize("heard", [True, False], ids=["event", "sweep"])
async def test_other_bytes_by_an_old_url_reject_what_has_a_checksum(
    world: World, heard: bool
) -> None:
    upload = await world.request(len(DATA), checksum=checksum(DATA))
    [url] = await world.sign(upload)
    assert (await world.put(url, DATA)).status_code == 200
    await world.complete(upload)
    assert (await world.put(url, OTHER)).status_code == 200
    await (world.hear(upload) if heard else world.sweep())
    record = await world.record(upload)
    assert record.status is UploadStatus.REJECTED
    assert sha256(OTHER) in (record.status_reason or "")
    assert await world.object(upload) is None
    assert await world.usage() == {"bytes": 0, "uploads": 0}


@pytest.mark.parametrize("heard", [True, False], ids=["event", "sweep"])
async def test_other_bytes_by_an_old_url_refresh_the_etag_of_what_has_none(
    world: World, heard: bool
) -> None:
    upload = await world.request(len(DATA))
    [url] = await world.sign(upload)
    assert (await world.put(url, DATA)).status_code == 200
    before = await world.complete(upload)
    assert (await world.put(url, OTHER)).status_code == 200
    await (world.hear(upload) if heard else world.sweep())
    record = await world.record(upload)
    head = world.s3.head_object(Bucket=world.bucket_name, Key=upload.key)
    assert record.status is UploadStatus.STORED
    assert record.etag == head["ETag"] != before.etag
    assert await world.object(upload) == OTHER


async def test_the_same_bytes_as_another_type_are_rejected(world: World) -> None:
    upload = await world.stored(DATA)
    await world.put_behind(upload.key, DATA, "text/html")
    await world.hear(upload)
    assert (await world.record(upload)).status is UploadStatus.REJECTED
    assert await world.object(upload) is None


async def test_an_object_that_vanished_is_said(world: World) -> None:
    await world.container.deployment.adopt()
    upload = await world.stored(DATA)
    world.s3.delete_object(Bucket=world.bucket_name, Key=upload.key)
    await world.hear(upload)
    record = await world.record(upload)
    assert record.status is UploadStatus.REJECTED
    assert record.status_reason == "The object is no longer in the bucket."
    assert await world.usage() == {"bytes": 0, "uploads": 0}


@pytest.mark.parametrize("closed", ["cancelled", "deleted", "expired"])
@pytest.mark.parametrize("heard", [True, False], ids=["event", "sweep"])
async def test_bytes_that_arrive_after_the_end_are_taken_away(
    world: World, closed: str, heard: bool
) -> None:
    upload = await world.request(len(DATA))
    [url] = await world.sign(upload)
    if closed == "cancelled":
        await world.container.uploads.cancel(world.owner_id, upload.id)
    elif closed == "deleted":
        await world.container.library.delete(world.owner_id, upload.id)
    else:
        await world.container.settling.close(upload, UploadStatus.EXPIRED)
    assert (await world.put(url, DATA)).status_code == 200
    await (world.hear(upload) if heard else world.sweep())
    assert await world.object(upload) is None
    await world.sweep()
    await world.assert_consistent()


async def test_an_event_for_an_upload_that_never_was_leaves_the_object_to_the_sweep(
    world: World,
) -> None:
    key = world.unknown_key()
    await world.put_behind(key, DATA)
    assert await world.container.storage_events.handle(world.event(key)) == 1
    assert await world.objects() == {key: DATA}
    assert (await world.sweep_twice())[1].unknown_deleted == 1
    assert await world.objects() == {}


async def test_an_event_under_another_owner_leaves_that_object_to_the_sweep(world: World) -> None:
    upload = await world.stored(DATA)
    key = f"{world.key_prefix}/{new_id(world.clock())}/{upload.id}"
    await world.put_behind(key, OTHER)
    await world.container.storage_events.handle(world.event(key))
    assert await world.objects() == {upload.key: DATA, key: OTHER}
    assert (await world.sweep_twice())[1].unknown_deleted == 1
    assert await world.objects() == {upload.key: DATA}
    assert (await world.record(upload)).status is UploadStatus.STORED


async def test_a_purged_record_is_as_good_as_a_deleted_one(world: World) -> None:
    upload = await world.sent(DATA)
    await world.container.library.delete(world.owner_id, upload.id)
    await world.sweep()
    assert await world.find_record(upload) is None
    await world.put_behind(upload.key, DATA)
    settlement = await world.container.settling.settle(upload)
    assert settlement.upload.status is UploadStatus.DELETED
    assert await world.object(upload) is None


async def test_the_next_look_is_after_the_last_request_can_have_arrived(world: World) -> None:
    upload = await world.stored(DATA)
    lifetime = world.container.settings.uploads.url_ttl_seconds
    assert upload.check_at is not None
    assert upload.check_at > world.clock() + timedelta(seconds=lifetime)


class Meddled:
    """The world's bucket, which subclasses change during the calls of their settling service."""

    def __init__(self, world: World, upload: Upload) -> None:
        self.world = world
        self.upload = upload
        self.service = SettlingService(
            uploads=Stores(world.container.database).uploads,
            bucket=cast(Bucket, self),
            deployment=world.container.deployment,
            clock=world.clock,
            policy=world.container.settings.uploads,
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self.world.container.bucket, name)


class Swapping(Meddled):
    """Holds the declared bytes only while the object is read for its checksum."""

    async def digest(self, *args: Any) -> str | None:
        await self.world.put_behind(self.upload.key, DATA)
        digest = await self.world.container.bucket.digest(*args)
        await self.world.put_behind(self.upload.key, OTHER)
        return digest


@pytest.mark.parametrize("stored", [False, True], ids=["pending", "stored"])
async def test_bytes_that_are_swapped_while_they_are_read_do_not_pass(
    world: World, stored: bool
) -> None:
    upload = await world.sent(DATA, checksum=checksum(DATA))
    if stored:
        upload = await world.complete(upload)
    await world.put_behind(upload.key, OTHER)
    settlement = await Swapping(world, upload).service.settle(upload)
    assert settlement.upload.status is not UploadStatus.STORED or stored
    await world.hear(upload)
    assert (await world.record(upload)).status is UploadStatus.REJECTED


class Overwriting(Meddled):
    """Answers the first HEAD as the S3 gateway does while an object is being overwritten."""

    first: ObjectFacts | None = ObjectFacts(len(DATA), "application/octet-stream", '"e"', None)
    looks = 0

    async def head(self, key: str) -> ObjectFacts | None:
        self.looks += 1
        return self.first if self.looks == 1 else await self.world.container.bucket.head(key)


@pytest.mark.parametrize("stored", [False, True], ids=["pending", "stored"])
async def test_bytes_that_are_sent_again_at_this_moment_are_not_lost(
    world: World, stored: bool
) -> None:
    upload = await world.sent(DATA)
    if stored:
        upload = await world.complete(upload)
    settlement = await Overwriting(world, upload).service.settle(upload)
    assert settlement.upload.status is UploadStatus.STORED
    assert await world.object(upload) == DATA
