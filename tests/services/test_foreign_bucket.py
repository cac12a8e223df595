"""A bucket of another database: its missing objects prove nothing about this one's uploads."""

from __future__ import annotations

import pytest

from gql_api.domain.errors import ForeignBucket
from gql_api.domain.uploads import UploadStatus
from gql_api.services.deployment import marker_key
from gql_api.services.sweep_report import SweepFailed
from tests.services.world import TYPE, World

DATA = b"the bytes of a picture"


async def exchange(world: World, *keys: str) -> None:
    """Let another database adopt the bucket, and take away objects, as if it were another one."""
    bucket = world.container.bucket
    await bucket.write_small(marker_key(world.key_prefix), b"the identity of another database")
    for key in keys:
        await bucket.delete(key)


async def test_nothing_is_rejected_or_expires(world: World) -> None:
    await world.container.deployment.adopt()
    stored, sent = await world.stored(DATA), await world.sent(DATA)
    await exchange(world, stored.key, sent.key)

    with pytest.raises(ForeignBucket):
        await world.container.settling.settle(stored)
    with pytest.raises(SweepFailed):
        await world.sweep(days=30)

    assert (await world.record(stored)).status is UploadStatus.STORED
    assert (await world.record(sent)).status is UploadStatus.PENDING

    for upload in (stored, sent):
        await world.put_behind(upload.key, DATA, TYPE)
    await world.container.deployment.adopt()
    await world.sweep(days=1)

    assert (await world.record(sent)).status is UploadStatus.STORED
    assert (await world.objects()).keys() == {stored.key, sent.key}


async def test_without_an_identity_a_missing_object_proves_nothing(world: World) -> None:
    stored = await world.stored(DATA)
    await world.container.bucket.delete(stored.key)

    with pytest.raises(ForeignBucket):
        await world.container.settling.settle(stored)

    assert (await world.record(stored)).status is UploadStatus.STORED
