"""completeUploads: report that all bytes of many uploads were sent."""

from functools import partial
from typing import Annotated

import strawberry

from gql_api.schema.context import Info
from gql_api.schema.mutations.complete_upload import CompleteUploadResult, complete_result


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
    check = partial(info.context.check_answer, str(info.path.key))
    outcomes = await info.context.services.uploads.complete_many(viewer.user.id, ids, check)
    return [complete_result(outcome) for outcome in outcomes]
