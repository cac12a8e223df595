"""completeUploads: report that all bytes of many uploads were sent."""

from typing import Annotated

import strawberry

from gql_api.schema.context import Info, answer_check
from gql_api.schema.errors import upload_member
from gql_api.schema.mutations.complete_upload import CompleteUploadResult


@strawberry.mutation(
    description=(
        "Report that all bytes of up to 100 uploads were sent; see completeUpload. Returns one "
        "result per upload, in order; each succeeds or fails independently. Safe to repeat. "
        "Requires authentication."
    )
)
async def complete_uploads(
    info: Info,
    ids: Annotated[list[strawberry.ID], strawberry.argument(description="The ids of the uploads.")],
) -> list[CompleteUploadResult]:
    """See `UploadService.complete_many`."""
    viewer = await info.context.signed_in()
    outcomes = await info.context.services.uploads.complete_many(
        viewer.user.id, ids, answer_check(info)
    )
    return [upload_member(outcome) for outcome in outcomes]
