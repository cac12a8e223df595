"""media upload."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

import click

from media_client.cli.context import Context, complain, pass_context, shown_progress
from media_client.cli.options import jobs_option, json_option, quiet_option, restart_option
from media_client.cli.output import size_text, upload_fields
from media_client.cli.results import Results
from media_client.cli.selection import Selection
from media_client.cli.signals import stopped_by_signals
from media_client.cli.streams import stdin_is_closed
from media_client.errors import MediaError, SourceError
from media_client.models import UploadStatus
from media_client.transfer.engine import Engine
from media_client.transfer.job import Outcome
from media_client.transfer.journal import Journal
from media_client.transfer.options import DEFAULT_JOBS, Options
from media_client.transfer.source import Source, as_text, shown


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
@jobs_option(DEFAULT_JOBS)
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
    results = Results(as_json)
    selection = Selection(paths, recursive, tags, content_type, name, partial(_fail, results))
    with _standard_input(selection, size) as sources:
        if dry_run:
            _dry_run(sources, results)
        else:
            options = Options(jobs=jobs, checksum=checksum, restart=restart)
            journal = None if "-" in paths else context.journal()
            send(context, sources, options, journal, results, quiet)
    results.exit()


def send(
    context: Context,
    sources: Iterable[Source],
    options: Options,
    journal: Journal | None,
    results: Results,
    quiet: bool,
) -> None:
    """Upload files, print the result of each, and show the progress. A signal stops it.

    Raises what `Engine.run` raises.
    """
    with (
        stopped_by_signals() as stop,
        shown_progress(quiet) as progress,
        context.client() as client,
    ):
        finished = partial(_finished, results)
        Engine(client.api, options, progress, finished, stop, journal).run(sources)


def _finished(results: Results, outcome: Outcome) -> None:
    path, upload = outcome.source.path, outcome.upload
    if upload is None:
        _fail(results, path, outcome.error or MediaError("The file was not uploaded."))
        return
    if upload.status is UploadStatus.PENDING:
        complain(f"{shown(path)} was sent; the service is still verifying its checksum.")
    fields = {"path": _text(path), **upload_fields(upload), "skipped": outcome.skipped}
    results.add([upload.id, upload.filename], fields)


def _fail(results: Results, path: str | Path, error: MediaError) -> None:
    results.fail(error, path=_text(path))


def _text(path: str | Path) -> str:
    return as_text(os.fspath(path))


def _dry_run(sources: Iterable[Source], results: Results) -> None:
    for source in sources:
        try:
            size = source.fingerprint().size
        except SourceError as error:
            _fail(results, source.path, error)
            continue
        fields = {
            "path": _text(source.path),
            "filename": source.filename,
            "contentType": source.content_type,
            "size": size,
            "tags": list(source.tags),
        }
        results.add([size_text(size), source.content_type, source.filename], fields)


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
    if stdin_is_closed():
        raise SourceError("Stdin is closed. To upload an empty file, redirect it from /dev/null.")
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
