"""Uploads as clients see them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from gql_api.domain import uploads as domain
from gql_api.schema.arguments import given
from gql_api.schema.context import Info
from gql_api.schema.scalars import ByteCount, enum_member
from gql_api.schema.types.transfers import PresignedRequest, Transfer


@strawberry.enum(description="Where an upload stands.")
class UploadStatus(Enum):
    """The states that users see: `domain.uploads.UploadStatus` without its tombstones."""

    PENDING = enum_member("PENDING", "Requested; not all bytes are known to be there.")
    STORED = enum_member("STORED", "The bucket holds exactly what was declared.")
    REJECTED = enum_member("REJECTED", "The bucket held something else, which was deleted.")
    CANCELLED = enum_member("CANCELLED", "Given up by its owner.")
    EXPIRED = enum_member("EXPIRED", "Given up because the bytes did not come in time.")


@strawberry.enum(description="How a checksum is computed.")
class ChecksumAlgorithm(Enum):
    """See `domain.uploads.ChecksumAlgorithm`."""

    SHA256 = enum_member("SHA256", "SHA-256 (FIPS 180-4).")


@strawberry.enum(description="What a browser should do with a download.")
class Disposition(Enum):
    """The disposition types of RFC 6266."""

    INLINE = enum_member("INLINE", "Show it, if it can; types that could run scripts are saved.")
    ATTACHMENT = enum_member("ATTACHMENT", "Save it, under the upload's file name.")


@strawberry.type(description="A digest of a file's bytes.")
class Checksum:
    """See `domain.uploads.Checksum`."""

    algorithm: ChecksumAlgorithm = strawberry.field(description="How it is computed.")
    value: str = strawberry.field(description="The digest in Base64.")

    @classmethod
    def of(cls, checksum: domain.Checksum) -> Checksum:
        """The checksum as clients see it."""
        return cls(algorithm=ChecksumAlgorithm(checksum.algorithm.value), value=checksum.value)


@strawberry.type(description="One file: on its way into the bucket, in it, or given up.")
class Upload:
    """See `domain.uploads.Upload`."""

    record: strawberry.Private[domain.Upload]
    id: strawberry.ID = strawberry.field(description="The upload's id; ids sort by creation.")
    filename: str = strawberry.field(description="Its name, which a download is saved under.")
    content_type: str = strawberry.field(description="Its media type, in canonical form.")
    size: ByteCount = strawberry.field(description="How many bytes it has.")
    checksum: Checksum | None = strawberry.field(
        description="The digest that was declared; null if none was."
    )
    tags: list[str] = strawberry.field(description="The owner's tags, none twice.")
    status: UploadStatus = strawberry.field(description="Where it stands.")
    status_reason: str | None = strawberry.field(
        description="How what arrived differs from what was declared, if REJECTED; else null."
    )
    created_at: datetime = strawberry.field(description="When it was requested.")
    stored_at: datetime | None = strawberry.field(
        description="When it was found to be all there; null before."
    )
    expires_at: datetime | None = strawberry.field(
        description="When it is given up, while PENDING; else null."
    )

    @strawberry.field(
        description=(
            "How to send the bytes, while PENDING; else null. Ask again whenever a URL has "
            "expired: signing another changes nothing."
        )
    )
    def transfer(self) -> Transfer | None:
        """The transfer of a pending upload."""
        pending = self.record.status is domain.UploadStatus.PENDING
        return Transfer.of(self.record) if pending else None

    @strawberry.field(description="A signed request for the bytes of a STORED upload; else null.")
    def download(
        self,
        info: Info,
        disposition: Annotated[
            Disposition, strawberry.argument(description="What a browser should do with it.")
        ] = Disposition.INLINE,
        expires_in_seconds: Annotated[
            int | None,
            strawberry.argument(
                description="How long the URL works, 1 to 604800; if left out, urlTtlSeconds."
            ),
        ] = strawberry.UNSET,
    ) -> PresignedRequest | None:
        """The signed GET of a stored upload; BadUserInput for a bad lifetime."""
        request = info.context.services.library.download(
            self.record,
            attachment=disposition is Disposition.ATTACHMENT,
            expires_in_seconds=given(expires_in_seconds),
        )
        return None if request is None else PresignedRequest.of(request)

    @classmethod
    def of(cls, upload: domain.Upload) -> Upload:
        """The upload as its owner sees it."""
        checksum = upload.checksum
        pending = upload.status is domain.UploadStatus.PENDING
        return cls(
            record=upload,
            id=strawberry.ID(upload.id),
            filename=upload.filename,
            content_type=upload.content_type,
            size=ByteCount(upload.size_bytes),
            checksum=None if checksum is None else Checksum.of(checksum),
            tags=list(upload.tags),
            status=UploadStatus(upload.status.value),
            status_reason=upload.status_reason,
            created_at=upload.created_at,
            stored_at=upload.stored_at,
            expires_at=upload.expires_at if pending else None,
        )
