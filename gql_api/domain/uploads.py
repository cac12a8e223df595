"""An upload, its states, and what it takes to be STORED."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from gql_api.domain.ids import is_id
from gql_api.domain.parts import PartPlan


class UploadStatus(Enum):
    """Where an upload stands.

    DELETED is a tombstone that no user sees: it is kept until the last URL that was signed for
    the upload has expired, so that bytes which arrive by it are still taken away.
    """

    PENDING = "PENDING"
    STORED = "STORED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    DELETED = "DELETED"

    @property
    def counts(self) -> bool:
        """Whether an upload in this state counts against its owner's quota."""
        return self in (UploadStatus.PENDING, UploadStatus.STORED)

    @property
    def visible(self) -> bool:
        """Whether its owner sees an upload in this state."""
        return self is not UploadStatus.DELETED


_CLOSED = frozenset({UploadStatus.REJECTED, UploadStatus.CANCELLED, UploadStatus.EXPIRED})
_NEXT: dict[UploadStatus, frozenset[UploadStatus]] = {
    UploadStatus.PENDING: _CLOSED | {UploadStatus.STORED, UploadStatus.DELETED},
    UploadStatus.STORED: frozenset({UploadStatus.REJECTED, UploadStatus.DELETED}),
    UploadStatus.REJECTED: frozenset({UploadStatus.DELETED}),
    UploadStatus.CANCELLED: frozenset({UploadStatus.DELETED}),
    UploadStatus.EXPIRED: frozenset({UploadStatus.DELETED}),
    UploadStatus.DELETED: frozenset(),
}


def may_become(status: UploadStatus, to: UploadStatus) -> bool:
    """Whether the state machine has a transition from `status` to `to`."""
    return to in _NEXT[status]


class ChecksumAlgorithm(Enum):
    """How a checksum is computed."""

    SHA256 = "SHA256"


@dataclass(frozen=True, slots=True)
class Checksum:
    """A digest of a whole file or of a part; `value` is Base64."""

    algorithm: ChecksumAlgorithm
    value: str


def is_sha256(value: str) -> bool:
    """Whether `value` is the canonical Base64 form of 32 bytes."""
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return False
    return len(digest) == 32 and base64.b64encode(digest).decode() == value


@dataclass(frozen=True, slots=True)
class Upload:
    """The record of one file on its way into the bucket, or in it.

    `request_digest` is a hash of what was asked for, so that a repeated `client_token` can be told
    from a reused one after a rename. `etag` is what the bucket said when the object was last
    checked. `check_at` is when the sweep looks at the upload next; None when never again.
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

    @property
    def needs_multipart(self) -> bool:
        """Whether a multipart upload must be created before a part can be signed."""
        return self.plan.multipart and self.multipart_id is None


@dataclass(frozen=True, slots=True)
class ObjectFacts:
    """What the bucket says of an object. `sha256` is Base64, and None where it keeps none."""

    size_bytes: int
    content_type: str
    etag: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A part that the bucket holds. `sha256` is Base64, and None where it keeps none."""

    number: int
    size_bytes: int
    etag: str
    sha256: str | None


def object_key(prefix: str, owner_id: str, upload_id: str) -> str:
    """Where the object of an upload lies; no byte of it is chosen by the user."""
    return f"{prefix}/{owner_id}/{upload_id}"


def upload_id_of(prefix: str, key: str) -> str | None:
    """The upload whose object lies at `key`; None if no `object_key` looks like that."""
    rest = key.removeprefix(f"{prefix}/").split("/")
    if not key.startswith(f"{prefix}/") or len(rest) != 2 or not all(map(is_id, rest)):
        return None
    return rest[1]


def missing_parts(plan: PartPlan, received: dict[int, int]) -> list[int]:
    """The 1-based numbers of the parts that are not there with exactly the planned size.

    `received` maps a part's number to its size in bytes.
    """
    return [n for n in range(1, plan.count + 1) if received.get(n) != plan.size(n)]


def difference(upload: Upload, facts: ObjectFacts) -> str | None:
    """How the object differs from what was declared, as a sentence; None if it does not.

    The checksum is compared only where the bucket reports one.
    """
    if facts.size_bytes != upload.size_bytes:
        return f"The bucket got {facts.size_bytes} bytes, declared were {upload.size_bytes}."
    if facts.content_type != upload.content_type:
        return f"The bucket got type {facts.content_type}, declared was {upload.content_type}."
    if upload.checksum and facts.sha256 and facts.sha256 != upload.checksum.value:
        return checksum_difference(upload.checksum, facts.sha256)
    return None


def checksum_difference(declared: Checksum, sha256: str) -> str:
    """The sentence for an object whose SHA-256 is not the declared one."""
    return f"The bytes have SHA-256 {sha256}, declared was {declared.value}."
