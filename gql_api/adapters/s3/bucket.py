"""The bucket, accessed through boto3 except for the lookups that every upload needs.

boto3 is imported on the first call that uses it: most requests need signatures and lookups only,
and a cold start must not wait for the import. Calls block, so each runs in a thread. An error code
is translated only for the call where it is an expected outcome; transient failures are raised as
`errors.Unavailable`, and all others unchanged.

IAM actions on the objects: s3:GetObject, s3:DeleteObject, s3:PutObject (also for
CreateMultipartUpload and CompleteMultipartUpload), s3:ListMultipartUploadParts and
s3:AbortMultipartUpload. On the bucket: s3:ListBucket and s3:ListBucketMultipartUploads.
"""

from __future__ import annotations

import asyncio
import base64
import contextvars
import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any, TypeVar

from gql_api.adapters.s3.client import THREADS, Session, is_transient, make_client
from gql_api.adapters.s3.lookups import S3Lookups
from gql_api.adapters.s3.presigner import S3Presigner
from gql_api.adapters.s3.reading import ObjectChanged, chunks
from gql_api.domain.bucket import MultipartEntry, MultipartPage, ObjectEntry
from gql_api.domain.crc64nvme import Crc64Nvme
from gql_api.domain.deadline import seconds_left
from gql_api.domain.errors import StillProcessing, Unavailable
from gql_api.domain.storage_budget import count_call
from gql_api.domain.uploads import ChecksumAlgorithm, ObjectFacts, StoredPart

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import (
        CompletedPartTypeDef,
        ErrorTypeDef,
        ObjectIdentifierTypeDef,
    )

T = TypeVar("T")

_CHECKSUMS = {
    ChecksumAlgorithm.SHA256: {"ChecksumAlgorithm": "SHA256"},
    ChecksumAlgorithm.CRC64NVME: {"ChecksumAlgorithm": "CRC64NVME", "ChecksumType": "FULL_OBJECT"},
}


# Amazon S3 API Reference, "Error responses": the codes of responses with a status from 500 on.
_SERVER_FAILURES = frozenset({"InternalError", "ServiceUnavailable", "SlowDown"})


class S3Bucket:
    """Implements `Bucket`."""

    def __init__(
        self, *, bucket: str, endpoint_url: str | None, session: Session, signer: S3Presigner
    ) -> None:
        """Configure the bucket at `endpoint_url`, or at AWS without one.

        `signer` signs requests to the same endpoint, with the credentials of `session`.
        """
        self._bucket = bucket
        self.lookups = S3Lookups(signer)
        self._endpoint_url = endpoint_url
        self._session = session
        self._client: S3Client | None = None
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="s3")

    def client(self) -> S3Client:
        """Return the boto3 client. The first call creates it and blocks for about half a second."""
        with self._lock:
            if self._client is None:
                client = make_client(self._session, self._endpoint_url)
                # Counts each page of a listing and each resumed read. An error that the handler
                # raises prevents the call.
                client.meta.events.register("before-call.s3", lambda **_: count_call())
                self._client = client
            return self._client

    def copy_source(self, key: str) -> str:
        """Return the value of `x-amz-copy-source` that names an object of this bucket."""
        return f"/{self._bucket}/{key}"

    async def close(self) -> None:
        """Finish running calls, cancel queued ones, and release threads and connections."""
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)
        self.lookups.close()
        if self._client is not None:
            self._client.close()

    async def head(self, key: str) -> ObjectFacts | None:
        """See `Bucket.head`."""
        return await self._translated(lambda: self.lookups.head(key))

    async def digest(self, key: str, etag: str, algorithm: ChecksumAlgorithm) -> str | None:
        """See `Bucket.digest`. Reads in chunks, so memory use does not grow with size."""

        seconds = seconds_left()
        stop_at = None if seconds is None else time.monotonic() + seconds

        def read(s3: S3Client) -> str | None:
            digest = hashlib.sha256() if algorithm is ChecksumAlgorithm.SHA256 else Crc64Nvme()
            try:
                for chunk in chunks(s3, self._bucket, key, etag, stop_at):
                    digest.update(chunk)
            except ObjectChanged:
                return None
            return base64.b64encode(digest.digest()).decode()

        return await self._find(read, "NoSuchKey", "PreconditionFailed", late=StillProcessing)

    async def read_start(self, key: str, etag: str, count: int) -> bytes | None:
        """See `Bucket.read_start`. S3 rejects a range request on an empty object."""

        def read(s3: S3Client) -> bytes | None:
            response = s3.get_object(
                Bucket=self._bucket, Key=key, IfMatch=etag, Range=f"bytes=0-{count - 1}"
            )
            with closing(response["Body"]) as body:
                return body.read(count) if response["ETag"] == etag else None

        return await self._find(read, "NoSuchKey", "PreconditionFailed")

    async def read_small(self, key: str, max_bytes: int) -> bytes | None:
        """See `Bucket.read_small`."""

        def read(s3: S3Client) -> bytes:
            response = s3.get_object(Bucket=self._bucket, Key=key)
            with closing(response["Body"]) as body:
                return body.read(max_bytes)

        return await self._find(read, "NoSuchKey")

    async def write_small(self, key: str, content: bytes) -> None:
        """See `Bucket.write_small`."""
        await self._call(lambda s3: s3.put_object(Bucket=self._bucket, Key=key, Body=content))

    async def delete(self, key: str) -> None:
        """See `Bucket.delete`."""
        await self._call(lambda s3: s3.delete_object(Bucket=self._bucket, Key=key))

    async def delete_all(self, keys: Sequence[str]) -> None:
        """See `Bucket.delete_all`. S3 responds with 200 even if it failed to delete some."""

        def delete(s3: S3Client) -> None:
            from botocore.exceptions import ClientError

            objects: list[ObjectIdentifierTypeDef] = [{"Key": key} for key in keys]
            response = s3.delete_objects(
                Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True}
            )
            for failed in response.get("Errors", ()):
                raise ClientError(_as_answer(failed), "DeleteObjects")

        if keys:
            await self._call(delete)

    async def create_multipart(
        self, key: str, content_type: str, checksums: ChecksumAlgorithm | None
    ) -> str:
        """See `Bucket.create_multipart`."""
        algorithm: dict[str, Any] = {} if checksums is None else _CHECKSUMS[checksums]
        created = await self._call(
            lambda s3: s3.create_multipart_upload(
                Bucket=self._bucket, Key=key, ContentType=content_type, **algorithm
            )
        )
        return created["UploadId"]

    async def list_parts(self, key: str, multipart_id: str) -> Sequence[StoredPart] | None:
        """See `Bucket.list_parts`. S3 lists at most 1,000 parts per page."""

        def read(s3: S3Client) -> list[StoredPart]:
            pages = s3.get_paginator("list_parts").paginate(
                Bucket=self._bucket, Key=key, UploadId=multipart_id
            )
            return [
                StoredPart(
                    part["PartNumber"], part["Size"], part["ETag"], part.get("ChecksumSHA256")
                )
                for page in pages
                for part in page.get("Parts", ())
            ]

        return await self._find(read, "NoSuchUpload")

    async def complete_multipart(
        self, key: str, multipart_id: str, parts: Sequence[StoredPart]
    ) -> bool:
        """See `Bucket.complete_multipart`."""
        completed = await self._find(
            lambda s3: s3.complete_multipart_upload(
                Bucket=self._bucket,
                Key=key,
                UploadId=multipart_id,
                MultipartUpload={"Parts": [_completed_part(part) for part in parts]},
            ),
            "NoSuchUpload",
            late=StillProcessing,
        )
        return completed is not None

    async def abort_multipart(self, key: str, multipart_id: str) -> None:
        """See `Bucket.abort_multipart`."""
        await self._find(
            lambda s3: s3.abort_multipart_upload(
                Bucket=self._bucket, Key=key, UploadId=multipart_id
            ),
            "NoSuchUpload",
        )

    async def list_objects(self, prefix: str, after: str, limit: int) -> Sequence[ObjectEntry]:
        """See `Bucket.list_objects`."""

        def read(s3: S3Client) -> list[ObjectEntry]:
            pages = s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket,
                Prefix=prefix,
                StartAfter=after,
                PaginationConfig={"MaxItems": limit},
            )
            return [
                ObjectEntry(entry["Key"], entry["LastModified"], entry["ETag"])
                for page in pages
                for entry in page.get("Contents", ())
            ]

        return await self._call(read)

    async def list_multiparts(self, prefix: str, position: str, limit: int) -> MultipartPage:
        """See `Bucket.list_multiparts`. A position is the key and id of a multipart upload."""
        key, _, multipart_id = position.rpartition(" ")
        start: dict[str, Any] = {}
        if position:
            start = {"KeyMarker": key, "UploadIdMarker": multipart_id}
        page = await self._call(
            lambda s3: s3.list_multipart_uploads(
                Bucket=self._bucket, Prefix=prefix, MaxUploads=limit, **start
            )
        )
        entries = [
            MultipartEntry(entry["Key"], entry["UploadId"], entry["Initiated"])
            for entry in page.get("Uploads", ())
        ]
        more = page.get("IsTruncated", False)
        markers = f"{page['NextKeyMarker']} {page['NextUploadIdMarker']}" if more else ""
        return MultipartPage(entries, markers)

    async def ping(self) -> None:
        """See `Bucket.ping`."""
        await self._run(lambda: self.client().list_objects_v2(Bucket=self._bucket, MaxKeys=1))

    async def _run(self, call: Callable[[], T]) -> T:
        """Run `call` in a thread and return its result.

        Raises:
            TimeoutError: the deadline has passed. The thread cannot be stopped and runs on.
        """
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(seconds_left()):
            context = contextvars.copy_context()  # The thread counts towards the same budget.
            return await loop.run_in_executor(self._threads, context.run, call)

    async def _translated(
        self, call: Callable[[], T], *, late: type[Unavailable] = Unavailable
    ) -> T:
        """Do the same as `_run`, with its failures translated.

        Raises:
            Unavailable: the failure is transient. If the deadline has passed, raises `late`.
        """
        try:
            return await self._run(call)
        except Unavailable:
            raise
        except TimeoutError as error:
            raise late("storage") from error
        except Exception as error:
            if not is_transient(error):
                raise
            raise Unavailable("storage") from error

    async def _call(
        self, call: Callable[[S3Client], T], *, late: type[Unavailable] = Unavailable
    ) -> T:
        """Call boto3 in a thread; see `_translated`."""
        return await self._translated(lambda: call(self.client()), late=late)

    async def _find(
        self,
        call: Callable[[S3Client], T],
        *codes_for_none: str,
        late: type[Unavailable] = Unavailable,
    ) -> T | None:
        """Do the same as `_call`, but return None if S3 responds with one of these codes."""

        def call_or_none(s3: S3Client) -> T | None:
            from botocore.exceptions import ClientError

            try:
                return call(s3)
            except ClientError as error:
                if error.response["Error"]["Code"] not in codes_for_none:
                    raise
                return None

        return await self._call(call_or_none, late=late)


def _as_answer(failed: ErrorTypeDef) -> Any:
    """Return the response that S3 would have sent if this object alone had been deleted."""
    code = failed.get("Code", "")
    status = 500 if code in _SERVER_FAILURES else 400
    error = {"Code": code, "Message": failed.get("Message", "")}
    return {"Error": error, "ResponseMetadata": {"HTTPStatusCode": status}}


def _completed_part(part: StoredPart) -> CompletedPartTypeDef:
    completed: CompletedPartTypeDef = {"PartNumber": part.number, "ETag": part.etag}
    if part.sha256 is not None:
        completed["ChecksumSHA256"] = part.sha256
    return completed
