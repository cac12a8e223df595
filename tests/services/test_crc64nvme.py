"""Whole-file checksums that the store computes: the service compares them and reads nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gql_api import operators
from gql_api.adapters.mongo.deployment import MongoDeployments
from gql_api.adapters.s3 import crc64nvme_probe
from gql_api.container import Container
from gql_api.domain.deployment import StoreTraits
from gql_api.domain.errors import InvalidInput, UploadIncomplete, UploadRejected
from gql_api.domain.uploads import Checksum, ChecksumAlgorithm, Upload, UploadStatus
from local.gateway import Gateway
from tests.services.world import World
from tests.stores.computing import Behavior, ComputingStore, crc64nvme

DATA = b"the bytes of a picture"
LONG = bytes(range(250)) * 10  # Two parts of 1000 bytes and one of 500.
TRAITS = StoreTraits(
    verifies_checksums=False,
    conditional_writes=True,
    lists_parts=True,
    lists_multiparts=True,
    keeps_content_types=True,
    refuses_unsigned_headers=False,
    verifies_crc64nvme=True,
)


@pytest.fixture
def store(gateway: Gateway) -> Iterator[ComputingStore]:
    store = ComputingStore(gateway)
    store.start()
    yield store
    store.stop()


@pytest.fixture
def environment(environment: dict[str, str], store: ComputingStore) -> dict[str, str]:
    return environment | {"S3_ENDPOINT_URL": store.endpoint_url}


@pytest.fixture
async def probed(world: World) -> World:
    """The services on a store whose probe found that it computes checksums."""
    await MongoDeployments(world.container.database).record_traits(TRAITS)
    await world.container.deployment.refresh()
    return world


def checksum(data: bytes) -> Checksum:
    return Checksum(ChecksumAlgorithm.CRC64NVME, crc64nvme(data))


# ------------------------------------------------------------------ the probe


@pytest.mark.parametrize(
    ("behavior", "verifies"),
    [
        (Behavior(), True),
        (Behavior(accepts_wrong=True), True),
        (Behavior(accepts_wrong=True, repeats=True), False),
        (Behavior(combines=True), False),
        (Behavior(needs_part_checksums=True), False),
    ],
    ids=["AWS", "computes in spite of a wrong one", "repeats", "combines", "needs them for parts"],
)
async def test_what_the_probe_believes(
    container: Container,
    store: ComputingStore,
    monkeypatch: pytest.MonkeyPatch,
    behavior: Behavior,
    verifies: bool,
) -> None:
    monkeypatch.setattr(crc64nvme_probe, "_PARTS", (b"the first part", b"the last part"))
    store.behavior = behavior
    traits = await operators.store_service(container).examine(print)
    assert traits.verifies_crc64nvme is verifies
    offered = await container.uploads.checksum_algorithms()
    assert (ChecksumAlgorithm.CRC64NVME in offered) is verifies
    kept = store.s3.list_objects_v2(
        Bucket=container.settings.s3_bucket, Prefix=".media-upload-service/probes/"
    )
    assert kept["KeyCount"] == 0


def test_the_probe_sends_more_than_one_part() -> None:
    """A store that computes the checksum of one part need not combine those of several."""
    assert [len(part) for part in crc64nvme_probe._PARTS] == [5 * 1024 * 1024, 5]


async def test_without_the_probe_a_crc64nvme_cannot_be_declared(world: World) -> None:
    for traits in (None, TRAITS._replace(verifies_crc64nvme=False)):
        if traits is not None:
            await MongoDeployments(world.container.database).record_traits(traits)
            await world.container.deployment.refresh()
        with pytest.raises(InvalidInput) as raised:
            await world.request(len(DATA), checksum=checksum(DATA))
        [field] = raised.value.fields
        assert (field.path, "use SHA256" in field.message) == (("checksum",), True)


# ------------------------------------------------------------------ settling


@pytest.mark.parametrize("data", [DATA, LONG], ids=["single", "multipart"])
async def test_the_declared_bytes_are_stored_unread(
    probed: World, store: ComputingStore, small_parts: int, data: bytes
) -> None:
    upload = await probed.stored(data, checksum=checksum(data))
    assert upload.checksum == checksum(data)
    assert await probed.record(upload) == upload
    assert store.bytes_read == 0


async def test_events_and_the_sweep_read_nothing_either(
    probed: World, store: ComputingStore, small_parts: int
) -> None:
    heard, swept = [await probed.sent(DATA, checksum=checksum(DATA)) for _ in range(2)]
    await probed.hear(heard)
    assert (await probed.sweep()).stored == 1
    for upload in (heard, swept):
        assert (await probed.record(upload)).status is UploadStatus.STORED
    assert store.bytes_read == 0


def flipped(data: bytes) -> bytes:
    return data[:1500] + bytes([data[1500] ^ 1]) + data[1501:]


def swapped(data: bytes) -> bytes:
    return data[1000:2000] + data[:1000] + data[2000:]


def truncated(data: bytes) -> bytes:
    """Return what a file system leaves of a part whose last bytes were not written."""
    return data[:1900] + bytes(100) + data[2000:]


DISTINCT = LONG[:1000] + LONG[:1000][::-1] + LONG[2000:]


@pytest.mark.parametrize("damage", [flipped, swapped, truncated])
async def test_other_bytes_in_parts_are_rejected_unread(
    probed: World, store: ComputingStore, small_parts: int, damage: object
) -> None:
    assert callable(damage)
    sent = damage(DISTINCT)
    upload = await probed.sent(sent, checksum=checksum(DISTINCT))
    with pytest.raises(UploadRejected) as raised:
        await probed.complete(upload)
    reason = f"The bytes have CRC-64/NVME {crc64nvme(sent)}; {crc64nvme(DISTINCT)} was declared."
    assert raised.value.upload.status_reason == reason
    assert await probed.object(upload) is None
    assert store.bytes_read == 0
    await probed.assert_consistent()


async def test_a_part_that_is_too_short_is_missing(
    probed: World, store: ComputingStore, small_parts: int
) -> None:
    upload = await probed.send(await probed.request(len(LONG), checksum=checksum(LONG)), LONG, 1, 3)
    store.s3.upload_part(
        Bucket=probed.bucket_name,
        Key=upload.key,
        UploadId=upload.multipart_id or "",
        PartNumber=2,
        Body=LONG[1000:1900],
    )
    with pytest.raises(UploadIncomplete) as raised:
        await probed.complete(upload)
    assert list(raised.value.missing_parts) == [2]


async def refused(world: World, upload: Upload, data: bytes) -> None:
    [request] = await world.sign(upload)
    assert ("x-amz-checksum-crc64nvme", crc64nvme(DATA)) in request.headers
    response = await world.put(request, data)
    assert (response.status_code, "BadDigest" in response.text) == (400, True)
    with pytest.raises(UploadIncomplete):
        await world.complete(upload)


@pytest.mark.parametrize("accepts_wrong", [False, True], ids=["refused", "accepted"])
async def test_other_bytes_in_one_piece_are_not_stored(
    probed: World, store: ComputingStore, accepts_wrong: bool
) -> None:
    store.behavior = Behavior(accepts_wrong=accepts_wrong)
    upload = await probed.request(len(DATA), checksum=checksum(DATA))
    if accepts_wrong:
        await probed.send(upload, DATA.swapcase())
        with pytest.raises(UploadRejected):
            await probed.complete(upload)
    else:
        await refused(probed, upload, DATA.swapcase())
    assert (await probed.record(upload)).status is not UploadStatus.STORED
    assert store.bytes_read == 0


@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
async def test_an_object_whose_checksum_is_no_longer_reported_is_read(
    probed: World, store: ComputingStore, small_parts: int, right: bool
) -> None:
    """The store was replaced, for example. What was sent completely must not be lost."""
    upload = await probed.sent(LONG if right else swapped(DISTINCT), checksum=checksum(LONG))
    store.sent.clear()
    await probed.container.settling.settle(upload)
    expected = UploadStatus.STORED if right else UploadStatus.REJECTED
    assert (await probed.record(upload)).status is expected
    assert store.bytes_read == len(LONG)


async def test_a_checksum_is_not_believed_when_the_store_no_longer_passes_the_probe(
    probed: World, store: ComputingStore
) -> None:
    upload = await probed.sent(DATA.swapcase(), checksum=checksum(DATA.swapcase()))
    upload = upload._replace(checksum=checksum(DATA))
    store.behavior = Behavior(accepts_wrong=True, repeats=True)
    store.sent[f"/{probed.bucket_name}/{upload.key}"] = crc64nvme(DATA)
    traits = TRAITS._replace(verifies_crc64nvme=False)
    await MongoDeployments(probed.container.database).record_traits(traits)
    await probed.container.deployment.refresh()
    settlement = await probed.container.settling.settle(upload)
    assert settlement.upload.status is UploadStatus.REJECTED
