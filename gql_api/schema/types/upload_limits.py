"""What the service accepts, as clients see it."""

from __future__ import annotations

import strawberry

from gql_api.domain.policy import UploadPolicy
from gql_api.schema.scalars import ByteCount


@strawberry.type(description="What this service accepts, so that no client has to guess.")
class UploadLimits:
    """See `domain.policy.UploadPolicy`."""

    max_upload_bytes: ByteCount = strawberry.field(description="The largest file accepted.")
    single_part_max_bytes: ByteCount = strawberry.field(
        description="The largest file that is sent as one part."
    )
    content_types: list[str] = strawberry.field(
        description="The media types and ranges accepted, such as image/*; */* is everything."
    )
    url_ttl_seconds: int = strawberry.field(description="How long signed URLs work, in seconds.")
    pending_ttl_seconds: int = strawberry.field(
        description="How long an upload may stay PENDING, in seconds."
    )

    @classmethod
    def of(cls, policy: UploadPolicy) -> UploadLimits:
        """The limits that concern clients."""
        return cls(
            max_upload_bytes=ByteCount(policy.max_upload_bytes),
            single_part_max_bytes=ByteCount(policy.single_part_max_bytes),
            content_types=list(policy.content_types),
            url_ttl_seconds=policy.url_ttl_seconds,
            pending_ttl_seconds=policy.pending_ttl_seconds,
        )
