"""Reading an object whose connection breaks: by ranges, and within the time limit."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gql_api.adapters.s3.bucket import S3Bucket
from gql_api.adapters.s3.reading import chunks
from gql_api.domain.errors import Unavailable
from gql_api.domain.parts import MIB
from gql_api.domain.uploads import ChecksumAlgorithm
from local.gateway import Gateway
from tests.adapters.s3.test_bucket import bucket_at, put, sha256
from tests.faults.proxy import FaultProxy, fault_proxy

BODY = os.urandom(4 * MIB + 17)


@pytest.fixture
async def proxy(gateway: Gateway) -> AsyncIterator[FaultProxy]:
    async with fault_proxy(gateway.port) as proxy:
        yield proxy


@pytest.fixture
async def bucket(
    gateway: Gateway, bucket_name: str, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[S3Bucket]:
    """A bucket behind the proxy, which reads on without a pause."""
    monkeypatch.setattr("gql_api.adapters.s3.reading._FIRST_PAUSE_SECONDS", 0)
    bucket = bucket_at(gateway, bucket_name, endpoint_url=proxy.url)
    yield bucket
    await bucket.close()


@pytest.fixture
def etag(gateway: Gateway, bucket_name: str, key_prefix: str) -> str:
    """The ETag of the object `key_prefix`/a, which holds BODY."""
    return put(bucket_at(gateway, bucket_name), bucket_name, f"{key_prefix}/a", BODY)


def starts_of(bucket: S3Bucket) -> list[int]:
    """Return a list to which the first byte of each GetObject is added."""
    starts: list[int] = []

    def note(request: Any, **_: Any) -> None:
        text = request.headers.get("Range", b"bytes=0-")
        wanted = text.decode() if isinstance(text, bytes) else text
        starts.append(int(wanted.removeprefix("bytes=").removesuffix("-")))

    bucket.client().meta.events.register("before-send.s3.GetObject", note)
    return starts


async def test_a_broken_read_continues_where_it_broke(
    bucket: S3Bucket, proxy: FaultProxy, key_prefix: str, etag: str
) -> None:
    starts = starts_of(bucket)
    proxy.cut_after_bytes = MIB * 3 // 2
    assert await bucket.digest(f"{key_prefix}/a", etag, ChecksumAlgorithm.SHA256) == sha256(BODY)
    assert len(starts) == 3
    header_bytes = proxy.cut_after_bytes - starts[1]
    assert 0 < header_bytes < 1024
    # Nothing but the headers was sent twice.
    assert 0 < 2 * proxy.cut_after_bytes - starts[2] < 2 * 1024
    # Without a byte in between, it gives up.
    starts.clear()
    proxy.cut_after_bytes = header_bytes
    with pytest.raises(Unavailable):
        await bucket.digest(f"{key_prefix}/a", etag, ChecksumAlgorithm.SHA256)
    assert set(starts) == {0}


async def test_an_object_that_changes_meanwhile_is_not_mixed(
    bucket: S3Bucket,
    proxy: FaultProxy,
    gateway: Gateway,
    bucket_name: str,
    key_prefix: str,
    etag: str,
) -> None:
    proxy.cut_after_bytes = MIB * 3 // 2
    read = chunks(bucket.client(), bucket_name, f"{key_prefix}/a", etag, None)
    # The proxy runs on this loop, so the object is read in another thread.
    assert await asyncio.to_thread(next, read) == BODY[:MIB]
    put(bucket_at(gateway, bucket_name), bucket_name, f"{key_prefix}/a", BODY[::-1])
    with pytest.raises(bucket.client().exceptions.ClientError, match="PreconditionFailed"):
        await asyncio.to_thread(list, read)


def test_it_stops_when_the_time_is_up(
    gateway: Gateway, bucket_name: str, key_prefix: str, etag: str
) -> None:
    client = bucket_at(gateway, bucket_name).client()
    read = chunks(client, bucket_name, f"{key_prefix}/a", etag, time.monotonic())
    assert len(next(read)) == MIB
    with pytest.raises(TimeoutError):
        next(read)
