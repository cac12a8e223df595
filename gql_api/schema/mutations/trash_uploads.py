"""trashUploads: move stored uploads to the trash."""

from functools import partial
from typing import Annotated

import strawberry

from gql_api.domain import uploads as domain
from gql_api.domain.errors import Failure
from gql_api.schema.context import Info
from gql_api.schema.errors import member
from gql_api.schema.types.failures import UploadClosed, UploadNotFound
from gql_api.schema.types.uploads import Upload

TrashUploadResult = Annotated[
    Upload | UploadNotFound | UploadClosed,
    strawberry.union(
        "TrashUploadResult",
        description="The upload, or the failure; UploadClosed if it is not STORED.",
    ),
]


def trash_result(outcome: domain.Upload | Failure) -> TrashUploadResult:
    """Return the union member for the outcome of one upload."""
    return member(outcome) if isinstance(outcome, Failure) else Upload.of(outcome)


@strawberry.mutation(
    description=(
        "Move up to 100 STORED uploads to the trash. `uploads` then lists them only with the "
        "filter `trashed`. They can still be downloaded, count against the quota, and are deleted "
        "for good after trashTtlSeconds. Returns one result per upload, in order; each succeeds or "
        "fails independently. Safe to repeat. Requires authentication."
    )
)
async def trash_uploads(
    info: Info,
    ids: Annotated[list[strawberry.ID], strawberry.argument(description="The ids of the uploads.")],
) -> list[TrashUploadResult]:
    """See `TrashService.trash_many`."""
    viewer = await info.context.signed_in()
    check = partial(info.context.check_answer, str(info.path.key))
    outcomes = await info.context.services.trash.trash_many(viewer.user.id, ids, check)
    return [trash_result(outcome) for outcome in outcomes]
