"""deleteUploads: delete many uploads and their objects."""

from typing import Annotated

import strawberry

from gql_api.schema.context import Info, answer_check
from gql_api.schema.mutations.delete_upload import DeleteUploadResult, delete_result


@strawberry.mutation(
    description=(
        "Delete up to 100 uploads in any state, and their bytes; see deleteUpload. Returns one "
        "result per upload, in order; each succeeds or fails independently. Requires "
        "authentication."
    )
)
async def delete_uploads(
    info: Info,
    ids: Annotated[list[strawberry.ID], strawberry.argument(description="The ids of the uploads.")],
) -> list[DeleteUploadResult]:
    """See `LibraryService.delete_many`."""
    viewer = await info.context.signed_in()
    failures = await info.context.services.library.delete_many(
        viewer.user.id, ids, answer_check(info)
    )
    return [delete_result(id, failure) for id, failure in zip(ids, failures, strict=True)]
