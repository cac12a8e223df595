"""media resume, media cancel."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from media_client.cli.context import Context, complain, pass_context
from media_client.cli.matches import is_id
from media_client.cli.options import jobs_option, json_option, quiet_option, restart_option
from media_client.cli.output import json_line, rows, size_text
from media_client.cli.results import Results
from media_client.cli.upload import send
from media_client.errors import MediaError, SourceError, UserError
from media_client.models import UploadStatus
from media_client.transfer.cancellation import cancel_all
from media_client.transfer.journal import Entry, Journal
from media_client.transfer.options import DEFAULT_JOBS, Options
from media_client.transfer.source import Source, as_text, empty_path, shown


@click.command()
@click.argument("paths", metavar="[FILE]... | ID FILE", nargs=-1, type=click.Path())
@click.option("--list", "only_list", is_flag=True, help="List interrupted uploads and exit.")
@click.option(
    "--forget", is_flag=True, help="Cancel and forget interrupted uploads instead of resuming them."
)
@jobs_option(DEFAULT_JOBS)
@restart_option
@json_option
@quiet_option
@pass_context
def resume(
    context: Context,
    paths: Sequence[str],
    only_list: bool,
    forget: bool,
    jobs: int,
    restart: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Resume interrupted uploads. Without a FILE, resumes all of them.

    With an ID and a FILE, resume an upload that was begun on another machine. The file must be the
    same: its size is compared, and the checksum if the upload has one.

    \b
    Example:
      media resume
      media resume --list
      media resume holiday.mp4
      media resume --forget holiday.mp4
      media resume 01a20c22-cb73-7ce2-b9a0-3fa5d91e2548 holiday.mp4
    """
    if only_list and forget:
        raise click.UsageError("Pass either --list or --forget.")
    results = Results(as_json)
    journal = context.journal()
    if len(paths) == 2 and is_id(paths[0]):
        sources = [Source.at(paths[1], upload_id=paths[0].lower())]
    else:
        entries = _chosen(journal, paths)
        if only_list:
            _list(entries, as_json)
            return
        if forget:
            _forget(context, journal, entries, as_json)
            return
        sources = [entry.source for entry in entries]
    send(context, sources, Options(jobs=jobs, restart=restart), journal, results, quiet)
    results.exit()


@click.command()
@click.argument("upload_ids", metavar="ID...", nargs=-1, required=True)
@json_option
@pass_context
def cancel(context: Context, upload_ids: Sequence[str], as_json: bool) -> None:
    """Cancel uploads that are pending, and print their ids.

    They then no longer count against the quota. What was sent is deleted.

    \b
    Example:
      media cancel 01a20c22-cb73-7ce2-b9a0-3fa5d91e2548
      media ls --status PENDING --json | jq -r .id | xargs media cancel
    """
    results = Results(as_json)
    journal = context.journal()
    with context.client() as client:
        outcomes = cancel_all(client.api, upload_ids)
        for upload_id, outcome in zip(upload_ids, outcomes, strict=True):
            if journal and (entry := journal.find_upload(upload_id)):
                journal.forget(entry)  # The upload is cancelled, or in another final state.
            if isinstance(outcome, UserError):
                results.fail(outcome, id=upload_id)
            else:
                fields = {"id": upload_id, "status": str(UploadStatus.CANCELLED)}
                results.add([upload_id], fields)
    results.exit()


def _chosen(journal: Journal | None, paths: Sequence[str]) -> Sequence[Entry]:
    """Return the interrupted uploads of these files, or all of them."""
    entries = journal.leftovers() if journal else ()
    if not paths:
        return entries
    if "" in paths:
        raise empty_path()
    wanted = {os.path.abspath(path) for path in paths}
    for path in sorted(wanted - {entry.path for entry in entries}):
        raise SourceError(f"There is no interrupted upload of {shown(path)}.")
    return [entry for entry in entries if entry.path in wanted]


def _list(entries: Sequence[Entry], as_json: bool) -> None:
    if as_json:
        for entry in entries:
            json_line({"id": entry.upload_id, "size": entry.size, "path": as_text(entry.path)})
        return
    rows(
        ("ID", "SIZE", "FILE"),
        [(entry.upload_id, size_text(entry.size), entry.path) for entry in entries],
    )


def _forget(
    context: Context, journal: Journal | None, entries: Sequence[Entry], as_json: bool
) -> None:
    """Cancel interrupted uploads as far as possible, forget all of them, and list them."""
    with context.client() as client:
        try:
            for _ in cancel_all(client.api, [entry.upload_id for entry in entries]):
                pass  # An error means that the upload is already in a final state.
        except MediaError as error:
            complain(f"The uploads could not be cancelled, and will expire: {error}")
    for entry in entries:
        if journal is not None:
            journal.forget(entry)
    _list(entries, as_json)
