"""changePassword: replace the viewer's password."""

from typing import Annotated

import strawberry

from gql_api.schema.context import Info
from gql_api.schema.types.failures import InvalidCredentials, InvalidInput, TooManyAttempts


@strawberry.input(description="The current and the new password.")
class ChangePasswordInput:
    """The input of `AccountService.change_password`."""

    current_password: str = strawberry.field(description="The current password.")
    new_password: str = strawberry.field(
        description=(
            "At least 8 characters; not a common password, and not the username, e-mail address or "
            "full name."
        )
    )
    revoke_api_keys: bool = strawberry.field(
        description="Whether to revoke all API keys of the viewer as well.", default=False
    )


@strawberry.type(description="The password was changed.")
class PasswordChanged:
    """The success result of `changePassword`."""

    sessions_ended: int = strawberry.field(
        description="The number of other sessions of the viewer that were ended."
    )


ChangePasswordResult = Annotated[
    PasswordChanged | InvalidCredentials | InvalidInput | TooManyAttempts,
    strawberry.union("ChangePasswordResult", description="A confirmation, or the failure."),
]


@strawberry.mutation(
    description=(
        "Replace the viewer's password. Ends all other sessions; API keys stay valid unless "
        "revokeApiKeys is true. Requires a session; API keys are rejected. FORBIDDEN for users "
        "without a password, and unless signInMethods.passwords is true."
    )
)
async def change_password(
    info: Info,
    input: Annotated[
        ChangePasswordInput, strawberry.argument(description="The current and the new password.")
    ],
) -> ChangePasswordResult:
    """See `AccountService.change_password`."""
    viewer = await info.context.signed_in()
    ended = await info.context.services.accounts.change_password(
        viewer,
        input.current_password,
        input.new_password,
        info.context.address,
        revoke_api_keys=input.revoke_api_keys,
    )
    return PasswordChanged(sessions_ended=ended)
