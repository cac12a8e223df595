"""The probe of the store: sends requests as clients do, and makes the calls of the service.

Many servers claim to be compatible with S3 but accept a wrong checksum or overwrite an object in
spite of `If-None-Match`. Their documentation rarely says so, so the probe tries it.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import re
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from gql_api.adapters.s3.bucket import S3Bucket
from gql_api.adapters.s3.client import is_server_failure
from gql_api.domain.clock import Clock
from gql_api.domain.deployment import StoreTraits
from gql_api.domain.errors import Unavailable
from gql_api.domain.presigner import PresignedRequest, Presigner
from gql_api.domain.store_probe import ProbeFailed
from gql_api.domain.uploads import Checksum, ChecksumAlgorithm

T = TypeVar("T")

PREFIX = ".media-upload-service/probes/"
LASTING_KEY = ".media-upload-service/content-type"

_BODY = b"probe"
# No server derives this type from a name or from the bytes.
_TYPE = "application/x-media-upload-service-probe"
_TTL_SECONDS = 300
_TIMEOUT_SECONDS = 10
_ABSENT = frozenset({"NotImplemented", "MethodNotAllowed"})
_CODE = re.compile(rb"<Code>([A-Za-z]{1,60})</Code>")


class S3StoreProbe:
    """Implements `StoreProbe`.

    IAM actions on `.media-upload-service/*`: those that `S3Bucket` lists.
    """

    def __init__(self, *, bucket: S3Bucket, presigner: Presigner, clock: Clock) -> None:
        self._bucket = bucket
        self._presigner = presigner
        self._clock = clock

    async def probe(self) -> StoreTraits:
        """See `StoreProbe.probe`. Sends about 25 small requests, one after the other."""
        prefix = f"{PREFIX}{uuid.uuid4().hex}/"
        verifies, conditional, keeps = await self._try_object(f"{prefix}object")
        keeps = await self._kept_type() and keeps
        refuses_unsigned = await self._refuses_unsigned(f"{prefix}unsigned")
        async with self._multipart(f"{prefix}parts") as multipart_id:
            verifies_parts = await self._try_parts(f"{prefix}parts", multipart_id)
            lists_parts = await self._lists_part(f"{prefix}parts", multipart_id)
            lists_multiparts = await self._lists_multipart(multipart_id)
            keeps_assembled = lists_parts and await self._assembles(f"{prefix}parts", multipart_id)
        return StoreTraits(
            verifies_checksums=verifies and verifies_parts,
            conditional_writes=conditional,
            lists_parts=lists_parts,
            lists_multiparts=lists_multiparts,
            keeps_content_types=keeps and (keeps_assembled or not lists_parts),
            refuses_unsigned_headers=refuses_unsigned,
        )

    async def _kept_type(self) -> bool:
        """Return whether an object has kept its type since the first probe, which leaves it behind.

        `rclone serve s3` keeps types in memory, so it loses them when it restarts. The object is
        not replaced then, because such a store would keep the new type until the next restart.
        """
        facts = await self._bucket.head(LASTING_KEY)
        if facts is None:
            await self._put(LASTING_KEY, _sha256(_BODY))
            return True
        return facts.content_type == _TYPE

    async def _try_object(self, key: str) -> tuple[bool, bool, bool]:
        """Return whether a single PUT is verified, never overwrites, and keeps its type."""
        async with _cleared(lambda: self._bucket.delete(key)):
            await self._put(key, _sha256(_BODY))
            facts = await self._bucket.head(key)
            if facts is None or facts.size_bytes != len(_BODY):
                raise ProbeFailed("The store accepted an object but does not have it.")
            conditional = not await self._put(key, _sha256(_BODY), refusals=(409, 412))
        async with _cleared(lambda: self._bucket.delete(key)):
            verifies = not await self._put(key, _sha256(b"other"), refusals=(400,))
            verifies = verifies and await self._bucket.head(key) is None
        return verifies, conditional, facts.content_type == _TYPE

    async def _refuses_unsigned(self, key: str) -> bool:
        """Return whether a tag, and a copy of another object instead of the bytes, are refused.

        AWS refuses both (Amazon S3 API Reference, "Authenticating Requests: Using Query
        Parameters": the signature must cover all `x-amz-*` headers). MinIO, releases of Ceph's
        radosgw before the fix of CVE-2026-54330, and servers built on them do not.
        """
        for header in (
            ("x-amz-tagging", "probe=1"),
            ("x-amz-copy-source", self._bucket.copy_source(LASTING_KEY)),
        ):
            async with _cleared(lambda: self._bucket.delete(key)):
                if await self._put(key, _sha256(_BODY), refusals=(400, 403, 501), extra=header):
                    return False
        return True

    @contextlib.asynccontextmanager
    async def _multipart(self, key: str) -> AsyncIterator[str]:
        """Create a multipart upload; at the end, delete what it left behind."""
        multipart_id = await self._bucket.create_multipart(key, _TYPE, part_checksums=True)
        async with (
            _cleared(lambda: self._bucket.delete(key)),
            _cleared(lambda: self._bucket.abort_multipart(key, multipart_id)),
        ):
            yield multipart_id

    async def _try_parts(self, key: str, multipart_id: str) -> bool:
        """Send a part with a wrong checksum, then a right one; returns whether the first failed."""

        async def put(sha256: str, *refusals: int) -> bool:
            [request] = self._presigner.upload_parts(
                key,
                multipart_id,
                [(1, len(_BODY), sha256)],
                at=self._clock(),
                ttl_seconds=_TTL_SECONDS,
            )
            return await _accepted(request, refusals)

        verifies = not await put(_sha256(b"other"), 400)
        await put(_sha256(_BODY))
        return verifies

    async def _lists_part(self, key: str, multipart_id: str) -> bool:
        parts = await _unless_absent(lambda: self._bucket.list_parts(key, multipart_id))
        return [(part.number, part.size_bytes) for part in parts or ()] == [(1, len(_BODY))]

    async def _lists_multipart(self, multipart_id: str) -> bool:
        """Look for the multipart upload as the sweep does, by a prefix of its key.

        MinIO lists it only if the prefix is the whole key (its issue 20989).
        """
        page = await _unless_absent(lambda: self._bucket.list_multiparts(PREFIX, "", 1000))
        return page is not None and multipart_id in {it.multipart_id for it in page.entries}

    async def _assembles(self, key: str, multipart_id: str) -> bool:
        """Complete the multipart upload; returns whether the object has the declared type."""
        parts = await self._bucket.list_parts(key, multipart_id)
        await self._bucket.complete_multipart(key, multipart_id, parts or ())
        facts = await self._bucket.head(key)
        if facts is None or facts.size_bytes != len(_BODY):
            raise ProbeFailed("The store completed a multipart upload but lacks its bytes.")
        return facts.content_type == _TYPE

    async def _put(
        self,
        key: str,
        sha256: str,
        refusals: tuple[int, ...] = (),
        extra: tuple[str, str] | None = None,
    ) -> bool:
        """Send the probe's bytes, with an `extra` header that is not signed; see `_accepted`."""
        request = self._presigner.put_object(
            key,
            len(_BODY),
            _TYPE,
            Checksum(ChecksumAlgorithm.SHA256, sha256),
            at=self._clock(),
            ttl_seconds=_TTL_SECONDS,
        )
        if extra is not None:
            request = request._replace(headers=(*request.headers, extra))
        return await _accepted(request, refusals)


async def _accepted(request: PresignedRequest, refusals: tuple[int, ...]) -> bool:
    """Send the probe's bytes; returns False if the store answers with one of `refusals`.

    Raises:
        ProbeFailed: any other answer, such as 403, says nothing about the store's traits.
        Unavailable: the store fails temporarily.
    """
    status, answer = await asyncio.to_thread(_send, request)
    if 200 <= status < 300:
        return True
    if status in refusals:
        return False
    if is_server_failure(status):
        raise Unavailable("storage")
    code = _CODE.search(answer)
    raise ProbeFailed(
        f"The store answered a signed {request.method} with {status}"
        f"{f' {code[1].decode()}' if code else ''}. Uploads need such requests: check the bucket, "
        "the credentials and their permissions, and this machine's clock."
    )


def _send(request: PresignedRequest) -> tuple[int, bytes]:
    """Send the probe's bytes as a client would; returns the status and the body of the answer."""
    from botocore.awsrequest import AWSRequest
    from botocore.exceptions import HTTPClientError
    from botocore.httpsession import URLLib3Session
    from botocore.utils import get_environ_proxies

    session = URLLib3Session(proxies=get_environ_proxies(request.url), timeout=_TIMEOUT_SECONDS)
    prepared = AWSRequest(request.method, request.url, dict(request.headers), _BODY).prepare()
    try:
        answer = session.send(prepared)
        return answer.status_code, answer.content
    except HTTPClientError:
        raise Unavailable("storage") from None  # The error's message contains the signed URL.
    finally:
        session.close()


@contextlib.asynccontextmanager
async def _cleared(clear: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Call `clear` at the end. If the block fails, its error is raised, not that of `clear`."""
    try:
        yield
    except BaseException:
        with contextlib.suppress(Exception):
            await clear()
        raise
    await clear()


async def _unless_absent(call: Callable[[], Awaitable[T]]) -> T | None:
    """Await the call; returns None if the store has no such operation."""
    from botocore.exceptions import ClientError

    try:
        return await call()
    except ClientError as error:
        if error.response["Error"]["Code"] not in _ABSENT:
            raise
        return None


def _sha256(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()
