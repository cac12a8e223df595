"""`keys`: the keys with which a backend acts for users."""

from __future__ import annotations

import argparse
import sys

from gql_api import operators
from gql_api.admin.command import CommandError, Commands, add_command, add_group, tell
from gql_api.container import Container


def add_commands(commands: Commands) -> None:
    """Add `keys create`, `keys list` and `keys revoke`."""
    keys = add_group(commands, "keys", summary="Manage the keys with which a backend acts.")
    create = add_command(
        keys,
        "create",
        _create,
        summary="Create a key with which a backend acts for users, and print its secret once.",
        example="python -m gql_api.admin keys create --act-as --name backend",
    )
    create.add_argument(
        "--act-as",
        action="store_true",
        required=True,
        help="the key acts for the users that the header Act-As names; there is no other kind",
    )
    create.add_argument("--name", required=True, help="where the key is used")
    create.add_argument(
        "--issuer",
        help="whose users the key acts for: an OpenID Connect issuer, or `act-as` for users who do "
        "not sign in (default: the only one of OIDC_ISSUERS, or `act-as` if there is none)",
    )
    add_command(
        keys,
        "list",
        _list,
        summary="List the keys: id, creation, last use, issuer and name.",
        example="python -m gql_api.admin keys list",
    )
    revoke = add_command(
        keys,
        "revoke",
        _revoke,
        summary="Delete a key, which stops working at once.",
        example="python -m gql_api.admin keys revoke 01a20c22-c8f3-7917-9427-01680d3185da",
    )
    revoke.add_argument("id", metavar="ID", help="the id of the key, which `keys list` shows")


async def _create(container: Container, arguments: argparse.Namespace) -> int:
    keys = operators.operator_keys(container)
    token, key = await keys.create(arguments.name, arguments.issuer)
    tell(f"Created the key {key.id}, which acts for the users of {key.issuer}.")
    if not keys.is_configured(key.issuer):
        tell("OIDC_ISSUERS does not have this issuer, so its users cannot sign in yet.")
    print(token)
    return 0


async def _list(container: Container, _arguments: argparse.Namespace) -> int:
    for key in await operators.operator_keys(container).list():
        created = key.created_at.isoformat(timespec="seconds")
        used = key.last_used_at.isoformat(timespec="seconds") if key.last_used_at else "never used"
        print(f"{key.id}  {created}  {used:25}  {key.issuer}  {key.name}")
    return 0


async def _revoke(container: Container, arguments: argparse.Namespace) -> int:
    if not await operators.operator_keys(container).revoke(arguments.id):
        raise CommandError(f"There is no key {arguments.id}.")
    print(f"Revoked {arguments.id}.", file=sys.stderr)
    return 0
