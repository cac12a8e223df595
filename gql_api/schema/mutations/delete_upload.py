"""deleteUpload: delete an upload and its object."""

from __future__ import annotations

from typing import Annotated

import strawberry

from gql_api.schema.context import Info
from gql_api.schema.types.failures import UploadNotFound


@strawberry.type(description="The upload is deleted.")
class UploadDeleted:
    """The answer of `deleteUpload`."""

    id: strawberry.ID = strawberry.field(description="The id that the upload had.")


DeleteUploadResult = Annotated[
    UploadDeleted | UploadNotFound,
    strawberry.union("DeleteUploadResult", description="Whether the upload was deleted."),
]


@strawberry.mutation(
    description="Delete an upload in any state: the record and the object. Needs a viewer."
)
async def delete_upload(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The upload's id.")]
) -> DeleteUploadResult:
    """See `LibraryService.delete`."""
    viewer = await info.context.signed_in()
    await info.context.services.library.delete(viewer.user.id, id)
    return UploadDeleted(id=id)
