"""Uploads as clients see them."""

from datetime import datetime
from enum import Enum
from typing import Annotated, Self

import strawberry

from gql_api.domain import uploads as domain
from gql_api.domain.processing import NOT_PROCESSED
from gql_api.schema.arguments import given
from gql_api.schema.context import Info
from gql_api.schema.scalars import ByteCount, enum_member
from gql_api.schema.types.media import Media, ProcessingStatus, Rendition, RenditionName
from gql_api.schema.types.transfers import PresignedRequest, Transfer


@strawberry.enum(description="The state of an upload.")
class UploadStatus(Enum):
    """The states that users see: `domain.uploads.UploadStatus` without its tombstones."""

    PENDING = enum_member("PENDING", "Requested, but not yet verified to be complete.")
    STORED = enum_member("STORED", "The bucket holds exactly the declared file.")
    REJECTED = enum_member(
        "REJECTED", "The bytes sent differed from the declared file and were deleted."
    )
    CANCELLED = enum_member("CANCELLED", "Cancelled by its owner.")
    EXPIRED = enum_member("EXPIRED", "The bytes did not arrive in time.")


_STATUSES = {domain.UploadStatus(status.value): status for status in UploadStatus}
_STATUSES[domain.UploadStatus.TRASHED] = UploadStatus.STORED


def status_of(status: domain.UploadStatus) -> UploadStatus:
    """Return the state as clients see it: an upload in the trash is STORED."""
    return _STATUSES[status]


@strawberry.enum(description="The algorithm of a checksum.")
class ChecksumAlgorithm(Enum):
    """See `domain.uploads.ChecksumAlgorithm`."""

    SHA256 = enum_member("SHA256", "SHA-256 (FIPS 180-4).")
    CRC64NVME = enum_member(
        "CRC64NVME",
        "CRC-64/NVME of the whole file: 8 big-endian bytes in Base64. The bucket computes it "
        "itself, also for multipart uploads. It detects errors, not deliberate changes. Available "
        "if uploadLimits.checksumAlgorithms lists it.",
    )


@strawberry.enum(description="How a browser handles a download.")
class Disposition(Enum):
    """The disposition types of RFC 6266."""

    INLINE = enum_member(
        "INLINE", "Display it if possible; files that can run scripts are saved instead."
    )
    ATTACHMENT = enum_member("ATTACHMENT", "Save it under the upload's filename.")


@strawberry.type(description="A digest of a file's bytes.")
class Checksum:
    """See `domain.uploads.Checksum`."""

    algorithm: ChecksumAlgorithm = strawberry.field(description="The algorithm.")
    value: str = strawberry.field(description="The digest in Base64.")

    @classmethod
    def of(cls, checksum: domain.Checksum) -> Self:
        """Return the checksum as clients see it."""
        return cls(algorithm=ChecksumAlgorithm(checksum.algorithm.value), value=checksum.value)


@strawberry.type(description="A file and the state of its upload.")
class Upload:
    """See `domain.uploads.Upload`."""

    record: strawberry.Private[domain.Upload]
    id: strawberry.ID = strawberry.field(
        description="The id of the upload; ids sort by creation time."
    )
    filename: str = strawberry.field(description="The filename, under which downloads are saved.")
    content_type: str = strawberry.field(description="The media type in canonical form.")
    size: ByteCount = strawberry.field(description="The declared size in bytes.")
    checksum: Checksum | None = strawberry.field(
        description="The declared digest; null if none was declared."
    )
    tags: list[str] = strawberry.field(
        description="The tags that the owner gave it, without duplicates."
    )
    status: UploadStatus = strawberry.field(description="The state of the upload.")
    status_reason: str | None = strawberry.field(
        description="How the bytes differed from the declared file, if REJECTED; otherwise null."
    )
    created_at: datetime = strawberry.field(description="When the upload was requested.")
    stored_at: datetime | None = strawberry.field(
        description=(
            "When the upload was verified to be complete; null until then. If the owner replaced "
            "the bytes later, which some stores allow, when that was noticed."
        )
    )
    expires_at: datetime | None = strawberry.field(
        description="When the upload expires, while PENDING; otherwise null."
    )
    trashed_at: datetime | None = strawberry.field(
        description="When it was moved to the trash; null if it is not there."
    )
    media: Media | None = strawberry.field(
        description=(
            "What the service learned from the bytes; null until it has looked, and for files that "
            "are not media."
        )
    )
    processing: ProcessingStatus = strawberry.field(
        description="Whether facts and renditions are there yet."
    )
    processing_error: str | None = strawberry.field(
        description="Why the bytes could not be decoded, if processing FAILED; otherwise null."
    )

    version: int = strawberry.field(
        description=(
            "1 for a new upload. Rises with each change: of its state, name, tags, bytes, facts "
            "and renditions."
        )
    )

    @strawberry.field(
        description=(
            "The derived file of this name; null if there is none, or not yet. An API key needs "
            "the scope READ or ALL."
        )
    )
    def rendition(
        self,
        info: Info,
        name: Annotated[
            RenditionName, strawberry.argument(description="The name of the derived file.")
        ],
    ) -> Rendition | None:
        """Return the rendition of a stored upload with its signed URL."""
        info.context.check_scope("Upload.rendition")
        library = info.context.services.library
        signed = library.rendition(self.record, name.to_domain())
        return None if signed is None else Rendition.of(signed)

    @strawberry.field(
        description=(
            "How to send the bytes, while PENDING; otherwise null. Query it again for new URLs "
            "when the old ones have expired."
        )
    )
    def transfer(self) -> Transfer | None:
        """Return the transfer of a pending upload."""
        pending = self.record.status is domain.UploadStatus.PENDING
        return Transfer.of(self.record) if pending else None

    @strawberry.field(
        description="A signed request that downloads the file, if STORED; otherwise null."
    )
    def download(
        self,
        info: Info,
        disposition: Annotated[
            Disposition, strawberry.argument(description="How a browser handles the download.")
        ] = Disposition.INLINE,
        expires_in_seconds: Annotated[
            int | None,
            strawberry.argument(
                description=(
                    "The lifetime of the URL, 1 to 604800; urlTtlSeconds by default. It may be "
                    "shorter: see expiresAt."
                )
            ),
        ] = strawberry.UNSET,
    ) -> PresignedRequest | None:
        """Return the signed GET of a stored upload; raises BadUserInput for an invalid lifetime."""
        info.context.check_scope("Upload.download")
        request = info.context.services.library.download(
            self.record,
            attachment=disposition is Disposition.ATTACHMENT,
            expires_in_seconds=given(expires_in_seconds),
        )
        return None if request is None else PresignedRequest.of(request)

    @classmethod
    def of(cls, upload: domain.Upload) -> Self:
        """Return the upload as its owner sees it."""
        checksum = upload.checksum
        pending = upload.status is domain.UploadStatus.PENDING
        processing = upload.processing if upload.status.stored else NOT_PROCESSED
        return cls(
            record=upload,
            id=strawberry.ID(upload.id),
            filename=upload.filename,
            content_type=upload.content_type,
            size=ByteCount(upload.size_bytes),
            checksum=None if checksum is None else Checksum.of(checksum),
            tags=list(upload.tags),
            status=status_of(upload.status),
            status_reason=upload.status_reason,
            created_at=upload.created_at,
            stored_at=upload.stored_at,
            expires_at=upload.expires_at if pending else None,
            trashed_at=upload.trashed_at,
            media=None if processing.media is None else Media.of(processing.media),
            processing=ProcessingStatus(processing.status.value),
            processing_error=processing.reason,
            version=upload.version,
        )
