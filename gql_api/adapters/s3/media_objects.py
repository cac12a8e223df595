"""Reads ranges of uploaded files, and writes what is derived from them.

IAM actions: s3:GetObject on the uploads, and s3:PutObject on the derived files. Without
s3:ListBucket, S3 responds with 403 for a missing object ("GetObject", Amazon S3 API Reference).
"""

from __future__ import annotations

import re
from contextlib import closing
from functools import cached_property
from typing import TYPE_CHECKING

from gql_api.adapters.s3.client import Session, make_client
from gql_api.adapters.s3.reading import begins_at
from gql_api.domain import etags
from gql_api.domain.media_objects import ObjectGone, OpenObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Enough to recognize every format, and to read a small file with a single request.
_FIRST_BYTES = 256 * 1024
_GONE = frozenset({"NoSuchKey", "PreconditionFailed"})
_CONTENT_RANGE = re.compile(r"bytes \d+-\d+/(\d+)")


class S3MediaObjects:
    """Implements `MediaObjects`."""

    def __init__(self, *, bucket: str, endpoint_url: str | None, session: Session) -> None:
        """Configure the bucket at `endpoint_url`, or at AWS without one."""
        self._bucket = bucket
        self._endpoint_url = endpoint_url
        self._session = session

    @cached_property
    def _s3(self) -> S3Client:
        """The client. Creating it imports boto3 and takes about half a second."""
        return make_client(self._session, self._endpoint_url)

    def open(self, key: str, etag: str) -> OpenObject:
        """See `MediaObjects.open`. The first bytes are read at once, with the size."""
        tag = f'"{etags.plain(etag)}"'
        start, size_bytes = self._read(key, tag, 0, _FIRST_BYTES)

        def fetch(offset: int, length: int) -> bytes:
            if offset + length <= len(start):
                return start[offset : offset + length]
            return self._read(key, tag, offset, length)[0]

        return OpenObject(size_bytes, fetch)

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """See `MediaObjects.put`."""
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=content_type)

    def _read(self, key: str, tag: str, offset: int, length: int) -> tuple[bytes, int]:
        """Return bytes of the object, and its size.

        Raises:
            ObjectGone: there is no object with this ETag.
            OSError: the store ignores the range.
            botocore.exceptions.BotoCoreError: the store does not respond, or breaks off.
            botocore.exceptions.ClientError: the store refuses the request.
        """
        from botocore.exceptions import ClientError

        try:
            response = self._s3.get_object(
                Bucket=self._bucket,
                Key=key,
                IfMatch=tag,
                Range=f"bytes={offset}-{offset + length - 1}",
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "InvalidRange":  # An empty object has no first byte (RFC 9110, 15.5.17).
                return b"", 0
            if code in _GONE:
                raise ObjectGone from error
            raise
        with closing(response["Body"]) as body:
            if response["ETag"] != tag:  # rclone ignores If-Match.
                raise ObjectGone
            # A server that ignores ranges sends the whole object.
            if offset and not begins_at(response, offset):
                raise OSError("The store did not send the range that was asked for.")
            data = body.read(length)
        found = _CONTENT_RANGE.fullmatch(response.get("ContentRange", ""))
        return data, int(found.group(1)) if found else response["ContentLength"]
