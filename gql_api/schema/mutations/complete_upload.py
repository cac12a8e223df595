"""completeUpload: report that all bytes were sent."""

from typing import Annotated

import strawberry

from gql_api.schema.context import Info
from gql_api.schema.errors import upload_member
from gql_api.schema.types.failures import (
    UploadClosed,
    UploadIncomplete,
    UploadNotFound,
    UploadRejected,
)
from gql_api.schema.types.uploads import Upload

CompleteUploadResult = Annotated[
    Upload | UploadNotFound | UploadIncomplete | UploadRejected | UploadClosed,
    strawberry.union("CompleteUploadResult", description="The upload, or the failure."),
]


@strawberry.mutation(
    description=(
        "Report that all bytes were sent. The service checks the bucket itself, so clients do not "
        "need to collect ETags. Safe to repeat. A large file may stay PENDING for some minutes "
        "while its parts are assembled or its checksum is verified. Requires authentication."
    )
)
async def complete_upload(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="The id of the upload.")],
) -> CompleteUploadResult:
    """See `UploadService.complete`."""
    viewer = await info.context.signed_in()
    return upload_member(await info.context.services.uploads.complete(viewer.user.id, id))
