"""`dead-letters`: storage events that could not be handled."""

from __future__ import annotations

import argparse
import asyncio
import sys

from gql_api import operators
from gql_api.admin.command import CommandError, Commands, add_command, add_group
from gql_api.container import Container

_QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/media-dead-letters"
_LOOK_EVERY_SECONDS = 2


def add_commands(commands: Commands) -> None:
    """Add `dead-letters list` and `dead-letters redrive`."""
    letters = add_group(commands, "dead-letters", summary="Inspect and retry failed messages.")
    listing = add_command(
        letters,
        "list",
        _list,
        summary="Print messages of a dead-letter queue; they stay in it.",
        example=f"python -m gql_api.admin dead-letters list {_QUEUE}",
    )
    listing.add_argument("--limit", type=int, default=20, help="how many messages (default: 20)")
    redrive = add_command(
        letters,
        "redrive",
        _redrive,
        summary="Move all messages back to their queue, to be handled again.",
        example=f"python -m gql_api.admin dead-letters redrive {_QUEUE}",
    )
    for parser in (listing, redrive):
        parser.add_argument(
            "queue", metavar="URL", help="the queue's URL, which is an output of the stack"
        )


async def _list(container: Container, arguments: argparse.Namespace) -> int:
    queue = operators.administration(container).dead_letters(arguments.queue)
    for letter in await queue.peek(arguments.limit):
        print(f"{letter.sent_at.isoformat()}  {letter.id}  {letter.body}")
    print(f"About {await queue.count()} messages in the queue.", file=sys.stderr)
    return 0


async def _redrive(container: Container, arguments: argparse.Namespace) -> int:
    queue = operators.administration(container).dead_letters(arguments.queue)
    await queue.start_redrive()
    while (progress := await queue.redrive()).running:
        print(f"Moved about {progress.moved} messages.", file=sys.stderr)
        await asyncio.sleep(_LOOK_EVERY_SECONDS)
    if progress.failure:
        raise CommandError(f"Moved about {progress.moved} messages, then: {progress.failure}")
    print(f"Moved about {progress.moved} messages.", file=sys.stderr)
    return 0
