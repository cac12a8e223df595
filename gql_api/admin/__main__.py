"""Operate the media upload service.

Settings come from the environment, as for the service itself; docs/operations.md describes the
commands. Exit status: 0 on success, 1 if a command fails, 2 if it is used wrongly.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence

from gql_api import bootstrap
from gql_api.admin import (
    adopt,
    dead_letters,
    keys,
    media,
    orphans,
    prepare,
    uploads,
    usage,
    users,
    webhooks,
)
from gql_api.admin.command import CommandError
from gql_api.domain.errors import DomainError
from gql_api.environment import SettingsError
from gql_api.settings import read_settings

# Each module adds its commands.
_FAMILIES = (prepare, adopt, users, keys, usage, uploads, media, webhooks, orphans, dead_letters)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        return asyncio.run(_run(chosen))
    except (CommandError, DomainError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


async def _run(chosen: argparse.Namespace) -> int:
    container = bootstrap.build(read_settings(os.environ))
    try:
        status: int = await chosen.run(container, chosen)
    finally:
        await container.close()
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gql_api.admin",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for family in _FAMILIES:
        family.add_commands(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
