"""The limits of the service, as clients see them."""

from typing import Self

import strawberry

from gql_api.domain.policy import UploadPolicy
from gql_api.schema.context import Info
from gql_api.schema.scalars import ByteCount
from gql_api.schema.types.uploads import ChecksumAlgorithm


@strawberry.type(description="The limits of this service.")
class UploadLimits:
    """See `domain.policy.UploadPolicy`."""

    max_upload_bytes: ByteCount = strawberry.field(
        description="The largest accepted file, in bytes."
    )
    single_part_max_bytes: ByteCount = strawberry.field(
        description=(
            "The size in bytes up to which a file is sent as a single part, by a plain PUT; 0 if "
            "every file is a multipart upload."
        )
    )
    content_types: list[str] = strawberry.field(
        description="The accepted media types and ranges, such as image/*; */* accepts all."
    )
    url_ttl_seconds: int = strawberry.field(
        description="How long signed URLs are valid, in seconds."
    )
    pending_ttl_seconds: int = strawberry.field(
        description="How long an upload can stay PENDING before it expires, in seconds."
    )
    trash_ttl_seconds: int = strawberry.field(
        description="How long the trash keeps an upload before it is deleted for good, in seconds."
    )

    @strawberry.field(description="The algorithms of checksums that this service can verify.")
    async def checksum_algorithms(self, info: Info) -> list[ChecksumAlgorithm]:
        """Return the algorithms that the probe of the store has found."""
        algorithms = await info.context.services.uploads.checksum_algorithms()
        return [ChecksumAlgorithm(algorithm.value) for algorithm in algorithms]

    @classmethod
    def of(cls, policy: UploadPolicy) -> Self:
        """Return the limits that concern clients."""
        return cls(
            max_upload_bytes=ByteCount(policy.max_upload_bytes),
            single_part_max_bytes=ByteCount(policy.single_part_max_bytes),
            content_types=list(policy.content_types),
            url_ttl_seconds=policy.url_ttl_seconds,
            pending_ttl_seconds=policy.pending_ttl_seconds,
            trash_ttl_seconds=policy.trash_ttl_seconds,
        )
