"""createApiKey: a long-lived token for scripts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from gql_api.schema.arguments import given
from gql_api.schema.context import Info
from gql_api.schema.types.accounts import ApiKey
from gql_api.schema.types.failures import InvalidInput


@strawberry.input(description="A new API key.")
class CreateApiKeyInput:
    """What `ApiKeyService.create` takes."""

    name: str = strawberry.field(description="What to call it, such as where it is used.")
    expires_at: datetime | None = strawberry.field(
        description="When it stops working; never if left out.", default=strawberry.UNSET
    )


@strawberry.type(description="An API key was created.")
class ApiKeyCreated:
    """The answer of `createApiKey`."""

    token: str = strawberry.field(
        description=(
            "The secret, to be sent as `Authorization: Bearer …`. It is shown now and never again."
        )
    )
    api_key: ApiKey = strawberry.field(description="The key without its secret.")


CreateApiKeyResult = Annotated[
    ApiKeyCreated | InvalidInput,
    strawberry.union("CreateApiKeyResult", description="The key, or why there is none."),
]


@strawberry.mutation(
    description="Create an API key. Needs a viewer who is signed in, not one with an API key."
)
async def create_api_key(
    info: Info,
    input: Annotated[CreateApiKeyInput, strawberry.argument(description="The new key.")],
) -> CreateApiKeyResult:
    """See `ApiKeyService.create`."""
    viewer = await info.context.signed_in()
    token, api_key = await info.context.services.api_keys.create(
        viewer, input.name, given(input.expires_at)
    )
    return ApiKeyCreated(token=token, api_key=ApiKey.of(api_key))
