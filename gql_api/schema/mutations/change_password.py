"""changePassword: replace the viewer's password."""

from __future__ import annotations

from typing import Annotated

import strawberry

from gql_api.schema.context import Info
from gql_api.schema.types.failures import InvalidCredentials, InvalidInput, TooManyAttempts


@strawberry.input(description="The password as it is, and as it is to be.")
class ChangePasswordInput:
    """What `AccountService.change_password` takes."""

    current_password: str = strawberry.field(description="The password until now.")
    new_password: str = strawberry.field(
        description="At least 8 characters, and none of the passwords that everybody uses."
    )


@strawberry.type(description="The password is the new one.")
class PasswordChanged:
    """The answer of `changePassword`."""

    sessions_ended: int = strawberry.field(
        description="How many other sessions of the viewer's ended by it."
    )


ChangePasswordResult = Annotated[
    PasswordChanged | InvalidCredentials | InvalidInput | TooManyAttempts,
    strawberry.union("ChangePasswordResult", description="That it is done, or why it is not."),
]


@strawberry.mutation(
    description=(
        "Replace the viewer's password. All sessions but this one end; API keys go on. Needs a "
        "viewer who is signed in, not one with an API key."
    )
)
async def change_password(
    info: Info,
    input: Annotated[ChangePasswordInput, strawberry.argument(description="Both passwords.")],
) -> ChangePasswordResult:
    """See `AccountService.change_password`."""
    viewer = await info.context.signed_in()
    ended = await info.context.services.accounts.change_password(
        viewer, input.current_password, input.new_password, info.context.address
    )
    return PasswordChanged(sessions_ended=ended)
