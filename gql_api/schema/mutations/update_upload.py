"""updateUpload: change the filename or the tags of an upload."""

from typing import Annotated

import strawberry

from gql_api.schema.arguments import given
from gql_api.schema.context import Info
from gql_api.schema.errors import upload_member
from gql_api.schema.types.failures import InvalidInput, UploadNotFound
from gql_api.schema.types.uploads import Upload
from gql_api.services.library import Change


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

    def to_domain(self) -> Change:
        """Return the change, not validated yet."""
        return Change(self.id, given(self.filename), given(self.tags))


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
    library = info.context.services.library
    return upload_member(await library.update(viewer.user.id, input.to_domain()))
