"""Reads an object from start to end, and resumes where the connection broke."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

from gql_api.adapters.s3.client import is_transient

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

_CHUNK_BYTES = 1024 * 1024
# How many failures in a row, without a byte in between, are tolerated.
_FAILURES_MAX = 5
_FIRST_PAUSE_SECONDS = 0.1


class ObjectChanged(Exception):
    """The object has another ETag than the one that was asked for."""


def chunks(
    s3: S3Client, bucket: str, key: str, etag: str, stop_at: float | None
) -> Iterator[bytes]:
    """Yield the bytes of the object in chunks of at most 1 MiB.

    A read that breaks continues at the byte reached. Every request names the ETag, so all chunks
    belong to the same object. `stop_at`: when to give up, as `time.monotonic()`.

    Raises:
        TimeoutError: `stop_at` has passed.
        ObjectChanged: the object has another ETag, and the store ignores the condition.
        ClientError: "NoSuchKey", or "PreconditionFailed" if the object has another ETag.
        Exception: the last of several transient failures in a row, or one after which the
            server cannot resume, because it does not support ranges.
    """
    position, failures = 0, 0
    broken: Exception | None = None
    while True:
        # S3 rejects a range that begins at the end, as in an empty object.
        wanted: dict[str, Any] = {"Range": f"bytes={position}-"} if position else {}
        # boto3 itself repeats a request that fails, but not the reading of a response.
        response = s3.get_object(Bucket=bucket, Key=key, IfMatch=etag, **wanted)
        # A server that ignores ranges starts again, so its bytes must not be appended.
        if broken and position and not begins_at(response, position):
            raise broken
        try:
            with closing(response["Body"]) as body:
                if response["ETag"] != etag:  # rclone ignores If-Match.
                    raise ObjectChanged
                for chunk in body.iter_chunks(_CHUNK_BYTES):
                    position += len(chunk)
                    failures = 0
                    yield chunk
                    _check_time(stop_at)
            return
        except Exception as error:
            broken = error
            failures += 1
            if failures > _FAILURES_MAX or not is_transient(error):
                raise
        _check_time(stop_at)
        time.sleep(_FIRST_PAUSE_SECONDS * 2 ** (failures - 1))


def begins_at(response: GetObjectOutputTypeDef, position: int) -> bool:
    """Return whether the response begins at `position` (RFC 9110, 14.4)."""
    return response.get("ContentRange", "").startswith(f"bytes {position}-")


def _check_time(stop_at: float | None) -> None:
    if stop_at is not None and time.monotonic() > stop_at:
        raise TimeoutError
