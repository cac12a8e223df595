"""`prepare`: what a release needs before it serves requests."""

from __future__ import annotations

import argparse

from gql_api import operators
from gql_api.admin.command import CommandError, Commands, add_command, tell
from gql_api.container import Container
from gql_api.domain.deployment import RELEASE


def add_commands(commands: Commands) -> None:
    """Add `prepare`."""
    add_command(
        commands,
        "prepare",
        run,
        summary="Probe the store, create indexes and run migrations. Safe to repeat; run it before "
        "each deployment.",
        example="python -m gql_api.admin prepare",
    )


async def run(container: Container, _arguments: argparse.Namespace) -> int:
    """Probe the store and prepare the database; limitations of the store go to stderr."""
    try:
        await container.preparation.prepare(tell)
        await operators.store_service(container).examine(tell)
    except Exception as error:
        raise CommandError(f"The deployment could not be prepared: {error}") from error
    print(f"Prepared for release {RELEASE}.")
    return 0
