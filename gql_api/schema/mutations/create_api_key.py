"""createApiKey: create a long-lived token for scripts."""

from datetime import datetime
from typing import Annotated

import strawberry

from gql_api.domain import accounts as domain
from gql_api.schema.arguments import given
from gql_api.schema.context import Info
from gql_api.schema.types.accounts import ApiKey, ApiKeyScope
from gql_api.schema.types.failures import InvalidCredentials, InvalidInput, TooManyAttempts


@strawberry.input(description="A new API key.")
class CreateApiKeyInput:
    """The input of `ApiKeyService.create`."""

    name: str = strawberry.field(description="A name for the key, for example where it is used.")
    expires_at: datetime | None = strawberry.field(
        description="When the key expires; if omitted, it never expires.", default=strawberry.UNSET
    )
    scope: ApiKeyScope = strawberry.field(
        description="What the key may do.", default=ApiKeyScope.ALL
    )
    current_password: str | None = strawberry.field(
        description=(
            "The viewer's password. Required if the session began more than 15 minutes ago."
        ),
        default=strawberry.UNSET,
    )


@strawberry.type(description="An API key was created.")
class ApiKeyCreated:
    """The success result of `createApiKey`."""

    token: str = strawberry.field(
        description=(
            "The secret. Send it as `Authorization: Bearer …`. It cannot be retrieved later."
        )
    )
    api_key: ApiKey = strawberry.field(description="The key, without its secret.")


CreateApiKeyResult = Annotated[
    ApiKeyCreated | InvalidInput | InvalidCredentials | TooManyAttempts,
    strawberry.union("CreateApiKeyResult", description="The new key, or the failure."),
]


@strawberry.mutation(
    description=(
        "Create an API key. Requires a session, or an issuer's token; API keys are rejected. If "
        "the session began more than 15 minutes ago, currentPassword is required, too. An issuer's "
        "token must have an `auth_time` of the last 15 minutes."
    )
)
async def create_api_key(
    info: Info,
    input: Annotated[CreateApiKeyInput, strawberry.argument(description="The new key.")],
) -> CreateApiKeyResult:
    """See `ApiKeyService.create`."""
    viewer = await info.context.signed_in()
    token, api_key = await info.context.services.api_keys.create(
        viewer,
        input.name,
        given(input.expires_at),
        scope=domain.ApiKeyScope(input.scope.value),
        current_password=given(input.current_password),
        address=info.context.address,
    )
    return ApiKeyCreated(token=token, api_key=ApiKey.of(api_key))
