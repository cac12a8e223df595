"""completeUploads: say that all bytes of many uploads are sent."""

from __future__ import annotations

from typing import Annotated

import strawberry

from gql_api.schema.context import Info
from gql_api.schema.mutations.complete_upload import CompleteUploadResult, complete_result


@strawberry.mutation(
    description=(
        "Say that all bytes of up to 100 uploads are sent: one result an upload, in order, each a "
        "success or failure of its own, as of completeUpload. Safe to repeat. Needs a viewer."
    )
)
async def complete_uploads(
    info: Info,
    ids: Annotated[list[strawberry.ID], strawberry.argument(description="The uploads' ids.")],
) -> list[CompleteUploadResult]:
    """See `UploadService.complete_many`."""
    viewer = await info.context.signed_in()
    outcomes = await info.context.services.uploads.complete_many(viewer.user.id, ids)
    return [complete_result(outcome) for outcome in outcomes]
