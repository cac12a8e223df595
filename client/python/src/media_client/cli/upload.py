"""media upload and media resume."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from media_client.cli.context import Context, complain, pass_context, shown_progress
from media_client.cli.exits import exit_status_of_all
from media_client.cli.output import json_line, rows, size_text, upload_fields
from media_client.cli.selection import Selection
from media_client.cli.signals import stopped_by_signals
from media_client.errors import MediaError, SourceError, UserError
from media_client.models import UploadStatus
from media_client.transfer.engine import Engine
from media_client.transfer.job import Outcome
from media_client.transfer.journal import Entry, Journal
from media_client.transfer.options import DEFAULT_JOBS, Options
from media_client.transfer.source import Source, as_text, shown

_jobs = click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1, 256),
    default=DEFAULT_JOBS,
    show_default=True,
    envvar="MEDIA_JOBS",
    help="Maximum number of concurrent requests.",
)
_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object per file.")
_restart = click.option(
    "--restart",
    is_flag=True,
    help="If a file changed since an interrupted run, upload it again from the start.",
)
_quiet = click.option("--quiet", "-q", is_flag=True, help="Do not show progress.")


class Report:
    """Prints the result of each file, and collects the failures."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self.failures: list[MediaError] = []

    def outcome(self, outcome: Outcome) -> None:
        """Print a file's outcome."""
        path = as_text(os.fspath(outcome.source.path))
        if outcome.upload is None:
            self.failure(path, outcome.error or MediaError("The file was not uploaded."))
            return
        if outcome.upload.status is UploadStatus.PENDING:
            complain(f"{shown(path)} was sent; the service is still verifying its checksum.")
        if self._as_json:
            json_line({"path": path, **upload_fields(outcome.upload), "skipped": outcome.skipped})
        else:
            rows(("", ""), [(outcome.upload.id, outcome.upload.filename)])

    def failure(self, path: str, error: MediaError) -> None:
        """Print and record that a file was not uploaded."""
        self.failures.append(error)
        text = str(error)
        complain(text if shown(path) in text else f"{shown(path)}: {text}")
        if self._as_json:
            code = error.code if isinstance(error, UserError) else type(error).__name__
            json_line({"path": as_text(path), "error": {"code": code, "message": text}})


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("--recursive", "-r", is_flag=True, help="Upload all files in folders.")
@click.option("--tag", "-t", "tags", multiple=True, help="Tag the uploads. May be repeated.")
@click.option("--name", help="Name of the upload; required for stdin.")
@click.option(
    "--content-type",
    help="Media type; application/octet-stream if it is not one. Default: from the name.",
)
@click.option(
    "--checksum/--no-checksum",
    default=False,
    envvar="MEDIA_CHECKSUM",
    help="Compute checksums, which the service verifies.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be uploaded, without uploading.")
@_jobs
@_restart
@_as_json
@_quiet
@pass_context
def upload(
    context: Context,
    paths: Sequence[str],
    recursive: bool,
    tags: Sequence[str],
    name: str | None,
    content_type: str | None,
    checksum: bool,
    dry_run: bool,
    jobs: int,
    restart: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Upload files, folders (-r), patterns, or stdin (-).

    Prints the id and the name of each upload. Run it again after an interruption to continue where
    it stopped.

    \b
    Example:
      media upload holiday.mp4 --tag 2026
      media upload -r photos 'scans/*.tif' --jobs 8
      pg_dump db | media upload - --name db.sql
    """
    if name is not None and (len(paths) > 1 or recursive):
        raise click.UsageError("--name applies to a single file: pass one path, without -r.")
    if "-" in paths and (name is None or len(paths) > 1):
        raise click.UsageError("To upload stdin, pass - as the only path, and --name.")
    report = Report(as_json)
    with _standard_input(paths, dry_run) as words:
        selection = Selection(words, recursive, tags, content_type, name, report.failure)
        if dry_run:
            _dry_run(selection.sources(), report, as_json)
        else:
            options = Options(jobs=jobs, checksum=checksum, restart=restart)
            journal = None if "-" in paths else context.journal()
            _send(context, selection.sources(), options, journal, report, quiet)
    sys.exit(exit_status_of_all(report.failures))


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--list", "only_list", is_flag=True, help="List interrupted uploads and exit.")
@_jobs
@_restart
@_as_json
@_quiet
@pass_context
def resume(
    context: Context,
    paths: Sequence[str],
    only_list: bool,
    jobs: int,
    restart: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Resume interrupted uploads: all of them, or those of the given files.

    \b
    Example:
      media resume
      media resume --list
      media resume holiday.mp4
    """
    journal = context.journal()
    entries = list(journal.leftovers()) if journal else []
    if paths:
        wanted = {os.path.abspath(path) for path in paths}
        for path in sorted(wanted - {entry.path for entry in entries}):
            raise SourceError(f"There is no interrupted upload of {shown(path)}.")
        entries = [entry for entry in entries if entry.path in wanted]
    if only_list:
        _list(entries, as_json)
        return
    report = Report(as_json)
    options = Options(jobs=jobs, restart=restart)
    _send(context, (entry.source for entry in entries), options, journal, report, quiet)
    sys.exit(exit_status_of_all(report.failures))


def _list(entries: Sequence[Entry], as_json: bool) -> None:
    if as_json:
        for entry in entries:
            json_line({"id": entry.upload_id, "size": entry.size, "path": as_text(entry.path)})
        return
    rows(
        ("ID", "SIZE", "FILE"),
        [(entry.upload_id, size_text(entry.size), entry.path) for entry in entries],
    )


def _send(
    context: Context,
    sources: Iterable[Source],
    options: Options,
    journal: Journal | None,
    report: Report,
    quiet: bool,
) -> None:
    with (
        stopped_by_signals() as stop,
        shown_progress(quiet) as progress,
        context.client() as client,
    ):
        Engine(client.api, options, progress, report.outcome, stop, journal).run(sources)


def _dry_run(sources: Iterable[Source], report: Report, as_json: bool) -> None:
    for source in sources:
        try:
            size = source.fingerprint().size
        except SourceError as error:
            report.failure(str(source.path), error)
            continue
        if as_json:
            json_line(
                {
                    "path": as_text(os.fspath(source.path)),
                    "filename": source.filename,
                    "contentType": source.content_type,
                    "size": size,
                    "tags": list(source.tags),
                }
            )
        else:
            rows(("", "", ""), [(size_text(size), source.content_type, source.filename)])


@contextmanager
def _standard_input(paths: Sequence[str], dry_run: bool) -> Iterator[Sequence[str]]:
    """Yield the paths, replacing - with a temporary file that holds the contents of stdin.

    The service needs the size before the first byte, so stdin is buffered on disk.
    """
    if "-" not in paths or dry_run:
        yield paths
        return
    with tempfile.TemporaryDirectory(prefix="media-") as directory:
        path = Path(directory) / "stdin"
        try:
            with path.open("wb") as file:
                shutil.copyfileobj(sys.stdin.buffer, file, 1024 * 1024)
        except OSError as error:
            raise SourceError(
                f"Stdin can't be buffered in {directory}: {error.strerror}. "
                "Set TMPDIR to a directory with enough space."
            ) from error
        yield [str(path)]
