"""cancelUpload: cancel a pending upload."""

from typing import Annotated

import strawberry

from gql_api.schema.context import Info
from gql_api.schema.types.failures import UploadClosed, UploadNotFound
from gql_api.schema.types.uploads import Upload

CancelUploadResult = Annotated[
    Upload | UploadNotFound | UploadClosed,
    strawberry.union("CancelUploadResult", description="The cancelled upload, or the failure."),
]


@strawberry.mutation(
    description=(
        "Cancel a PENDING upload, release its quota and delete the bytes sent so far. Safe to "
        "repeat. Requires authentication."
    )
)
async def cancel_upload(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="The id of the upload.")],
) -> CancelUploadResult:
    """See `UploadService.cancel`."""
    viewer = await info.context.signed_in()
    return Upload.of(await info.context.services.uploads.cancel(viewer.user.id, id))
