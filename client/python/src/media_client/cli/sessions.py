"""media session ls, end."""

from __future__ import annotations

import sys

import click

from media_client.cli.context import Context, complain, pass_context
from media_client.cli.exits import ExitStatus
from media_client.cli.options import json_option
from media_client.cli.output import json_line, rows, time_text
from media_client.cli.streams import line
from media_client.models import UserSession


@click.group("session")
def session() -> None:
    """List and end your sessions: where you are signed in.

    \b
    Example:
      media session ls
    """


@session.command()
@json_option
@pass_context
def ls(context: Context, as_json: bool) -> None:
    """List where you are signed in, most recently used first.

    \b
    Example:
      media session ls
    """
    with context.client() as client:
        sessions = client.sessions()
    if as_json:
        for one in sessions:
            json_line(_fields(one))
        return
    rows(
        ("ID", "LOGGED IN", "LAST USED", "CURRENT", "CLIENT"),
        [
            (
                one.id,
                time_text(one.created_at),
                time_text(one.last_used_at),
                "current" if one.current else "",
                one.user_agent or "unknown",
            )
            for one in sessions
        ],
    )


@session.command()
@click.argument("session_id", metavar="ID")
@json_option
@pass_context
def end(context: Context, session_id: str, as_json: bool) -> None:
    """End one of your sessions and print its id.

    \b
    Example:
      media session end 01a20c22-cb73-7ce2-b9a0-3fa5d91e2548
    """
    with context.client() as client:
        ended = client.end_session(session_id)
    if not ended:
        complain("There is no such session.")
        sys.exit(ExitStatus.NOT_FOUND)
    if as_json:
        json_line({"id": session_id})
    else:
        line(session_id)


def _fields(one: UserSession) -> dict[str, str | bool | None]:
    return {
        "id": one.id,
        "current": one.current,
        "createdAt": time_text(one.created_at),
        "lastUsedAt": time_text(one.last_used_at),
        "userAgent": one.user_agent,
    }
