"""login: sign in with username and password."""

from typing import Annotated

import strawberry

from gql_api.schema.context import Info
from gql_api.schema.types.accounts import Session, TokenDelivery
from gql_api.schema.types.failures import InvalidCredentials, TooManyAttempts


@strawberry.input(description="The credentials of a user.")
class LoginInput:
    """The input of `AccountService.login`."""

    username: str = strawberry.field(description="The username; case-insensitive.")
    password: str = strawberry.field(description="The password.")
    token_delivery: TokenDelivery = strawberry.field(
        description="How to deliver the refresh token.", default=TokenDelivery.BODY
    )


LoginResult = Annotated[
    Session | InvalidCredentials | TooManyAttempts,
    strawberry.union("LoginResult", description="A session, or the failure."),
]


@strawberry.mutation(
    description=(
        "Sign in with username and password. FORBIDDEN unless signInMethods.passwords is true."
    )
)
async def login(
    info: Info,
    input: Annotated[LoginInput, strawberry.argument(description="The credentials.")],
) -> LoginResult:
    """See `AccountService.login`."""
    session = await info.context.services.accounts.login(
        input.username, input.password, info.context.address, info.context.user_agent
    )
    return Session.deliver(session, input.token_delivery, info)
