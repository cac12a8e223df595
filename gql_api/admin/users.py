"""`users`: create, show, disable and delete users, and change what they may do."""

from __future__ import annotations

import argparse
import re
import sys

from gql_api import operators
from gql_api.admin.command import (
    CommandError,
    Commands,
    Run,
    add_command,
    add_group,
    add_issuer,
    confirm,
    user_named,
)
from gql_api.admin.output import size_text
from gql_api.container import Container
from gql_api.domain.accounts import Quota
from gql_api.services.administration import Account, new_password

_UNITS = {"": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
_SIZE = re.compile(r"([0-9]{1,16})(|KiB|MiB|GiB|TiB)")
_QUOTA_MAX = 2**53 - 1


def add_commands(commands: Commands) -> None:
    """Add the commands about single users."""
    users = add_group(commands, "users", summary="Manage single users.")
    create = add_command(
        users,
        "create",
        _create,
        summary="Create a user, even if SIGN_UP is closed, and print a new random password.",
        example="python -m gql_api.admin users create ada --email ada@example.com",
    )
    create.add_argument("name", metavar="NAME")
    create.add_argument("--email", help="the user's e-mail address")
    create.add_argument("--full-name", help="the user's full name")
    _add_stdin(create)
    for name, run, summary in (
        ("show", _show, "Show what a user has: state, quota, sessions, API keys and uploads."),
        ("disable", _disable, "Lock a user out at once and end their sessions; keeps their data."),
        ("enable", _enable, "Let a disabled user in again."),
    ):
        _add_named(users, name, run, summary)
    end_sessions = _add_named(users, "end-sessions", _end_sessions, "End a user's sessions.")
    end_sessions.add_argument(
        "--api-keys", action="store_true", help="also delete the user's API keys"
    )
    _add_stdin(
        _add_named(
            users,
            "reset-password",
            _reset_password,
            "Set and print a new random password for a user, and end their sessions.",
        )
    )
    quota = _add_named(users, "quota", _quota, "Set a user's own quota.", more="200GiB")
    quota.add_argument(
        "quota",
        metavar="QUOTA",
        type=_read_quota,
        help="bytes, optionally with KiB, MiB, GiB or TiB; `none` for no limit; "
        "`default` for USER_QUOTA_BYTES",
    )
    delete = _add_named(users, "delete", _delete, "Delete a user and everything they hold.")
    delete.add_argument("--yes", action="store_true", help="do not ask")


def _add_named(
    users: Commands, name: str, run: Run, summary: str, more: str = ""
) -> argparse.ArgumentParser:
    example = f"python -m gql_api.admin users {name} ada {more}".rstrip()
    parser = add_command(users, name, run, summary=summary, example=example)
    parser.add_argument("name", metavar="NAME")
    add_issuer(parser)
    return parser


def _add_stdin(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--stdin",
        action="store_true",
        help="read the password from the first line of standard input instead",
    )


async def _create(container: Container, arguments: argparse.Namespace) -> int:
    password = _password(arguments)
    await container.accounts.create(arguments.name, password, arguments.email, arguments.full_name)
    print(f"Created {arguments.name}.", file=sys.stderr)
    return _print_password(password, arguments)


async def _show(container: Container, arguments: argparse.Namespace) -> int:
    account = await operators.administration(container).accounts.get(user_named(arguments))
    for label, value in _rows(account, container.settings.uploads.quota_bytes):
        print(f"{label:12} {value}")
    return 0


async def _disable(container: Container, arguments: argparse.Namespace) -> int:
    ended = await operators.administration(container).accounts.disable(user_named(arguments))
    print(f"Disabled {arguments.name}; sessions ended: {ended}.", file=sys.stderr)
    return 0


async def _enable(container: Container, arguments: argparse.Namespace) -> int:
    await operators.administration(container).accounts.enable(user_named(arguments))
    print(f"Enabled {arguments.name}.", file=sys.stderr)
    return 0


async def _end_sessions(container: Container, arguments: argparse.Namespace) -> int:
    accounts = operators.administration(container).accounts
    print(f"Sessions ended: {await accounts.end_sessions(user_named(arguments))}.", file=sys.stderr)
    if arguments.api_keys:
        deleted = await accounts.revoke_api_keys(user_named(arguments))
        print(f"API keys deleted: {deleted}.", file=sys.stderr)
    return 0


async def _reset_password(container: Container, arguments: argparse.Namespace) -> int:
    password = _password(arguments)
    accounts = operators.administration(container).accounts
    ended = await accounts.reset_password(user_named(arguments), password)
    print(
        f"Changed the password of {arguments.name}; sessions ended: {ended}. API keys stay valid.",
        file=sys.stderr,
    )
    return _print_password(password, arguments)


async def _quota(container: Container, arguments: argparse.Namespace) -> int:
    accounts = operators.administration(container).accounts
    await accounts.set_quota(user_named(arguments), arguments.quota)
    return await _show(container, arguments)


async def _delete(container: Container, arguments: argparse.Namespace) -> int:
    accounts = operators.administration(container).accounts
    account = await accounts.get(user_named(arguments))
    held = account.held
    confirm(
        f"This deletes {account.user.username} with {held.uploads} uploads "
        f"({size_text(held.bytes)}), {account.sessions} sessions and {account.api_keys} API keys.",
        arguments,
    )

    def progress(deleted: int) -> None:
        print(f"Deleted {deleted} of {held.uploads} uploads.", file=sys.stderr)

    deleted = await accounts.delete(user_named(arguments), progress)
    print(f"Deleted {account.user.username} with {deleted} uploads.", file=sys.stderr)
    return 0


def _rows(account: Account, default_quota_bytes: int | None) -> list[tuple[str, object]]:
    user = account.user
    quota = size_text(user.quota_bytes(default_quota_bytes))
    return [
        ("name", user.username),
        ("id", user.id),
        *([("issuer", user.identity.issuer)] if user.identity else []),
        ("e-mail", user.email or "-"),
        ("created", user.created_at.isoformat(timespec="seconds")),
        ("state", "disabled" if user.disabled else "enabled"),
        ("quota", f"{quota} ({'the default' if user.quota is None else 'set for this user'})"),
        ("in use", size_text(user.usage.bytes)),
        ("sessions", account.sessions),
        ("API keys", account.api_keys),
        *(
            (status.value.lower(), f"{usage.uploads} uploads, {size_text(usage.bytes)}")
            for status, usage in sorted(account.uploads.items(), key=lambda item: item[0].value)
        ),
    ]


def _password(arguments: argparse.Namespace) -> str:
    """Return a new password, or the one on standard input: arguments are visible in `ps`."""
    if not arguments.stdin:
        return new_password()
    password = sys.stdin.readline().rstrip("\n")
    if not password:
        raise CommandError("There is no password on standard input.")
    return password


def _print_password(password: str, arguments: argparse.Namespace) -> int:
    if not arguments.stdin:
        print(password)
    return 0


def _read_quota(text: str) -> Quota | None:
    if text == "default":
        return None
    if text == "none":
        return Quota(None)
    match = _SIZE.fullmatch(text)
    size_bytes = int(match[1]) * _UNITS[match[2]] if match else -1
    if not 0 <= size_bytes <= _QUOTA_MAX:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a quota such as 1000000, 200GiB, none or default"
        )
    return Quota(size_bytes)
