"""trashUploads: move stored uploads to the trash."""

from typing import Annotated

import strawberry

from gql_api.schema.context import Info, answer_check
from gql_api.schema.errors import upload_member
from gql_api.schema.types.failures import UploadClosed, UploadNotFound
from gql_api.schema.types.uploads import Upload

TrashUploadResult = Annotated[
    Upload | UploadNotFound | UploadClosed,
    strawberry.union(
        "TrashUploadResult",
        description="The upload, or the failure; UploadClosed if it is not STORED.",
    ),
]


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
    outcomes = await info.context.services.trash.trash_many(viewer.user.id, ids, answer_check(info))
    return [upload_member(outcome) for outcome in outcomes]
