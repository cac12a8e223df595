"""signUp: create an account and sign in."""

from typing import Annotated

import strawberry

from gql_api.schema.arguments import given
from gql_api.schema.context import Info
from gql_api.schema.types.accounts import Session, TokenDelivery
from gql_api.schema.types.failures import InvalidInput, TooManyAttempts, UsernameTaken


@strawberry.input(description="A new account.")
class SignUpInput:
    """The input of `AccountService.sign_up`."""

    username: str = strawberry.field(
        description="The name to log in with: 3 to 64 letters, digits or . _ @ + -"
    )
    password: str = strawberry.field(
        description=(
            "At least 8 characters; not a common password, and not the username, e-mail address or "
            "full name."
        )
    )
    email: str | None = strawberry.field(
        description="An e-mail address, if any.", default=strawberry.UNSET
    )
    full_name: str | None = strawberry.field(
        description="The full name, if any.", default=strawberry.UNSET
    )
    token_delivery: TokenDelivery = strawberry.field(
        description="How to deliver the refresh token.", default=TokenDelivery.BODY
    )


SignUpResult = Annotated[
    Session | UsernameTaken | InvalidInput | TooManyAttempts,
    strawberry.union("SignUpResult", description="The new user's session, or the failure."),
]


@strawberry.mutation(
    description="Create an account and sign in. FORBIDDEN unless signInMethods.signUp is true."
)
async def sign_up(
    info: Info,
    input: Annotated[SignUpInput, strawberry.argument(description="The new account.")],
) -> SignUpResult:
    """See `AccountService.sign_up`."""
    session = await info.context.services.accounts.sign_up(
        input.username,
        input.password,
        given(input.email),
        given(input.full_name),
        info.context.address,
        info.context.user_agent,
    )
    return Session.deliver(session, input.token_delivery, info)
