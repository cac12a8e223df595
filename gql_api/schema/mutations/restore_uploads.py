"""restoreUploads: take uploads out of the trash."""

from typing import Annotated

import strawberry

from gql_api.schema.context import Info, answer_check
from gql_api.schema.errors import upload_member
from gql_api.schema.types.failures import UploadNotFound
from gql_api.schema.types.uploads import Upload

RestoreUploadResult = Annotated[
    Upload | UploadNotFound,
    strawberry.union("RestoreUploadResult", description="The upload, or the failure."),
]


@strawberry.mutation(
    description=(
        "Take up to 100 uploads out of the trash. Returns one result per upload, in order; each "
        "succeeds or fails independently. Safe to repeat: uploads that are not in the trash stay "
        "as they are. Requires authentication."
    )
)
async def restore_uploads(
    info: Info,
    ids: Annotated[list[strawberry.ID], strawberry.argument(description="The ids of the uploads.")],
) -> list[RestoreUploadResult]:
    """See `TrashService.restore_many`."""
    viewer = await info.context.signed_in()
    outcomes = await info.context.services.trash.restore_many(
        viewer.user.id, ids, answer_check(info)
    )
    return [upload_member(outcome) for outcome in outcomes]
