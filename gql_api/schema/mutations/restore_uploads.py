"""restoreUploads: take uploads out of the trash."""

from functools import partial
from typing import Annotated

import strawberry

from gql_api.domain import uploads as domain
from gql_api.domain.errors import Failure
from gql_api.schema.context import Info
from gql_api.schema.errors import member
from gql_api.schema.types.failures import UploadNotFound
from gql_api.schema.types.uploads import Upload

RestoreUploadResult = Annotated[
    Upload | UploadNotFound,
    strawberry.union("RestoreUploadResult", description="The upload, or the failure."),
]


def restore_result(outcome: domain.Upload | Failure) -> RestoreUploadResult:
    """Return the union member for the outcome of one upload."""
    return member(outcome) if isinstance(outcome, Failure) else Upload.of(outcome)


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
    check = partial(info.context.check_answer, str(info.path.key))
    outcomes = await info.context.services.trash.restore_many(viewer.user.id, ids, check)
    return [restore_result(outcome) for outcome in outcomes]
