"""The part of the probe that tries whether the store computes the CRC-64/NVME of whole objects.

Some stores only repeat the value that they were sent, some combine the values of parts in a way of
their own, and some require a value with each part.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

from gql_api.adapters.s3.bucket import S3Bucket
from gql_api.adapters.s3.probe_requests import (
    BODY,
    CONTENT_TYPE,
    INVALID_OR_UNKNOWN,
    TTL_SECONDS,
    accepted,
    cleared,
    put_request,
    unless_refused,
)
from gql_api.domain.clock import Clock
from gql_api.domain.crc64nvme import Crc64Nvme
from gql_api.domain.parts import MIB
from gql_api.domain.presigner import Presigner
from gql_api.domain.uploads import Checksum, ChecksumAlgorithm

# A part other than the last has at least 5 MiB (Amazon S3 User Guide, "multipart upload limits").
_PARTS = (bytes(5 * MIB), BODY)


class Crc64NvmeProbe:
    """Sends objects in one part and in several."""

    def __init__(self, *, bucket: S3Bucket, presigner: Presigner, clock: Clock) -> None:
        self._bucket = bucket
        self._presigner = presigner
        self._clock = clock

    async def passes(self, prefix: str) -> bool:
        """Return whether the store computes the CRC-64/NVME of whole objects and reports it.

        Both ways of sending a file must pass: a client declares its checksum before it learns which
        of the two applies.
        """
        return await self._single(f"{prefix}crc64nvme") and await self._parts(f"{prefix}crc64nvme")

    async def _single(self, key: str) -> bool:
        """Send an object with its CRC, and again with that of other bytes.

        The store must refuse the second request, or report the right value in spite of it.
        """
        right = _crc64nvme(BODY)
        async with cleared(lambda: self._bucket.delete(key)):
            if not await self._put(key, right) or await self._reported(key) != right:
                return False
        async with cleared(lambda: self._bucket.delete(key)):
            if await self._put(key, _crc64nvme(b"other")):
                return await self._reported(key) == right
            return await self._bucket.head(key) is None

    async def _parts(self, key: str) -> bool:
        """Send an object in two parts, without any checksum that the store could repeat."""
        multipart_id = await unless_refused(
            lambda: self._bucket.create_multipart(key, CONTENT_TYPE, ChecksumAlgorithm.CRC64NVME)
        )
        if multipart_id is None:
            return False
        async with (
            cleared(lambda: self._bucket.delete(key)),
            cleared(lambda: self._bucket.abort_multipart(key, multipart_id)),
        ):
            return await self._assembles(key, multipart_id, _PARTS)

    async def _assembles(self, key: str, multipart_id: str, bodies: Sequence[bytes]) -> bool:
        sizes = [(number, len(body), None) for number, body in enumerate(bodies, 1)]
        requests = self._presigner.upload_parts(
            key, multipart_id, sizes, at=self._clock(), ttl_seconds=TTL_SECONDS
        )
        for request, body in zip(requests, bodies, strict=True):
            if not await accepted(request, INVALID_OR_UNKNOWN, body):
                return False
        parts = await unless_refused(lambda: self._bucket.list_parts(key, multipart_id)) or ()
        completed = await unless_refused(
            lambda: self._bucket.complete_multipart(key, multipart_id, parts)
        )
        return bool(completed) and await self._reported(key) == _crc64nvme(*bodies)

    async def _put(self, key: str, crc64nvme: str) -> bool:
        checksum = Checksum(ChecksumAlgorithm.CRC64NVME, crc64nvme)
        request = put_request(self._presigner, key, checksum, self._clock())
        return await accepted(request, INVALID_OR_UNKNOWN)

    async def _reported(self, key: str) -> str | None:
        facts = await self._bucket.head(key)
        return None if facts is None else facts.crc64nvme


def _crc64nvme(*bodies: bytes) -> str:
    crc = Crc64Nvme()
    for body in bodies:
        crc.update(body)
    return base64.b64encode(crc.digest()).decode()
