"""`adopt`: declare that database and bucket belong together."""

from __future__ import annotations

import argparse

from gql_api.admin.command import Commands, add_command, confirm
from gql_api.container import Container


def add_commands(commands: Commands) -> None:
    """Add `adopt`."""
    adopt = add_command(
        commands,
        "adopt",
        _adopt,
        summary="Declare that database and bucket belong together, so that the sweep may delete "
        "objects that the database does not know.",
        example="python -m gql_api.admin adopt --yes",
    )
    adopt.add_argument("--yes", action="store_true", help="do not ask")


async def _adopt(container: Container, arguments: argparse.Namespace) -> int:
    if await container.deployment.owns_bucket():
        print("Database and bucket already carry the same identity. Nothing was changed.")
        return 0
    confirm(await _survey(container), arguments)
    await container.deployment.adopt()
    print("Database and bucket now carry the same identity.")
    return 0


async def _survey(container: Container) -> str:
    """Describe what is about to be declared as belonging together."""
    settings = container.settings
    recorded = (await container.deployment.refresh()).identity
    marked = await container.deployment.marker()
    survey = await container.unknown.survey()
    return (
        f"Database {settings.db_name}: {_carries(recorded)}.\n"
        f"Bucket {settings.s3_bucket}, key prefix {settings.uploads.key_prefix}: "
        f"{_carries(marked)}.\n"
        f"Of the first {survey.objects:,} objects in the bucket, the database knows "
        f"{survey.known:,}.\n"
        "Both will carry a new identity. Then the sweep deletes objects without a record when it "
        "finds them a second time, a day later. Then no other database owns the bucket."
    )


def _carries(identity: str | None) -> str:
    return "carries no identity" if identity is None else f"carries the identity {identity}"
