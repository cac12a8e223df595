"""`usage`: list how much storage users use."""

from __future__ import annotations

import argparse

from gql_api import operators
from gql_api.admin.command import Commands, add_command, add_issuer, user_named
from gql_api.admin.output import size_text
from gql_api.container import Container
from gql_api.domain.accounts import User


def add_commands(commands: Commands) -> None:
    """Add `usage`."""
    usage = add_command(
        commands,
        "usage",
        _usage,
        summary="List the users with the most bytes in use, or one user. The columns are bytes, "
        "uploads, quota in bytes, and name.",
        example="python -m gql_api.admin usage --limit 20",
    )
    usage.add_argument("name", metavar="NAME", nargs="?", help="only this user")
    add_issuer(usage)
    usage.add_argument("--limit", type=int, default=50, help="how many users (default: 50)")


async def _usage(container: Container, arguments: argparse.Namespace) -> int:
    accounts = operators.administration(container).accounts
    if arguments.name is None:
        users = await accounts.largest(arguments.limit)
    else:
        users = [(await accounts.get(user_named(arguments))).user]
    for user in users:
        print(_line(user, container.settings.uploads.quota_bytes))
    return 0


def _line(user: User, default_quota_bytes: int | None) -> str:
    quota_bytes = user.quota_bytes(default_quota_bytes)
    quota = size_text(None) if quota_bytes is None else quota_bytes
    name = f"{user.username} at {user.identity.issuer}" if user.identity else user.username
    state = " (disabled)" if user.disabled else ""
    return f"{user.usage.bytes:>16} {user.usage.uploads:>9} {quota:>16}  {name}{state}"
