"""`media`: counts stored media by state of processing, and has it processed again."""

from __future__ import annotations

import argparse

from gql_api import operators
from gql_api.admin.command import CommandError, Commands, add_command, add_group, tell
from gql_api.container import Container
from gql_api.domain.processing import ProcessingStatus
from gql_api.domain.reprocessing import Selection


def add_commands(commands: Commands) -> None:
    """Add `media status` and `media reprocess`."""
    media = add_group(commands, "media", summary="Inspect and repeat the processing of media.")
    status = add_command(
        media,
        "status",
        _status,
        summary="Count stored images, videos, audio files and PDFs by their state of processing.",
        example="python -m gql_api.admin media status --owner ada",
    )
    reprocess = add_command(
        media,
        "reprocess",
        _reprocess,
        summary="Process stored media again: the sweep sends it to the media function. "
        "Facts and renditions stay until new ones replace them. Safe to interrupt and to repeat.",
        example="python -m gql_api.admin media reprocess --failed --owner ada",
    )
    for command in (status, reprocess):
        command.add_argument("--owner", metavar="NAME", help="only this user's (default: all)")
    selection = reprocess.add_mutually_exclusive_group()
    for name, chosen, text in (
        ("--missing", Selection.MISSING, "those that were never processed (default)"),
        ("--failed", Selection.FAILED, "those from which nothing could be derived"),
        ("--all", Selection.ALL, "all, for example after a change of the media function"),
    ):
        selection.add_argument(
            name, action="store_const", const=chosen, dest="selection", help=text
        )
    reprocess.set_defaults(selection=Selection.MISSING)


async def _status(container: Container, arguments: argparse.Namespace) -> int:
    administration = operators.administration(container)
    counts = await administration.reprocessing.counts(await _owner_id(container, arguments))
    for status in ProcessingStatus:
        print(f"{status.value.lower():8} {counts.get(status, 0)}")
    return 0


async def _reprocess(container: Container, arguments: argparse.Namespace) -> int:
    if not container.upload_policy.process_media:
        raise CommandError(
            "Media is not processed: MEDIA_PROCESSING is false, or neither MEDIA_QUEUE_URL nor "
            "MEDIA_WORKER_URL is set. Nothing was changed."
        )
    owner_id = await _owner_id(container, arguments)

    def progress(marked: int) -> None:
        tell(f"{marked} uploads so far.")

    marked = await operators.administration(container).reprocessing.process_again(
        owner_id, arguments.selection, progress
    )
    print(f"{marked} uploads will be processed.")
    return 0


async def _owner_id(container: Container, arguments: argparse.Namespace) -> str | None:
    if arguments.owner is None:
        return None
    accounts = operators.administration(container).accounts
    return (await accounts.get(arguments.owner)).user.id
