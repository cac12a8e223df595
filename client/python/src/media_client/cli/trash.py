"""media rm, restore."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence

import click

from media_client import MediaClient
from media_client.cli.context import Context, pass_context
from media_client.cli.matches import Matches
from media_client.cli.options import json_option, names_argument
from media_client.cli.output import size_text, upload_fields
from media_client.cli.results import Results
from media_client.errors import TargetError, UserError
from media_client.library import BATCH_MAX
from media_client.models import Upload
from media_client.transfer.source import shown


@click.command()
@names_argument
@click.option("--forever", is_flag=True, help="Delete them for good, also from the trash.")
@click.option("--yes", "-y", is_flag=True, help="With --forever: do not ask for confirmation.")
@json_option
@pass_context
def rm(context: Context, names: Sequence[str], forever: bool, yes: bool, as_json: bool) -> None:
    """Move uploads to the trash by id, name or pattern. Prints their ids.

    The trash keeps them for a time, usually 30 days. Meanwhile they count against the quota, and
    `media restore` brings them back. With --forever, they are deleted at once, after a question.

    \b
    Example:
      media rm holiday.mp4 'drafts/*'
      media rm --forever 01a20c22-cb73-7ce2-b9a0-3fa5d91e2548
    """
    results = Results(as_json)
    with context.client() as client:
        if not forever:
            _change(client.trash_uploads, Matches(client).ids(names, results.unmatched), results)
        else:
            _change(client.delete_uploads, _confirmed(client, names, results, yes), results)
    results.exit()


@click.command()
@names_argument
@json_option
@pass_context
def restore(context: Context, names: Sequence[str], as_json: bool) -> None:
    """Take uploads out of the trash by id, name or pattern. Prints their ids.

    \b
    Example:
      media restore holiday.mp4
      media restore 'drafts/*'
      media ls --trash --json | jq -r .id | xargs media restore
    """
    results = Results(as_json)
    with context.client() as client:
        ids = Matches(client, trashed=True).ids(names, results.unmatched)
        _change(client.restore_uploads, ids, results)
    results.exit()


def _change(
    change: Callable[[Sequence[str]], Sequence[Upload | str | UserError]],
    upload_ids: Iterable[str],
    results: Results,
) -> None:
    """Change uploads in batches. After a failure, what was changed before it has been printed."""
    ids = list(upload_ids)  # Listing them while they change would skip some.
    for start in range(0, len(ids), BATCH_MAX):
        batch = ids[start : start + BATCH_MAX]
        for upload_id, outcome in zip(batch, change(batch), strict=True):
            if isinstance(outcome, UserError):
                results.fail(outcome, id=upload_id)
            elif isinstance(outcome, Upload):
                results.add([upload_id], upload_fields(outcome))
            else:
                results.add([upload_id], {"id": upload_id})


def _confirmed(client: MediaClient, names: Sequence[str], results: Results, yes: bool) -> list[str]:
    """Return the ids of the uploads to delete for good: all of them, or none."""
    matches = Matches(client, trashed=None)
    if yes:
        return list(matches.ids(names, results.unmatched))
    uploads = list(matches.uploads(names, results.unmatched))
    if not uploads:
        return []
    what = f"{len(uploads)} uploads" if len(uploads) > 1 else shown(uploads[0].filename)
    size = size_text(sum(upload.size for upload in uploads))
    if not sys.stdin.isatty():
        raise TargetError(
            "Nothing was deleted, because stdin is not a terminal. "
            f"Pass --yes to delete {what} ({size}) for good."
        )
    agreed = click.confirm(f"Delete {what} ({size}) for good?", err=True)
    return [upload.id for upload in uploads] if agreed else []
