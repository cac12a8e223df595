"""`orphans`: objects in the bucket that no record names."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from gql_api.admin.command import CommandError, Commands, add_command, add_group, confirm
from gql_api.container import Container
from gql_api.domain.unknown_objects import Note

_BATCH = 100


def add_commands(commands: Commands) -> None:
    """Add `orphans list` and `orphans delete`."""
    orphans = add_group(
        commands, "orphans", summary="Inspect objects in the bucket that no record names."
    )
    listing = add_command(
        orphans,
        "list",
        _list,
        summary="List unknown objects and multipart uploads that the sweep has noted, with the "
        "time when it first found each.",
        example="python -m gql_api.admin orphans list --limit 1000",
    )
    delete = add_command(
        orphans,
        "delete",
        _delete,
        summary="Delete objects that have been unknown for a day and still are, without the limit "
        "that applies to a sweep.",
        example="python -m gql_api.admin orphans delete --limit 5000 --yes",
    )
    delete.add_argument("--yes", action="store_true", help="do not ask")
    for command in (listing, delete):
        command.add_argument("--limit", type=int, default=1000, help="how many (default: 1000)")


async def _list(container: Container, arguments: argparse.Namespace) -> int:
    notes = await container.unknown.noted(arguments.limit)
    _show(notes)
    due = len(await container.unknown.due(arguments.limit))
    print(f"{len(notes)} unknown objects; {due} for more than a day.", file=sys.stderr)
    return 0


async def _delete(container: Container, arguments: argparse.Namespace) -> int:
    if not await container.deployment.owns_bucket():
        raise CommandError(
            "Database and bucket do not carry the same identity, so nothing is deleted. If they "
            "belong together, run: python -m gql_api.admin adopt"
        )
    notes = await container.unknown.due(arguments.limit)
    if not notes:
        print("No object has been unknown for a day.")
        return 0
    _show(notes)
    confirm(f"These {len(notes)} objects will be deleted.", arguments)
    deleted = 0
    for start in range(0, len(notes), _BATCH):
        deleted += await container.unknown.delete(notes[start : start + _BATCH])
    print(f"Deleted {deleted}; {len(notes) - deleted} were known again, changed or gone.")
    return 0


def _show(notes: Sequence[Note]) -> None:
    for note in notes:
        kind = "multipart upload" if note.found.multipart_id else "object"
        print(f"{note.first_seen:%Y-%m-%dT%H:%M:%SZ}  {kind}  {note.found.key}")
