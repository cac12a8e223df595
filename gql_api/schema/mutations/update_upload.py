"""updateUpload: change the filename or the tags of an upload."""

from typing import Annotated

import strawberry

from gql_api.schema.arguments import given
from gql_api.schema.context import Info
from gql_api.schema.types.failures import InvalidInput, UploadNotFound
from gql_api.schema.types.uploads import Upload


@strawberry.input(description="The changes. Null or omitted fields stay unchanged.")
class UpdateUploadInput:
    """The input of `LibraryService.update`."""

    id: strawberry.ID = strawberry.field(description="The id of the upload.")
    filename: str | None = strawberry.field(
        description="The new filename; any characters except NUL.", default=strawberry.UNSET
    )
    tags: list[str] | None = strawberry.field(
        description="The new tags, which replace all current ones.", default=strawberry.UNSET
    )


UpdateUploadResult = Annotated[
    Upload | UploadNotFound | InvalidInput,
    strawberry.union("UpdateUploadResult", description="The changed upload, or the failure."),
]


@strawberry.mutation(
    description="Change the filename or tags of an upload. Requires authentication."
)
async def update_upload(
    info: Info,
    input: Annotated[UpdateUploadInput, strawberry.argument(description="The changes.")],
) -> UpdateUploadResult:
    """See `LibraryService.update`."""
    viewer = await info.context.signed_in()
    upload = await info.context.services.library.update(
        viewer.user.id, input.id, given(input.filename), given(input.tags)
    )
    return Upload.of(upload)
