"""requestUploads: ask to upload many files."""

from __future__ import annotations

from typing import Annotated

import strawberry

from gql_api.domain.file_requests import Ticket
from gql_api.schema.context import Info
from gql_api.schema.errors import member
from gql_api.schema.mutations.request_upload import (
    RequestUploadInput,
    RequestUploadResult,
    UploadTicket,
)


@strawberry.mutation(
    description=(
        "Ask to upload up to 500 files: one result a file, in order, each a success or failure of "
        "its own. Needs a viewer."
    )
)
async def request_uploads(
    info: Info,
    input: Annotated[list[RequestUploadInput], strawberry.argument(description="The files.")],
) -> list[RequestUploadResult]:
    """See `UploadService.request_many`."""
    viewer = await info.context.signed_in()
    outcomes = await info.context.services.uploads.request_many(
        viewer.user.id, [one.to_domain() for one in input]
    )
    return [
        UploadTicket.of(outcome) if isinstance(outcome, Ticket) else member(outcome)
        for outcome in outcomes
    ]
