"""updateUploads: change the filenames or the tags of many uploads."""

from functools import partial
from typing import Annotated

import strawberry

from gql_api.schema.context import Info
from gql_api.schema.mutations.update_upload import (
    UpdateUploadInput,
    UpdateUploadResult,
    update_result,
)


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
    check = partial(info.context.check_answer, str(info.path.key))
    changes = [one.to_domain() for one in input]
    outcomes = await info.context.services.library.update_many(viewer.user.id, changes, check)
    return [update_result(outcome) for outcome in outcomes]
