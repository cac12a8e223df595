"""logout: end this session, or all of the viewer's."""

from __future__ import annotations

from typing import Annotated

import strawberry

from gql_api.schema.context import Info


@strawberry.type(description="Nobody is signed in any more.")
class LoggedOut:
    """The answer of `logout`."""

    sessions_ended: int = strawberry.field(description="How many sessions ended by this call.")


@strawberry.mutation(
    description=(
        "End the session of the access token or of the cookie, and clear the cookie. Safe to "
        "repeat: where no session is left, none ends."
    )
)
async def logout(
    info: Info,
    everywhere: Annotated[
        bool, strawberry.argument(description="Whether to end all sessions of the viewer's.")
    ] = False,
) -> LoggedOut:
    """See `AccountService.logout`."""
    context = info.context
    ended = await context.services.accounts.logout(
        await context.viewer(), context.cookie.token, everywhere
    )
    context.cookie.clear()
    return LoggedOut(sessions_ended=ended)
