"""cancelUpload: give a pending upload up."""

from __future__ import annotations

from typing import Annotated

import strawberry

from gql_api.schema.context import Info
from gql_api.schema.types.failures import UploadClosed, UploadNotFound
from gql_api.schema.types.uploads import Upload

CancelUploadResult = Annotated[
    Upload | UploadNotFound | UploadClosed,
    strawberry.union(
        "CancelUploadResult", description="The cancelled upload, or why it is not cancelled."
    ),
]


@strawberry.mutation(
    description=(
        "Give a PENDING upload up: its bytes leave the quota, and what was sent is deleted. Safe "
        "to repeat. Needs a viewer."
    )
)
async def cancel_upload(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The upload's id.")]
) -> CancelUploadResult:
    """See `UploadService.cancel`."""
    viewer = await info.context.signed_in()
    return Upload.of(await info.context.services.uploads.cancel(viewer.user.id, id))
