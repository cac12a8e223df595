"""media upload."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import click

from media_client.cli.context import Context, pass_context, shown_progress
from media_client.cli.exits import exit_status_of_all
from media_client.cli.output import json_line, rows, size_text
from media_client.cli.report import Report, errors_as_json
from media_client.cli.selection import Selection
from media_client.cli.signals import stopped_by_signals
from media_client.errors import SourceError
from media_client.transfer.engine import Engine
from media_client.transfer.journal import Journal
from media_client.transfer.options import DEFAULT_JOBS, Options
from media_client.transfer.source import Source, as_text

jobs_option = click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1, 256),
    default=DEFAULT_JOBS,
    show_default=True,
    envvar="MEDIA_JOBS",
    help="Maximum number of concurrent requests.",
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object per file."
)
restart_option = click.option(
    "--restart",
    is_flag=True,
    help="If a file changed since an interrupted run, upload it again from the start.",
)
quiet_option = click.option("--quiet", "-q", is_flag=True, help="Do not show progress.")


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
@click.option(
    "--size",
    type=click.IntRange(0),
    help="Size of stdin in bytes. It is then sent as it is read, and not buffered on disk.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be uploaded, without uploading.")
@jobs_option
@restart_option
@json_option
@quiet_option
@pass_context
def upload(
    context: Context,
    paths: Sequence[str],
    recursive: bool,
    tags: Sequence[str],
    name: str | None,
    content_type: str | None,
    checksum: bool,
    size: int | None,
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
      ssh host cat film.mp4 | media upload - --name film.mp4 --size 4816273
    """
    if name is not None and (len(paths) > 1 or recursive):
        raise click.UsageError("--name applies to a single file: pass one path, without -r.")
    if "-" in paths and (name is None or len(paths) > 1):
        raise click.UsageError("To upload stdin, pass - as the only path, and --name.")
    if size is not None and "-" not in paths:
        raise click.UsageError("--size is for stdin: pass - as the path.")
    if dry_run and "-" in paths and size is None:
        raise click.UsageError("The size of stdin is not known: pass --size, or no --dry-run.")
    report = Report(as_json)
    selection = Selection(paths, recursive, tags, content_type, name, report.failure)
    with errors_as_json(as_json), _standard_input(selection, size) as sources:
        if dry_run:
            _dry_run(sources, report, as_json)
        else:
            options = Options(jobs=jobs, checksum=checksum, restart=restart)
            journal = None if "-" in paths else context.journal()
            send(context, sources, options, journal, report, quiet)
    sys.exit(exit_status_of_all(report.failures))


def send(
    context: Context,
    sources: Iterable[Source],
    options: Options,
    journal: Journal | None,
    report: Report,
    quiet: bool,
) -> None:
    """Upload files, report each, and show the progress. A signal stops it.

    Raises what `Engine.run` raises.
    """
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
def _standard_input(selection: Selection, size: int | None) -> Iterator[Iterable[Source]]:
    """Yield the sources, replacing - by what stdin contains.

    The service needs the size before the first byte. If it is not known, stdin is buffered on disk.
    """
    if "-" not in selection.words:
        yield selection.sources()
        return
    with _open_stdin() as stdin:
        if size is not None:
            yield [
                Source.of(
                    stdin,
                    filename=selection.filename or "",
                    size=size,
                    content_type=selection.content_type,
                    tags=selection.tags,
                )
            ]
            return
        with tempfile.TemporaryDirectory(prefix="media-") as directory:
            path = Path(directory) / "stdin"
            _save(stdin, path)
            yield replace(selection, words=[str(path)]).sources()


def _open_stdin() -> BinaryIO:
    """Open stdin without a buffer, whose lock would delay the end of the process."""
    try:
        return open(0, "rb", buffering=0, closefd=False)
    except OSError as error:
        raise SourceError(f"stdin can't be read: {error.strerror}.") from error


def _save(stdin: BinaryIO, path: Path) -> None:
    try:
        with path.open("wb") as file:
            shutil.copyfileobj(stdin, file, 1024 * 1024)
    except OSError as error:
        raise SourceError(
            f"Stdin can't be buffered in {path.parent}: {error.strerror}. "
            "Set TMPDIR to a directory with enough space, or pass --size."
        ) from error
