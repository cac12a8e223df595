"""`prepare`: what a release needs before it serves requests."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gql_api import bootstrap
from gql_api.admin.command import CommandError, add_command, tell
from gql_api.bootstrap import Container
from gql_api.domain.deployment import RELEASE

if TYPE_CHECKING:
    from gql_api.admin.command import Commands


def add_commands(commands: Commands) -> None:
    """Add `prepare`."""
    add_command(
        commands,
        "prepare",
        _prepare,
        summary="Probe the store, create indexes and run migrations. Safe to repeat; run it before "
        "each deployment.",
        example="python -m gql_api.admin prepare",
    )


async def _prepare(container: Container, _arguments: argparse.Namespace) -> int:
    try:
        await bootstrap.store_service(container).examine(tell)
        await container.preparation.prepare(tell)
    except Exception as error:
        raise CommandError(f"The deployment could not be prepared: {error}") from error
    print(f"Prepared for release {RELEASE}.")
    return 0
