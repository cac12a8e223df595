"""refreshSession: exchange a refresh token for new tokens."""

from typing import Annotated

import strawberry

from gql_api.schema.arguments import given
from gql_api.schema.context import Info
from gql_api.schema.types.accounts import Session, TokenDelivery
from gql_api.schema.types.failures import InvalidSession


@strawberry.input(description="The refresh token to exchange.")
class RefreshSessionInput:
    """The input of `SessionService.refresh`."""

    refresh_token: str | None = strawberry.field(
        description="The refresh token; omit it if it is in the cookie.",
        default=strawberry.UNSET,
    )
    token_delivery: TokenDelivery = strawberry.field(
        description="How to deliver the next refresh token.", default=TokenDelivery.BODY
    )


RefreshSessionResult = Annotated[
    Session | InvalidSession,
    strawberry.union(
        "RefreshSessionResult", description="The session with its new tokens, or the failure."
    ),
]


@strawberry.mutation(
    description=(
        "Exchange a refresh token for new tokens. Each refresh token works once. A second use ends "
        "the session, since the token may have been stolen."
    )
)
async def refresh_session(
    info: Info,
    input: Annotated[
        RefreshSessionInput, strawberry.argument(description="The refresh token to exchange.")
    ],
) -> RefreshSessionResult:
    """See `SessionService.refresh`."""
    refresh = info.context.services.sessions.refresh
    token = given(input.refresh_token)
    if token is None:
        session = await info.context.cookie.exchange(refresh)
    else:
        session = await refresh(token)
    return Session.deliver(session, input.token_delivery, info)
