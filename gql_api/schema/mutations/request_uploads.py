"""requestUploads: request the upload of many files."""

from typing import Annotated

import strawberry

from gql_api.schema.context import Info
from gql_api.schema.mutations.request_upload import (
    RequestUploadInput,
    RequestUploadResult,
    request_result,
)


@strawberry.mutation(
    description=(
        "Request the upload of up to 500 files. Returns one result per file, in order; each "
        "succeeds or fails independently. If the response would be too large, nothing is done, and "
        "the error's extensions.maxFiles is the number of files that fit. Requires authentication."
    )
)
async def request_uploads(
    info: Info,
    input: Annotated[list[RequestUploadInput], strawberry.argument(description="The files.")],
) -> list[RequestUploadResult]:
    """See `UploadService.request_many`."""
    uploads, requester = info.context.services.uploads, await info.context.requester()
    with requester.checked():
        outcomes = await uploads.request_many(
            requester.user_id, [one.to_domain() for one in input], requester.session_id
        )
    return [request_result(outcome) for outcome in outcomes]
