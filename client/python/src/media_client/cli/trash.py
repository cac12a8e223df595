"""media rm, restore."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from media_client import MediaClient
from media_client.cli.context import Context, complain, pass_context
from media_client.cli.exits import exit_status_of_all
from media_client.cli.output import size_text
from media_client.cli.streams import line
from media_client.errors import MediaError, TargetError, UserError
from media_client.models import Upload
from media_client.transfer.source import shown


@click.command()
@click.argument("upload_ids", metavar="ID...", nargs=-1, required=True)
@click.option("--forever", is_flag=True, help="Delete them for good, also from the trash.")
@click.option("--yes", "-y", is_flag=True, help="With --forever: do not ask for confirmation.")
@pass_context
def rm(context: Context, upload_ids: Sequence[str], forever: bool, yes: bool) -> None:
    """Move uploads to the trash, and print their ids.

    The trash keeps them for a time, usually 30 days. Meanwhile they count against the quota, and
    `media restore` brings them back. With --forever, they are deleted at once, after a question.

    \b
    Example:
      media rm 01a20c22-cb73-7ce2-b9a0-3fa5d91e2548
      media rm --forever 01a20c22-cb73-7ce2-b9a0-3fa5d91e2548
    """
    with context.client() as client:
        if not forever:
            failures = _printed(upload_ids, client.trash_uploads(upload_ids))
        else:
            chosen, failures = (upload_ids, []) if yes else _confirmed(client, upload_ids)
            failures += _printed(chosen, client.delete_uploads(chosen))
    sys.exit(exit_status_of_all(failures))


@click.command()
@click.argument("upload_ids", metavar="ID...", nargs=-1, required=True)
@pass_context
def restore(context: Context, upload_ids: Sequence[str]) -> None:
    """Take uploads out of the trash, and print their ids.

    \b
    Example:
      media restore 01a20c22-cb73-7ce2-b9a0-3fa5d91e2548
      media ls --trash --json | jq -r .id | xargs media restore
    """
    with context.client() as client:
        failures = _printed(upload_ids, client.restore_uploads(upload_ids))
    sys.exit(exit_status_of_all(failures))


def _printed(
    upload_ids: Sequence[str], outcomes: Sequence[Upload | str | UserError]
) -> list[MediaError]:
    """Print the ids that succeeded and the reasons of the others; return these failures."""
    failures: list[MediaError] = []
    for upload_id, outcome in zip(upload_ids, outcomes, strict=True):
        if isinstance(outcome, UserError):
            failures.append(outcome)
            complain(f"{upload_id}: {outcome}")
        else:
            line(upload_id)
    return failures


def _confirmed(
    client: MediaClient, upload_ids: Sequence[str]
) -> tuple[Sequence[str], list[MediaError]]:
    """Return the ids whose deletion the user confirms, and the failures of others."""
    chosen: list[str] = []
    failures: list[MediaError] = []
    for upload_id in upload_ids:
        try:
            if _confirms(client.get_upload(upload_id)):
                chosen.append(upload_id)
        except MediaError as error:
            failures.append(error)
            complain(error)
    return chosen, failures


def _confirms(upload: Upload) -> bool:
    if not sys.stdin.isatty():
        raise TargetError(
            f"{upload.id} was not deleted: stdin is not a terminal. Pass --yes to delete it."
        )
    question = f"Delete {shown(upload.filename)} ({size_text(upload.size)}) for good?"
    return click.confirm(question, err=True)
