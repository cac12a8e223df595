"""login: sign in with a password."""

from __future__ import annotations

from typing import Annotated

import strawberry

from gql_api.schema.context import Info
from gql_api.schema.types.accounts import Session, TokenDelivery
from gql_api.schema.types.failures import InvalidCredentials, TooManyAttempts


@strawberry.input(description="Who wants to sign in.")
class LoginInput:
    """What `AccountService.login` takes."""

    username: str = strawberry.field(description="The username, in any letter case.")
    password: str = strawberry.field(description="The password.")
    token_delivery: TokenDelivery = strawberry.field(
        description="Where the refresh token goes.", default=TokenDelivery.BODY
    )


LoginResult = Annotated[
    Session | InvalidCredentials | TooManyAttempts,
    strawberry.union("LoginResult", description="A session, or why there is none."),
]


@strawberry.mutation(description="Sign in with username and password.")
async def login(
    info: Info,
    input: Annotated[LoginInput, strawberry.argument(description="Who wants to sign in.")],
) -> LoginResult:
    """See `AccountService.login`."""
    session = await info.context.services.accounts.login(
        input.username, input.password, info.context.address
    )
    return Session.deliver(session, input.token_delivery, info)
