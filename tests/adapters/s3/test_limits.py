"""The bucket's behavior when S3 is overloaded, broken or does not respond."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError

from gql_api.adapters.s3.bucket import S3Bucket
from gql_api.domain.deadline import time_limit
from gql_api.domain.errors import StillProcessing, Unavailable
from gql_api.domain.uploads import ChecksumAlgorithm, StoredPart
from local import ports
from tests.adapters.s3.scripted import bucket_at

PARTS = [StoredPart(1, 5, '"e"', None)]


@pytest.fixture
async def bucket(parsed_once: None) -> AsyncIterator[S3Bucket]:
    bucket = bucket_at(None)
    yield bucket
    await bucket.close()


class _Body:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def stream(self) -> list[bytes]:
        return [self._data]


@contextmanager
def answers(bucket: S3Bucket, *statuses: tuple[int, str]) -> Iterator[list[str]]:
    """Send one response per request, at the HTTP level, and yield the requests.

    botocore's Stubber would bypass its retries.
    """
    sent: list[str] = []
    left = list(statuses)

    def answer(request: Any, **_: object) -> AWSResponse:
        sent.append(request.method)
        status, code = left.pop(0)
        body = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>" if code else ""
        return AWSResponse(request.url, status, HTTPHeaders(), _Body(body.encode()))

    events: Any = bucket.client().meta.events
    events.register("before-send.s3", answer)
    yield sent
    events.unregister("before-send.s3", answer)


SLOW_DOWN = (503, "SlowDown")


async def test_slow_down_is_tried_again(bucket: S3Bucket) -> None:
    with answers(bucket, SLOW_DOWN, SLOW_DOWN, (204, "")) as sent, time_limit(8):
        await bucket.delete("u/k")
    assert len(sent) == 3


@pytest.mark.parametrize(
    "status", [SLOW_DOWN, (500, "InternalError"), (503, "ServiceUnavailable"), (502, "")]
)
async def test_who_stays_busy_is_unavailable(bucket: S3Bucket, status: tuple[int, str]) -> None:
    with answers(bucket, status, status, status), pytest.raises(Unavailable) as raised:
        await bucket.delete("u/k")
    assert raised.value.part == "storage"
    assert isinstance(raised.value.__cause__, ClientError)


@pytest.mark.parametrize("status", [(403, "AccessDenied"), (404, "NoSuchBucket")])
async def test_what_no_repetition_helps_is_raised_at_once(
    bucket: S3Bucket, status: tuple[int, str]
) -> None:
    with answers(bucket, status) as sent, pytest.raises(ClientError, match=status[1]):
        await bucket.delete("u/k")
    assert len(sent) == 1


async def test_a_server_that_is_not_there_is_unavailable(parsed_once: None) -> None:
    bucket = bucket_at(f"http://{ports.HOST}:{ports.free_port()}")
    try:
        with pytest.raises(Unavailable):
            await bucket.head("k")
    finally:
        await bucket.close()


async def test_the_time_limit_ends_the_waiting(parsed_once: None) -> None:
    """Only operations that the storage may still be processing raise StillProcessing."""
    port = ports.free_port()
    connected: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, w: connected.append(w), ports.HOST, port)
    bucket = bucket_at(f"http://{ports.HOST}:{port}")
    try:
        with time_limit(0.2), pytest.raises(Unavailable) as raised:
            await bucket.head("k")
        assert type(raised.value) is Unavailable
        with time_limit(0.2), pytest.raises(StillProcessing):
            await bucket.complete_multipart("k", "m", PARTS)
        with time_limit(0.2), pytest.raises(StillProcessing):
            await bucket.digest("k", '"e"', ChecksumAlgorithm.SHA256)
        assert connected
    finally:
        server.close()
        for writer in connected:
            writer.close()
        await bucket.close()
