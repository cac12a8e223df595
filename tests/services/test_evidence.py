"""What settling relies on, by what the store was seen to do."""

from __future__ import annotations

import time
from typing import Any, cast

import pytest

from gql_api.adapters.mongo.deployment import MongoDeployments
from gql_api.domain.bucket import Bucket, MultipartPage
from gql_api.domain.deployment import StoreTraits
from gql_api.domain.uploads import ChecksumAlgorithm, ObjectFacts, UploadStatus
from gql_api.services.settling import SettlingService
from tests.services.world import World, checksum, maintenance, sha256
from tests.upload_records import Stores

DATA = b"the bytes of a picture"
AWS = StoreTraits(
    verifies_checksums=True,
    conditional_writes=True,
    lists_parts=True,
    lists_multiparts=True,
    keeps_content_types=True,
    refuses_unsigned_headers=True,
    verifies_crc64nvme=True,
)


class Echoing:
    """The world's bucket, which reports the checksum that the client sent. Counts what is read."""

    def __init__(self, world: World, sent: str) -> None:
        self._bucket = world.container.bucket
        self._sent = sent
        self.reads = 0
        self.service = SettlingService(
            uploads=Stores(world.container.database).uploads,
            bucket=cast(Bucket, self),
            deployment=world.container.deployment,
            clock=world.clock,
            policy=world.container.settings.uploads,
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bucket, name)

    async def head(self, key: str) -> ObjectFacts | None:
        facts = await self._bucket.head(key)
        return facts and facts._replace(sha256=self._sent)

    async def digest(self, key: str, etag: str, algorithm: ChecksumAlgorithm) -> str | None:
        self.reads += 1
        return await self._bucket.digest(key, etag, algorithm)


async def record(world: World, traits: StoreTraits) -> None:
    await MongoDeployments(world.container.database).record_traits(traits)
    await world.container.deployment.refresh()


@pytest.mark.parametrize(
    ("traits", "reads"),
    [(None, 1), (AWS._replace(verifies_checksums=False), 1), (AWS, 0)],
    ids=["never probed", "accepts wrong checksums", "refuses them"],
)
async def test_a_checksum_is_believed_only_where_wrong_ones_are_refused(
    world: World, traits: StoreTraits | None, reads: int
) -> None:
    if traits is not None:
        await record(world, traits)
    upload = await world.sent(DATA, checksum=checksum(DATA))
    bucket = Echoing(world, sha256(DATA))
    settlement = await bucket.service.settle(upload)
    assert (settlement.upload.status, bucket.reads) == (UploadStatus.STORED, reads)


async def test_other_bytes_under_a_repeated_checksum_are_rejected(world: World) -> None:
    upload = await world.sent(DATA.swapcase(), checksum=checksum(DATA))
    settlement = await Echoing(world, sha256(DATA)).service.settle(upload)
    assert settlement.upload.status is UploadStatus.REJECTED
    assert await world.object(upload) is None


@pytest.mark.parametrize("honored", [False, True])
async def test_what_cannot_be_overwritten_is_not_checked_again(world: World, honored: bool) -> None:
    await record(world, AWS._replace(conditional_writes=honored))
    upload = await world.stored(DATA)
    assert (upload.check_at is None) is honored


@pytest.mark.parametrize("kept", [False, True])
async def test_content_types_are_compared_only_where_they_are_kept(
    world: World, kept: bool
) -> None:
    await record(world, AWS._replace(keeps_content_types=kept, verifies_checksums=False))
    upload = await world.request(len(DATA))
    await world.put_behind(upload.key, DATA, "application/octet-stream")
    settlement = await world.container.settling.settle(upload)
    expected = UploadStatus.REJECTED if kept is True else UploadStatus.STORED
    assert settlement.upload.status is expected


async def test_multipart_uploads_are_not_listed_where_they_cannot_be(world: World) -> None:
    listed: list[str] = []

    class Unlistable(Echoing):
        async def list_multiparts(self, prefix: str, *_: Any) -> MultipartPage:
            listed.append(prefix)
            return MultipartPage(())

    sweep = maintenance(world, bucket=Unlistable(world, sha256(DATA))).sweep
    await sweep()
    assert listed == [f"{world.key_prefix}/"]
    await record(world, AWS._replace(lists_multiparts=False))
    await sweep()
    assert len(listed) == 1


async def test_a_probe_that_ends_later_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then, no process knows whether the store computes a CRC-64/NVME."""
    assert ChecksumAlgorithm.CRC64NVME not in await world.container.uploads.checksum_algorithms()
    await MongoDeployments(world.container.database).record_traits(AWS)
    assert ChecksumAlgorithm.CRC64NVME not in await world.container.uploads.checksum_algorithms()
    later = time.monotonic() + 61
    monkeypatch.setattr("gql_api.services.deployment.monotonic", lambda: later)
    assert ChecksumAlgorithm.CRC64NVME in await world.container.uploads.checksum_algorithms()
