"""media download, cat."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import click

from media_client import MediaClient
from media_client.cli.context import Context, pass_context, shown_progress
from media_client.cli.matches import Matches, is_pattern
from media_client.cli.options import jobs_option, json_option, names_argument, quiet_option
from media_client.cli.outlets import STDOUT, is_outlet, opened
from media_client.cli.output import upload_fields
from media_client.cli.results import Results
from media_client.cli.signals import stopped_by_signals
from media_client.cli.streams import PipeClosed
from media_client.errors import MediaError, UploadNotFound
from media_client.models import RenditionName, Upload
from media_client.names import local_path
from media_client.transfer.downloads import DEFAULT_JOBS, DownloadOutcome, Downloads
from media_client.transfer.fetcher import Sign, originals
from media_client.transfer.progress import Progress
from media_client.transfer.renditions import Renditions
from media_client.transfer.sink import download_to
from media_client.transfer.source import as_text, shown


@click.command()
@names_argument
@click.option(
    "--output",
    "-o",
    type=click.Path(),
    help="A folder, a file name for a single upload, or - for stdout. Default: the current folder.",
)
@click.option(
    "--rendition",
    type=click.Choice([name.lower() for name in RenditionName], case_sensitive=False),
    help="Download this picture of each upload instead.",
)
@click.option("--force", "-f", is_flag=True, help="Replace existing files.")
@jobs_option(DEFAULT_JOBS)
@json_option
@quiet_option
@pass_context
def download(
    context: Context,
    names: Sequence[str],
    output: str | None,
    rendition: str | None,
    force: bool,
    jobs: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Download uploads by id, name or pattern. Prints the path of each file.

    An upload named a/b.jpg becomes b.jpg in the folder a, which is created. Without
    -o, names that begin with . or - get a leading _. Run the command again after an interruption to
    continue where it stopped.

    A thumbnail has at most 320 pixels a side, a preview at most 1600. Both are WebP without
    metadata. The thumbnail of a.jpg is saved as a.jpg.thumbnail.webp.

    \b
    Example:
      media download holiday.mp4
      media download 'photos/2026/*.jpg' -o backup
      media download 01a20c22-cb73-7ce2-b9a0-3fa5d91e2548 -o holiday.mp4
      media download db.sql.gz -o - | gunzip
      media download 'photos/2026/*.jpg' --rendition preview -o previews
    """
    results = Results(as_json)
    name = None if rendition is None else RenditionName(rendition.upper())
    is_single = len(names) == 1 and not is_pattern(names[0])
    if output is not None and is_outlet(output):
        if not is_single or as_json:
            reason = "can't be combined with --json" if as_json else "takes one id or full name"
            raise click.UsageError(f"-o {shown(output)} {reason}.")
        _send_to(context, names, output, results, quiet, name)
    else:
        _fetch(context, names, _Place.of(output, is_single), force, jobs, results, quiet, name)
    results.exit()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where downloads go: to a folder, or to a file if `folder` is None."""

    output: str | None
    folder: Path | None

    @classmethod
    def of(cls, output: str | None, is_single: bool) -> Self:
        """Return the place that -o names, for a single upload or for several."""
        if output is None:
            return cls(None, Path())
        if not output:
            raise click.UsageError("-o has an empty name.")
        if is_single and not os.path.isdir(output) and not output.endswith(("/", os.sep)):
            return cls(output, None)
        if os.path.lexists(output) and not os.path.isdir(output):
            raise click.UsageError(f"-o {shown(output)} is not a folder.")
        return cls(output, Path(output))

    def path(self, upload: Upload) -> Path:
        """Return the upload's path, relative to the folder if there is one."""
        if self.output is not None and self.folder is None:
            return Path(self.output)
        return Path(local_path(upload.filename, keep_leading=self.output is not None))


def _fetch(
    context: Context,
    names: Sequence[str],
    place: _Place,
    force: bool,
    jobs: int,
    results: Results,
    quiet: bool,
    name: RenditionName | None,
) -> None:
    def finished(outcome: DownloadOutcome) -> None:
        if renditions is not None:
            outcome = renditions.outcome(outcome)
        path = as_text(os.fspath(outcome.path))
        if outcome.error is None:
            results.add([path], {"path": path, **upload_fields(outcome.upload)})
        else:
            results.fail(outcome.error, path=path, id=outcome.upload.id)

    with (
        stopped_by_signals() as stop,
        shown_progress(quiet) as progress,
        context.client() as client,
    ):
        found = Matches(client).uploads(names, results.unmatched)
        renditions = None if name is None else Renditions(client.api.for_run(stop), name)
        sign = originals if renditions is None else renditions.sign
        contents = found if renditions is None else renditions.of(found, _missing(results))
        wanted = ((upload, place.path(upload)) for upload in contents)
        downloads = Downloads(client.api, jobs, progress, finished, stop, sign)
        downloads.run(wanted, overwrite=force, folder=place.folder)


@click.command()
@names_argument
@quiet_option
@pass_context
def cat(context: Context, names: Sequence[str], quiet: bool) -> None:
    """Print the content of uploads to stdout, one after the other.

    Exits with 6 if the bytes do not match the checksum of an upload that has one.

    \b
    Example:
      media cat notes.txt
      media cat db.sql.gz | gunzip | psql
      media cat 'logs/2026-*.txt' | grep ERROR
    """
    results = Results(as_json=False)
    _send_to(context, names, STDOUT, results, quiet or sys.stdout.isatty())
    results.exit()


def _missing(results: Results) -> Callable[[Upload, UploadNotFound], None]:
    return lambda upload, error: results.fail(error, id=upload.id)


def _send_to(
    context: Context,
    names: Sequence[str],
    output: str,
    results: Results,
    quiet: bool,
    name: RenditionName | None = None,
) -> None:
    # Signals end this at once, which is their default: there is nothing to resume or clean up.
    with context.client() as client, shown_progress(quiet) as progress:
        for upload in Matches(client).uploads(names, results.unmatched):
            try:
                _send(client, upload, output, progress, name)
            except PipeClosed:
                raise
            except MediaError as error:
                results.fail(error, path=output)


def _send(
    client: MediaClient,
    upload: Upload,
    output: str,
    progress: Progress,
    name: RenditionName | None,
) -> None:
    sign: Sign = originals
    if name is not None:
        renditions = Renditions(client.api, name)
        upload, sign = renditions.only(upload), renditions.sign
    with opened(output) as outlet:
        download_to(client.api, upload, outlet, progress, threading.Event(), sign)
