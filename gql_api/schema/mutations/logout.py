"""logout: end this session, or all sessions of the viewer."""

from typing import Annotated

import strawberry

from gql_api.schema.context import Info


@strawberry.type(description="The client is logged out.")
class LoggedOut:
    """The result of `logout`."""

    sessions_ended: int = strawberry.field(
        description="The number of sessions that this request ended."
    )


@strawberry.mutation(
    description=(
        "End the sessions that the access token and the cookie belong to, and clear the cookie. "
        "Safe to repeat: without a session, nothing happens."
    )
)
async def logout(
    info: Info,
    everywhere: Annotated[
        bool, strawberry.argument(description="Whether to end all sessions of the viewer.")
    ] = False,
) -> LoggedOut:
    """See `SessionService.logout`."""
    cookie, end = info.context.cookie, info.context.services.sessions.logout
    viewer = await info.context.viewer()
    ended = 0
    for token in cookie.tokens:
        if ended_by_token := await end(None, token, everywhere):
            ended += ended_by_token
            cookie.spend(token)
    cookie.clear()
    return LoggedOut(sessions_ended=ended + await end(viewer, None, everywhere))
