"""revokeApiKey: let an API key work no more."""

from __future__ import annotations

from typing import Annotated

import strawberry

from gql_api.schema.context import Info
from gql_api.schema.types.failures import ApiKeyNotFound


@strawberry.type(description="The API key works no more.")
class ApiKeyRevoked:
    """The answer of `revokeApiKey`."""

    id: strawberry.ID = strawberry.field(description="The key's id.")


RevokeApiKeyResult = Annotated[
    ApiKeyRevoked | ApiKeyNotFound,
    strawberry.union("RevokeApiKeyResult", description="Whether the key was revoked."),
]


@strawberry.mutation(
    description="Revoke an API key. Needs a viewer who is signed in, not one with an API key."
)
async def revoke_api_key(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The key's id.")]
) -> RevokeApiKeyResult:
    """See `ApiKeyService.revoke`."""
    viewer = await info.context.signed_in()
    await info.context.services.api_keys.revoke(viewer, id)
    return ApiKeyRevoked(id=id)
