"""refreshSession: trade a refresh token for a new session."""

from __future__ import annotations

from typing import Annotated

import strawberry

from gql_api.schema.arguments import given
from gql_api.schema.context import Info
from gql_api.schema.types.accounts import Session, TokenDelivery
from gql_api.schema.types.failures import InvalidSession


@strawberry.input(description="The refresh token to trade in.")
class RefreshSessionInput:
    """What `AccountService.refresh` takes."""

    refresh_token: str | None = strawberry.field(
        description="The refresh token; left out where the cookie carries it.",
        default=strawberry.UNSET,
    )
    token_delivery: TokenDelivery = strawberry.field(
        description="Where the next refresh token goes.", default=TokenDelivery.BODY
    )


RefreshSessionResult = Annotated[
    Session | InvalidSession,
    strawberry.union("RefreshSessionResult", description="The next session, or why there is none."),
]


@strawberry.mutation(
    description=(
        "Trade a refresh token for new tokens. Each works once: if one is used twice, somebody "
        "may have copied it, and every session that came from it ends."
    )
)
async def refresh_session(
    info: Info,
    input: Annotated[
        RefreshSessionInput, strawberry.argument(description="The refresh token to trade in.")
    ],
) -> RefreshSessionResult:
    """See `AccountService.refresh`."""
    token = given(input.refresh_token)
    if token is None:
        token = info.context.cookie.use()
    session = await info.context.services.accounts.refresh(token)
    return Session.deliver(session, input.token_delivery, info)
