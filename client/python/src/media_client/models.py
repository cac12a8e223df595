"""The service's types as immutable values. `of` reads a value from the fields of a response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from media_client.media import Media, ProcessingStatus

Fields = Mapping[str, Any]


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


class Disposition(StrEnum):
    """What a browser does with a download: display it if possible, or save it."""

    INLINE = "INLINE"
    ATTACHMENT = "ATTACHMENT"


class ApiKeyScope(StrEnum):
    """What an API key may do. No key may change the account itself.

    READ lists and downloads. UPLOAD requests, sends, completes and cancels uploads.
    """

    ALL = "ALL"
    READ = "READ"
    UPLOAD = "UPLOAD"


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request that anyone holding it can send until it expires, so the URL is a secret."""

    method: str
    url: str = field(repr=False)
    headers: Sequence[tuple[str, str]]
    expires_at: datetime

    @classmethod
    def of(cls, fields: Fields) -> SignedRequest:
        """Read a value from the fields of a response."""
        return cls(
            fields["method"],
            fields["url"],
            tuple((header["name"], header["value"]) for header in fields["headers"]),
            datetime.fromisoformat(fields["expiresAt"]),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file, and the request that sends it. Numbers start at 1; sizes are in bytes."""

    number: int
    offset: int
    size: int
    request: SignedRequest

    @classmethod
    def of(cls, fields: Fields) -> Part:
        """Read a value from the fields of a response."""
        return cls(fields["number"], fields["offset"], fields["size"], SignedRequest.of(fields))


@dataclass(frozen=True, slots=True)
class Transfer:
    """How a file is split into parts. `part_size` is in bytes.

    `parts` and `received` (part number to size in bytes) are empty unless they were requested.
    """

    part_size: int
    part_count: int
    parts: Sequence[Part] = ()
    received: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, fields: Fields) -> Transfer:
        """Read a value from the fields of a response."""
        return cls(
            fields["partSize"],
            fields["partCount"],
            tuple(Part.of(part) for part in fields.get("parts", ())),
            {part["number"]: part["size"] for part in fields.get("received", ())},
        )


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file, in any state. `size` is in bytes, `checksum` is in Base64.

    `checksum_algorithm` is SHA256 or CRC64NVME; None if the upload has no checksum. `media` is None
    until the service has looked at the bytes, for files that are not media, and in the results of
    methods that send files. `processing_error` says why processing FAILED.
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
    processing: ProcessingStatus = ProcessingStatus.NONE
    processing_error: str | None = None
    media: Media | None = None

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
            stored_at=_time(fields["storedAt"]),
            expires_at=_time(fields["expiresAt"]),
            trashed_at=_time(fields["trashedAt"]),
            transfer=Transfer.of(fields["transfer"]) if fields.get("transfer") else None,
            checksum_algorithm=fields["checksum"] and fields["checksum"]["algorithm"],
            processing=ProcessingStatus(fields["processing"]),
            processing_error=fields["processingError"],
            media=Media.of(fields["media"]) if fields.get("media") else None,
        )


@dataclass(frozen=True, slots=True)
class Ticket:
    """An accepted upload. `created` is false if an earlier request already created it."""

    upload: Upload
    created: bool


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key, without its secret."""

    id: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    scope: ApiKeyScope

    @classmethod
    def of(cls, fields: Fields) -> ApiKey:
        """Read a value from the fields of a response."""
        return cls(
            fields["id"],
            fields["name"],
            datetime.fromisoformat(fields["createdAt"]),
            _time(fields["expiresAt"]),
            _time(fields["lastUsedAt"]),
            ApiKeyScope(fields["scope"]),
        )


@dataclass(frozen=True, slots=True)
class CreatedApiKey:
    """A new API key with its secret, which the service shows only once."""

    token: str = field(repr=False)
    api_key: ApiKey


@dataclass(frozen=True, slots=True)
class UserSession:
    """Where a user is signed in. `current`: this client uses the session."""

    id: str
    current: bool
    created_at: datetime
    last_used_at: datetime
    user_agent: str | None

    @classmethod
    def of(cls, fields: Fields) -> UserSession:
        """Read a value from the fields of a response."""
        return cls(
            fields["id"],
            fields["current"],
            datetime.fromisoformat(fields["createdAt"]),
            datetime.fromisoformat(fields["lastUsedAt"]),
            fields["userAgent"],
        )


@dataclass(frozen=True, slots=True)
class User:
    """An account and its usage. `quota_bytes` is None if there is no limit."""

    id: str
    username: str
    email: str | None
    full_name: str | None
    created_at: datetime
    usage_bytes: int
    usage_uploads: int
    quota_bytes: int | None

    @classmethod
    def of(cls, fields: Fields) -> User:
        """Read a value from the fields of a response."""
        return cls(
            fields["id"],
            fields["username"],
            fields["email"],
            fields["fullName"],
            datetime.fromisoformat(fields["createdAt"]),
            fields["usage"]["bytes"],
            fields["usage"]["uploads"],
            fields["usage"]["quotaBytes"],
        )


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in session. The tokens are secrets."""

    access_token: str = field(repr=False)
    expires_at: datetime
    refresh_token: str = field(repr=False)
    user: User

    @classmethod
    def of(cls, fields: Fields) -> Session:
        """Read a value from the fields of a response."""
        return cls(
            fields["accessToken"],
            datetime.fromisoformat(fields["expiresAt"]),
            fields["refreshToken"],
            User.of(fields["user"]),
        )


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
