"""completeUpload: say that all bytes are sent."""

from __future__ import annotations

from typing import Annotated

import strawberry

from gql_api.domain import uploads as domain
from gql_api.domain.errors import Failure
from gql_api.schema.context import Info
from gql_api.schema.errors import member
from gql_api.schema.types.failures import (
    UploadClosed,
    UploadIncomplete,
    UploadNotFound,
    UploadRejected,
)
from gql_api.schema.types.uploads import Upload

CompleteUploadResult = Annotated[
    Upload | UploadNotFound | UploadIncomplete | UploadRejected | UploadClosed,
    strawberry.union(
        "CompleteUploadResult", description="The stored upload, or why it is not stored."
    ),
]


def complete_result(outcome: domain.Upload | Failure) -> CompleteUploadResult:
    """Return the union member for the outcome of one upload."""
    return member(outcome) if isinstance(outcome, Failure) else Upload.of(outcome)


@strawberry.mutation(
    description=(
        "Say that all bytes are sent. The service looks into the bucket itself, so there is "
        "nothing to collect while sending. Safe to repeat. A large file with a checksum may stay "
        "PENDING for some minutes, while it is read. Needs a viewer."
    )
)
async def complete_upload(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The upload's id.")]
) -> CompleteUploadResult:
    """See `UploadService.complete`."""
    viewer = await info.context.signed_in()
    return complete_result(await info.context.services.uploads.complete(viewer.user.id, id))
