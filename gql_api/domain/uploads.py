"""Uploads, their states, and the conditions for STORED."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from gql_api.domain.ids import is_id
from gql_api.domain.parts import PartPlan
from gql_api.domain.processing import NOT_PROCESSED, MediaRequest, Processing


class UploadStatus(Enum):
    """The state of an upload.

    TRASHED is a STORED upload in its owner's trash; clients see it as STORED. DELETED is a
    tombstone that users do not see. It is kept until the last URL that was signed for the upload
    has expired, so that bytes sent to that URL are still deleted, and for the readers of the feed
    of changes. It has no name, tags or facts.
    """

    PENDING = "PENDING"
    STORED = "STORED"
    TRASHED = "TRASHED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    DELETED = "DELETED"

    @property
    def counts(self) -> bool:
        """Whether uploads in this state count against their owner's quota."""
        return self is UploadStatus.PENDING or self.stored

    @property
    def stored(self) -> bool:
        """Whether the bucket holds the file of uploads in this state."""
        return self in (UploadStatus.STORED, UploadStatus.TRASHED)

    @property
    def visible(self) -> bool:
        """Whether owners see uploads in this state outside of their trash."""
        return self not in (UploadStatus.TRASHED, UploadStatus.DELETED)


_CLOSED = frozenset({UploadStatus.REJECTED, UploadStatus.CANCELLED, UploadStatus.EXPIRED})
_NEXT: dict[UploadStatus, frozenset[UploadStatus]] = {
    UploadStatus.PENDING: _CLOSED | {UploadStatus.STORED, UploadStatus.DELETED},
    UploadStatus.STORED: frozenset(
        {UploadStatus.TRASHED, UploadStatus.REJECTED, UploadStatus.DELETED}
    ),
    UploadStatus.TRASHED: frozenset(
        {UploadStatus.STORED, UploadStatus.REJECTED, UploadStatus.DELETED}
    ),
    UploadStatus.REJECTED: frozenset({UploadStatus.DELETED}),
    UploadStatus.CANCELLED: frozenset({UploadStatus.DELETED}),
    UploadStatus.EXPIRED: frozenset({UploadStatus.DELETED}),
    UploadStatus.DELETED: frozenset(),
}


def may_become(status: UploadStatus, to: UploadStatus) -> bool:
    """Return whether the state machine has a transition from `status` to `to`."""
    return to in _NEXT[status]


class ChecksumAlgorithm(Enum):
    """The algorithm of a checksum."""

    SHA256 = "SHA256"
    CRC64NVME = "CRC64NVME"

    @property
    def label(self) -> str:
        """The name for people, as in messages."""
        return "SHA-256" if self is ChecksumAlgorithm.SHA256 else "CRC-64/NVME"

    @property
    def size_bytes(self) -> int:
        """The size of a checksum in bytes."""
        return 32 if self is ChecksumAlgorithm.SHA256 else 8


class Checksum(NamedTuple):
    """A digest of a file or of a part; `value` is in Base64."""

    algorithm: ChecksumAlgorithm
    value: str

    @property
    def is_well_formed(self) -> bool:
        """Whether the value is canonical Base64 of the number of bytes of its algorithm."""
        try:
            digest = base64.b64decode(self.value, validate=True)
        except (binascii.Error, ValueError):
            return False
        canonical = base64.b64encode(digest).decode() == self.value
        return canonical and len(digest) == self.algorithm.size_bytes


class UploadName(NamedTuple):
    """The name of an upload in the records and in the bucket.

    A sharded database finds the shard by the owner.
    """

    owner_id: str
    upload_id: str


class Upload(NamedTuple):
    """The record of one uploaded or pending file.

    `request_digest` is a hash of the original request. It distinguishes a repeated request from a
    reused `client_token`, even after a rename. `etag` is the ETag of the object when it was last
    checked. `check_at` is when the sweep checks the upload next; None if never again. `trashed_at`
    is when the owner moved it to the trash; None unless it is TRASHED. `processing` is what was
    derived from the file while it was stored. `version` rises with each change that clients see,
    and `changed_at` is the time of the last one; None if there was none.
    """

    id: str
    owner_id: str
    key: str
    filename: str
    content_type: str
    size_bytes: int
    checksum: Checksum | None
    tags: tuple[str, ...]
    status: UploadStatus
    status_reason: str | None
    created_at: datetime
    stored_at: datetime | None
    expires_at: datetime
    plan: PartPlan
    request_digest: str
    client_token: str | None = None
    multipart_id: str | None = None
    part_checksums: bool = False
    etag: str | None = None
    check_at: datetime | None = None
    trashed_at: datetime | None = None
    processing: Processing = NOT_PROCESSED
    version: int = 1
    changed_at: datetime | None = None

    @property
    def name(self) -> UploadName:
        """The ids of the owner and of the upload, by which stores find the record."""
        return UploadName(self.owner_id, self.id)

    @property
    def needs_multipart(self) -> bool:
        """Whether a multipart upload must be created before a part can be signed."""
        return self.plan.multipart and self.multipart_id is None


class ObjectFacts(NamedTuple):
    """The facts that the bucket reports of an object.

    `sha256` and `crc64nvme` are checksums of all bytes in Base64; None if unknown.
    `content_encoding` is "" if there is none.
    """

    size_bytes: int
    content_type: str
    etag: str
    sha256: str | None
    content_encoding: str = ""
    crc64nvme: str | None = None

    def checksum(self, algorithm: ChecksumAlgorithm) -> str | None:
        """Return the checksum of this algorithm; None if unknown."""
        return self.sha256 if algorithm is ChecksumAlgorithm.SHA256 else self.crc64nvme


class StoredPart(NamedTuple):
    """A part that the bucket holds. `sha256` is in Base64; None if unknown."""

    number: int
    size_bytes: int
    etag: str
    sha256: str | None


def object_key(prefix: str, owner_id: str, upload_id: str) -> str:
    """Return the object key of an upload. The user chooses no part of it."""
    return f"{prefix}/{owner_id}/{upload_id}"


def upload_name_of(prefix: str, key: str) -> UploadName | None:
    """Return the name of the upload whose `object_key` is `key`; None for keys of another form."""
    rest = key.removeprefix(f"{prefix}/").split("/")
    if not key.startswith(f"{prefix}/") or len(rest) != 2 or not all(map(is_id, rest)):
        return None
    return UploadName(*rest)


def requested_upload(prefix: str, request: MediaRequest) -> UploadName | None:
    """Return the name of the upload to process; None if the key is not that upload's."""
    name = upload_name_of(prefix, request.key)
    return name if name is not None and name.upload_id == request.upload_id else None


def missing_parts(plan: PartPlan, received: dict[int, int]) -> list[int]:
    """Return the 1-based numbers of the parts that were not received with the planned size.

    `received` maps part numbers to sizes in bytes.
    """
    return [n for n in range(1, plan.count + 1) if received.get(n) != plan.size(n)]


def difference(upload: Upload, facts: ObjectFacts) -> str | None:
    """Return a sentence that says how the object differs from the declaration; None if it does not.

    The checksum is compared only if the bucket reports one.
    """
    if facts.size_bytes != upload.size_bytes:
        return f"The bucket received {facts.size_bytes} bytes; {upload.size_bytes} were declared."
    if facts.content_type != upload.content_type:
        return f"The bucket received type {facts.content_type}; {upload.content_type} was declared."
    # Clients would decode such bytes when they download them, so they would get others.
    if facts.content_encoding:
        return f"The bucket received content encoding {facts.content_encoding}; none was declared."
    reported = upload.checksum and facts.checksum(upload.checksum.algorithm)
    if upload.checksum and reported and reported != upload.checksum.value:
        return checksum_difference(upload.checksum, reported)
    return None


def checksum_difference(declared: Checksum, value: str) -> str:
    """Return the sentence for an object whose checksum differs from the declared one."""
    return f"The bytes have {declared.algorithm.label} {value}; {declared.value} was declared."
