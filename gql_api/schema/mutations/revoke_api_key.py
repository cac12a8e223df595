"""revokeApiKey: revoke an API key."""

from typing import Annotated

import strawberry

from gql_api.schema.context import Info
from gql_api.schema.types.failures import ApiKeyNotFound


@strawberry.type(description="The API key was revoked.")
class ApiKeyRevoked:
    """The success result of `revokeApiKey`."""

    id: strawberry.ID = strawberry.field(description="The id of the revoked key.")


RevokeApiKeyResult = Annotated[
    ApiKeyRevoked | ApiKeyNotFound,
    strawberry.union("RevokeApiKeyResult", description="A confirmation, or the failure."),
]


@strawberry.mutation(description="Revoke an API key. Requires a session; API keys are rejected.")
async def revoke_api_key(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The id of the key.")]
) -> RevokeApiKeyResult:
    """See `ApiKeyService.revoke`."""
    viewer = await info.context.signed_in()
    await info.context.services.api_keys.revoke(viewer, id)
    return ApiKeyRevoked(id=id)
