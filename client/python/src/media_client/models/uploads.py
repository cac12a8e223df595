"""Uploads, pages of them, and what the service accepts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from media_client.models.fields import Fields, time_of
from media_client.models.media import Media, ProcessingStatus
from media_client.models.transfers import Transfer


class UploadStatus(StrEnum):
    """The state of an upload. All states except PENDING are final."""

    PENDING = "PENDING"
    STORED = "STORED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


class UploadOrderField(StrEnum):
    """What uploads are sorted by. FILENAME ignores case."""

    CREATED_AT = "CREATED_AT"
    FILENAME = "FILENAME"
    SIZE = "SIZE"


class OrderDirection(StrEnum):
    """ASC: smallest or oldest first. DESC: largest or newest first."""

    ASC = "ASC"
    DESC = "DESC"


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file, in any state. `size` is in bytes, `checksum` is in Base64.

    `checksum_algorithm` is SHA256 or CRC64NVME; None if the upload has no checksum. `media` has
    facts about its content once they are known. `processing_error` says why `processing` FAILED.
    """

    id: str
    filename: str
    content_type: str
    size: int
    checksum: str | None
    tags: Sequence[str]
    status: UploadStatus
    status_reason: str | None
    created_at: datetime
    stored_at: datetime | None
    expires_at: datetime | None
    trashed_at: datetime | None
    transfer: Transfer | None = None
    checksum_algorithm: str | None = None
    media: Media | None = None
    processing: ProcessingStatus = ProcessingStatus.NONE
    processing_error: str | None = None

    @classmethod
    def of(cls, fields: Fields) -> Upload:
        """Read a value from the fields of a response."""
        return cls(
            id=fields["id"],
            filename=fields["filename"],
            content_type=fields["contentType"],
            size=fields["size"],
            checksum=fields["checksum"] and fields["checksum"]["value"],
            tags=tuple(fields["tags"]),
            status=UploadStatus(fields["status"]),
            status_reason=fields["statusReason"],
            created_at=datetime.fromisoformat(fields["createdAt"]),
            stored_at=time_of(fields["storedAt"]),
            expires_at=time_of(fields["expiresAt"]),
            trashed_at=time_of(fields["trashedAt"]),
            transfer=Transfer.of(fields["transfer"]) if fields.get("transfer") else None,
            checksum_algorithm=fields["checksum"] and fields["checksum"]["algorithm"],
            # A service that is older than these fields derives nothing from files.
            media=Media.of(fields["media"]) if fields.get("media") else None,
            processing=ProcessingStatus(fields.get("processing", ProcessingStatus.NONE)),
            processing_error=fields.get("processingError"),
        )


@dataclass(frozen=True, slots=True)
class Ticket:
    """An accepted upload. `created` is false if an earlier request already created it."""

    upload: Upload
    created: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """What the service accepts. `checksum_algorithms`: of checksums that it can verify."""

    max_upload_bytes: int
    single_part_max_bytes: int
    content_types: Sequence[str]
    url_ttl_seconds: int
    pending_ttl_seconds: int
    trash_ttl_seconds: int
    checksum_algorithms: Sequence[str]

    @classmethod
    def of(cls, fields: Fields) -> Limits:
        """Read a value from the fields of a response."""
        return cls(
            fields["maxUploadBytes"],
            fields["singlePartMaxBytes"],
            tuple(fields["contentTypes"]),
            fields["urlTtlSeconds"],
            fields["pendingTtlSeconds"],
            fields["trashTtlSeconds"],
            tuple(fields["checksumAlgorithms"]),
        )


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list of uploads. `total` is the number of matches; None if not counted."""

    uploads: Sequence[Upload]
    total: int | None
    end_cursor: str | None
    has_next: bool

    @classmethod
    def of(cls, fields: Fields) -> Page:
        """Read a value from the fields of a response."""
        return cls(
            tuple(Upload.of(node) for node in fields["nodes"]),
            fields.get("totalCount"),
            fields["pageInfo"]["endCursor"],
            fields["pageInfo"]["hasNextPage"],
        )
