"""Operate the media upload service.

Settings come from the environment, as for the service itself; docs/operations.md describes the
commands. Exit status: 0 on success, 1 if a command fails, 2 if it is used wrongly.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence

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
from gql_api.settings import Settings, read_settings

PROGRAM = "python -m gql_api.admin"
# Each module adds its commands.
_FAMILIES = (prepare, adopt, users, keys, usage, uploads, media, webhooks, orphans, dead_letters)


def main(
    arguments: Sequence[str] | None = None,
    *,
    program: str = PROGRAM,
    settings: Callable[[], Settings] = lambda: read_settings(os.environ),
) -> int:
    """Run one command and return the exit status. Help needs no settings."""
    chosen = parser(program).parse_args(arguments)
    try:
        return asyncio.run(_run(chosen, settings()))
    except (CommandError, DomainError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


async def _run(chosen: argparse.Namespace, settings: Settings) -> int:
    container = bootstrap.build(settings)
    try:
        status: int = await chosen.run(container, chosen)
    finally:
        await container.close()
    return status


def parser(program: str = PROGRAM) -> argparse.ArgumentParser:
    """Return the parser of all commands. `chosen.run(container, chosen)` runs the chosen one."""
    whole = argparse.ArgumentParser(
        prog=program,
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for family in _FAMILIES:
        family.add_commands(commands)
    return whole


if __name__ == "__main__":
    sys.exit(main())
