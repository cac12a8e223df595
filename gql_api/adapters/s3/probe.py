"""The probe of the store: sends requests as clients do, and makes the calls of the service.

Many servers claim to be compatible with S3 but accept a wrong checksum or overwrite an object in
spite of `If-None-Match`. Their documentation rarely says so, so the probe tries it.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import uuid
from collections.abc import AsyncIterator

from gql_api.adapters.s3.bucket import S3Bucket
from gql_api.adapters.s3.crc64nvme_probe import Crc64NvmeProbe
from gql_api.adapters.s3.probe_requests import (
    BODY,
    CONTENT_TYPE,
    TTL_SECONDS,
    accepted,
    cleared,
    put_request,
    unless_absent,
)
from gql_api.domain.clock import Clock
from gql_api.domain.deployment import StoreTraits
from gql_api.domain.presigner import Presigner
from gql_api.domain.store_probe import ProbeFailed
from gql_api.domain.uploads import Checksum, ChecksumAlgorithm

PREFIX = ".media-upload-service/probes/"
LASTING_KEY = ".media-upload-service/content-type"


class S3StoreProbe:
    """Implements `StoreProbe`.

    IAM actions on `.media-upload-service/*`: those that `S3Bucket` lists.
    """

    def __init__(self, *, bucket: S3Bucket, presigner: Presigner, clock: Clock) -> None:
        self._bucket = bucket
        self._presigner = presigner
        self._clock = clock
        self._crc64nvme = Crc64NvmeProbe(bucket=bucket, presigner=presigner, clock=clock)

    async def probe(self) -> StoreTraits:
        """See `StoreProbe.probe`. Sends up to 40 requests, one after the other.

        One of them has 5 MiB, and is sent only to stores that pass the tests of CRC-64/NVME before
        it. The others are small.
        """
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
            verifies_crc64nvme=await self._crc64nvme.passes(prefix),
        )

    async def _kept_type(self) -> bool:
        """Return whether an object has kept its type since the first probe, which leaves it behind.

        `rclone serve s3` keeps types in memory, so it loses them when it restarts. The object is
        not replaced then, because such a store would keep the new type until the next restart.
        """
        facts = await self._bucket.head(LASTING_KEY)
        if facts is None:
            await self._put(LASTING_KEY, _sha256(BODY))
            return True
        return facts.content_type == CONTENT_TYPE

    async def _try_object(self, key: str) -> tuple[bool, bool, bool]:
        """Return whether a single PUT is verified, never overwrites, and keeps its type."""
        async with cleared(lambda: self._bucket.delete(key)):
            await self._put(key, _sha256(BODY))
            facts = await self._bucket.head(key)
            if facts is None or facts.size_bytes != len(BODY):
                raise ProbeFailed("The store accepted an object but does not have it.")
            conditional = not await self._put(key, _sha256(BODY), refusals=(409, 412))
        async with cleared(lambda: self._bucket.delete(key)):
            verifies = not await self._put(key, _sha256(b"other"), refusals=(400,))
            verifies = verifies and await self._bucket.head(key) is None
        return verifies, conditional, facts.content_type == CONTENT_TYPE

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
            async with cleared(lambda: self._bucket.delete(key)):
                if await self._put(key, _sha256(BODY), refusals=(400, 403, 501), extra=header):
                    return False
        return True

    @contextlib.asynccontextmanager
    async def _multipart(self, key: str) -> AsyncIterator[str]:
        """Create a multipart upload; at the end, delete what it left behind."""
        multipart_id = await self._bucket.create_multipart(
            key, CONTENT_TYPE, ChecksumAlgorithm.SHA256
        )
        async with (
            cleared(lambda: self._bucket.delete(key)),
            cleared(lambda: self._bucket.abort_multipart(key, multipart_id)),
        ):
            yield multipart_id

    async def _try_parts(self, key: str, multipart_id: str) -> bool:
        """Send a part with a wrong checksum, then a right one; returns whether the first failed."""

        async def put(sha256: str, *refusals: int) -> bool:
            [request] = self._presigner.upload_parts(
                key,
                multipart_id,
                [(1, len(BODY), sha256)],
                at=self._clock(),
                ttl_seconds=TTL_SECONDS,
            )
            return await accepted(request, refusals)

        verifies = not await put(_sha256(b"other"), 400)
        await put(_sha256(BODY))
        return verifies

    async def _lists_part(self, key: str, multipart_id: str) -> bool:
        parts = await unless_absent(lambda: self._bucket.list_parts(key, multipart_id))
        return [(part.number, part.size_bytes) for part in parts or ()] == [(1, len(BODY))]

    async def _lists_multipart(self, multipart_id: str) -> bool:
        """Look for the multipart upload as the sweep does, by a prefix of its key.

        MinIO lists it only if the prefix is the whole key (its issue 20989).
        """
        page = await unless_absent(lambda: self._bucket.list_multiparts(PREFIX, "", 1000))
        return page is not None and multipart_id in {it.multipart_id for it in page.entries}

    async def _assembles(self, key: str, multipart_id: str) -> bool:
        """Complete the multipart upload; returns whether the object has the declared type."""
        parts = await self._bucket.list_parts(key, multipart_id)
        await self._bucket.complete_multipart(key, multipart_id, parts or ())
        facts = await self._bucket.head(key)
        if facts is None or facts.size_bytes != len(BODY):
            raise ProbeFailed("The store completed a multipart upload but lacks its bytes.")
        return facts.content_type == CONTENT_TYPE

    async def _put(
        self,
        key: str,
        sha256: str,
        refusals: tuple[int, ...] = (),
        extra: tuple[str, str] | None = None,
    ) -> bool:
        """Send the probe's bytes, with an `extra` header that is not signed; see `accepted`."""
        checksum = Checksum(ChecksumAlgorithm.SHA256, sha256)
        request = put_request(self._presigner, key, checksum, self._clock())
        if extra is not None:
            request = request._replace(headers=(*request.headers, extra))
        return await accepted(request, refusals)


def _sha256(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()
