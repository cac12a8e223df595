"""updateUpload: rename an upload, or tag it otherwise."""

from __future__ import annotations

from typing import Annotated

import strawberry

from gql_api.schema.arguments import given
from gql_api.schema.context import Info
from gql_api.schema.types.failures import InvalidInput, UploadNotFound
from gql_api.schema.types.uploads import Upload


@strawberry.input(description="What to change. Fields that are null or left out stay as they are.")
class UpdateUploadInput:
    """What `LibraryService.update` takes."""

    id: strawberry.ID = strawberry.field(description="The upload's id.")
    filename: str | None = strawberry.field(
        description="Its new name, of any characters but NUL.", default=strawberry.UNSET
    )
    tags: list[str] | None = strawberry.field(
        description="Its tags from now on, in place of those it has.", default=strawberry.UNSET
    )


UpdateUploadResult = Annotated[
    Upload | UploadNotFound | InvalidInput,
    strawberry.union(
        "UpdateUploadResult", description="The upload as it is now, or why it is unchanged."
    ),
]


@strawberry.mutation(description="Change an upload's file name or tags. Needs a viewer.")
async def update_upload(
    info: Info,
    input: Annotated[UpdateUploadInput, strawberry.argument(description="What to change.")],
) -> UpdateUploadResult:
    """See `LibraryService.update`."""
    viewer = await info.context.signed_in()
    upload = await info.context.services.library.update(
        viewer.user.id, input.id, given(input.filename), given(input.tags)
    )
    return Upload.of(upload)
