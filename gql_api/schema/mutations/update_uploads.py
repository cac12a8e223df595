"""updateUploads: change the filenames or the tags of many uploads."""

from typing import Annotated

import strawberry

from gql_api.schema.context import Info, answer_check
from gql_api.schema.errors import upload_member
from gql_api.schema.mutations.update_upload import UpdateUploadInput, UpdateUploadResult


@strawberry.mutation(
    description=(
        "Change the filenames or tags of up to 100 uploads; see updateUpload. Returns one result "
        "per entry, in order; each succeeds or fails independently. Requires authentication."
    )
)
async def update_uploads(
    info: Info,
    input: Annotated[list[UpdateUploadInput], strawberry.argument(description="The changes.")],
) -> list[UpdateUploadResult]:
    """See `LibraryService.update_many`."""
    viewer = await info.context.signed_in()
    changes = [one.to_domain() for one in input]
    outcomes = await info.context.services.library.update_many(
        viewer.user.id, changes, answer_check(info)
    )
    return [upload_member(outcome) for outcome in outcomes]
