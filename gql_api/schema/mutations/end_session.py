"""endSession: end one of the viewer's sessions."""

from typing import Annotated

import strawberry

from gql_api.schema.context import Info
from gql_api.schema.mutations.logout import LoggedOut


@strawberry.mutation(
    description=(
        "End one of the viewer's sessions. Safe to repeat: sessionsEnded is 0 if the viewer has no "
        "such session. Requires a session; API keys are rejected."
    )
)
async def end_session(
    info: Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="The id of the session.")],
) -> LoggedOut:
    """See `SessionService.end`."""
    context = info.context
    viewer = await context.signed_in()
    ended = await context.services.sessions.end(viewer, id)
    if id == viewer.session_id:
        context.cookie.clear()
    return LoggedOut(sessions_ended=ended)
