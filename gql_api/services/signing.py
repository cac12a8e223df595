"""Signing the requests that send the parts of an upload."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from gql_api.domain.clock import Clock
from gql_api.domain.errors import BadUserInput
from gql_api.domain.file_requests import (
    PartSelection,
    SignedPart,
    check_part_checksums,
    selected_parts,
)
from gql_api.domain.ids import new_id
from gql_api.domain.parts import MAX_PART_BYTES, MAX_PARTS
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.presigner import PresignedRequest, Presigner
from gql_api.domain.uploads import Checksum, ChecksumAlgorithm, Upload, object_key

# Longer than the ids of multipart uploads of AWS (about 130 characters) and of the stores in
# docs/stores.md. The store chooses their form.
_MULTIPART_ID_LENGTH = 384
# The names of signed headers are part of the URL, and this algorithm has the longest one.
_CRC64NVME = Checksum(ChecksumAlgorithm.CRC64NVME, "A" * 11 + "=")
_SHA256 = "A" * 43 + "="
_LENGTHS_KEPT = timedelta(minutes=1)


class UrlLengths(NamedTuple):
    """The greatest lengths of signed URLs: for a file with a single part, and for other parts."""

    single: int
    part: int


class Signing(NamedTuple):
    """A checked selection of parts, and when and for how long to sign their requests."""

    parts: Sequence[PartSelection]
    at: datetime
    ttl_seconds: int


class PartSigner:
    """Checks selections of parts and signs their requests."""

    def __init__(self, presigner: Presigner, clock: Clock, policy: UploadPolicy) -> None:
        self._presigner = presigner
        self._clock = clock
        self._policy = policy
        self._lengths: tuple[datetime, UrlLengths] | None = None

    def url_lengths(self) -> UrlLengths:
        """Return how long signed URLs can be at present; this depends on the credentials."""
        now = self._clock()
        if self._lengths is None or not timedelta() <= now - self._lengths[0] < _LENGTHS_KEPT:
            key = object_key(self._policy.key_prefix, new_id(now), new_id(now))
            ttl_seconds = self._policy.url_ttl_seconds
            single = self._presigner.put_object(
                key, MAX_PART_BYTES, "text/plain", _CRC64NVME, at=now, ttl_seconds=ttl_seconds
            )
            [part] = self._presigner.upload_parts(
                key,
                "x" * _MULTIPART_ID_LENGTH,
                [(MAX_PARTS, MAX_PART_BYTES, _SHA256)],
                at=now,
                ttl_seconds=ttl_seconds,
            )
            self._lengths = now, UrlLengths(len(single.url), len(part.url))
        return self._lengths[1]

    def check(self, upload: Upload, select: Sequence[PartSelection] | None) -> Signing:
        """Return the checked selection; no signature outlives the upload.

        Raises:
            BadUserInput: an invalid selection, or an upload that has expired.
        """
        parts = selected_parts(upload.plan, None if select is None else tuple(select))
        now = self._clock()
        remaining_seconds = int((upload.expires_at - now).total_seconds())
        if remaining_seconds < 1:
            raise BadUserInput("This upload has expired. Request it again.")
        check_part_checksums(upload, parts)
        return Signing(parts, now, min(self._policy.url_ttl_seconds, remaining_seconds))

    def sign(self, upload: Upload, signing: Signing) -> Sequence[SignedPart]:
        """Sign the requests of a checked selection.

        Raises:
            BadUserInput: the checksum of a single part contradicts that of the file.
        """
        plan = upload.plan
        if plan.multipart:
            requests = self._multipart(upload, signing)
        else:
            requests = [self._single(upload, part, signing) for part in signing.parts]
        return [
            SignedPart(part.number, plan.offset(part.number), plan.size(part.number), request)
            for part, request in zip(signing.parts, requests, strict=True)
        ]

    def _multipart(self, upload: Upload, signing: Signing) -> Sequence[PresignedRequest]:
        return self._presigner.upload_parts(
            upload.key,
            upload.multipart_id or "",
            ((part.number, upload.plan.size(part.number), part.checksum) for part in signing.parts),
            at=signing.at,
            ttl_seconds=signing.ttl_seconds,
        )

    def _single(self, upload: Upload, part: PartSelection, signing: Signing) -> PresignedRequest:
        checksum = upload.checksum
        if part.checksum is not None:
            if checksum and checksum.value != part.checksum:
                raise BadUserInput("The checksum of the only part differs from that of the file.")
            checksum = Checksum(ChecksumAlgorithm.SHA256, part.checksum)
        return self._presigner.put_object(
            upload.key,
            upload.size_bytes,
            upload.content_type,
            checksum,
            at=signing.at,
            ttl_seconds=signing.ttl_seconds,
        )
