"""deleteUpload: delete an upload and its object."""

from typing import Annotated

import strawberry

from gql_api.domain.errors import Failure
from gql_api.schema.context import Info
from gql_api.schema.errors import member
from gql_api.schema.types.failures import UploadNotFound


@strawberry.type(description="The upload was deleted.")
class UploadDeleted:
    """The success result of `deleteUpload` and `deleteUploads`."""

    id: strawberry.ID = strawberry.field(description="The id of the deleted upload.")


DeleteUploadResult = Annotated[
    UploadDeleted | UploadNotFound,
    strawberry.union("DeleteUploadResult", description="A confirmation, or the failure."),
]


def delete_result(id: strawberry.ID, failure: Failure | None) -> DeleteUploadResult:
    """Return the union member for the outcome of one upload."""
    return UploadDeleted(id=id) if failure is None else member(failure)


@strawberry.mutation(
    description="Delete an upload in any state, and its bytes. Requires authentication."
)
async def delete_upload(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="The id of the upload.")],
) -> DeleteUploadResult:
    """See `LibraryService.delete`."""
    viewer = await info.context.signed_in()
    return delete_result(id, await info.context.services.library.delete(viewer.user.id, id))
