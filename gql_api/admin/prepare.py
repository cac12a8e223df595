"""`prepare`: what a release needs before it serves requests."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gql_api.admin.command import add_command
from gql_api.bootstrap import Container

if TYPE_CHECKING:
    from gql_api.admin.command import Commands


def add_commands(commands: Commands) -> None:
    """Add `prepare`."""
    add_command(
        commands,
        "prepare",
        _prepare,
        summary="Create missing indexes. Safe to repeat; run it before each deployment.",
        example="python -m gql_api.admin prepare",
    )


async def _prepare(container: Container, _arguments: argparse.Namespace) -> int:
    await container.ensure_indexes()
    return 0
