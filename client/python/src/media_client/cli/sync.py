"""media sync."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Hashable
from contextlib import closing
from pathlib import Path

import click

from media_client.cli.context import Context, complain, pass_context, shown_progress
from media_client.cli.exits import ExitStatus, exit_status_of_all
from media_client.cli.output import json_line, rows, size_text
from media_client.cli.upload import _stopped_by_signals
from media_client.errors import (
    ApiError,
    BucketError,
    Forbidden,
    MediaError,
    NetworkError,
    SourceError,
    Stopped,
    TargetError,
    Unauthenticated,
    UserError,
)
from media_client.models import Upload, UploadStatus
from media_client.sync import Action, Filters, Plan, Pull, Push, Result, Rule, Sides, State
from media_client.sync.folder import contents
from media_client.sync.paths import library_prefix
from media_client.sync.watch import watch
from media_client.transfer.journal import Journal
from media_client.transfer.options import DEFAULT_JOBS
from media_client.transfer.source import shown

_LIBRARY = "library:"


class _Command(click.Command):
    """Passes --include and --exclude as `filters`, in the order of the command line."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """See `click.Command`."""
        values, _, order = self.make_parser(ctx).parse_args(args=list(args))
        given = {name: iter(values.get(name) or ()) for name in ("include", "exclude")}
        left = super().parse_args(ctx, args)
        try:
            ctx.params["filters"] = Filters(
                [
                    Rule(option.name == "include", next(given[option.name]))
                    for option in order
                    if option.name in given
                ]
            )
        except ValueError as error:
            raise click.UsageError(f"--include and --exclude: {error}.") from error
        return left


class Report:
    """Prints the result for each file, and collects the failures."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self.failures: list[MediaError] = []

    def result(self, result: Result) -> None:
        """Print what happened to a file."""
        if result.error is not None:
            self._failure(result.path, result.error)
            return
        if result.upload is not None and result.upload.status is UploadStatus.PENDING:
            complain(
                f"{shown(result.path)} was sent; the service is still verifying its checksum. "
                "The next sync moves the upload that it replaces to the trash."
            )
        self.line(result.action, result.path, result.upload)

    def line(self, action: Action | None, path: str, upload: Upload | None) -> None:
        """Print a change that was made, or that --dry-run shows."""
        if self._as_json:
            json_line({"action": action, "path": path, "id": upload.id if upload else None})
        else:
            rows(("", ""), [(str(action), path)])

    def _failure(self, path: str, error: MediaError) -> None:
        self.failures.append(error)
        text = str(error)
        complain(text if shown(path) in text else f"{shown(path)}: {text}")
        if self._as_json:
            code = error.code if isinstance(error, UserError) else type(error).__name__
            json_line({"path": path, "error": {"code": code, "message": text}})


@click.command(cls=_Command)
@click.argument("source")
@click.argument("destination", metavar="DEST")
@click.option("--delete", is_flag=True, help="Delete from DEST what SOURCE does not have.")
@click.option(
    "--include",
    multiple=True,
    expose_value=False,
    metavar="PATTERN",
    help="Sync files that match, after an --exclude that matches them, too. May be repeated.",
)
@click.option(
    "--exclude",
    multiple=True,
    expose_value=False,
    metavar="PATTERN",
    help="Ignore files that match, on both sides. May be repeated.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Only show the differences. Exit status: 0 if there are none, 1 if there are some.",
)
@click.option(
    "--watch", "watches", is_flag=True, help="Repeat when files change, until Ctrl-C or SIGTERM."
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1, 256),
    default=DEFAULT_JOBS,
    show_default=True,
    envvar="MEDIA_JOBS",
    help="Maximum number of concurrent requests.",
)
@click.option("--yes", "-y", is_flag=True, help="With --delete: do not ask for confirmation.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per change.")
@click.option("--quiet", "-q", is_flag=True, help="Do not show progress.")
@pass_context
def sync(
    context: Context,
    source: str,
    destination: str,
    delete: bool,
    dry_run: bool,
    watches: bool,
    jobs: int,
    yes: bool,
    as_json: bool,
    quiet: bool,
    filters: Filters,
) -> None:
    """Make a folder of the library equal to a local folder, or the other way round.

    One of SOURCE and DEST is a local folder, the other is library:PREFIX/, where PREFIX is a path
    such as photos/2026, or library: for everything. Files are compared by size and SHA-256.
    Prints what happened to each file: add, replace or delete.

    In the library, a changed file becomes a new upload, and then the old one goes to the trash. In
    a local folder, files that differ are replaced. --delete also removes what SOURCE does not have:
    in the library it goes to the trash.

    A PATTERN without / is compared with the names of files and folders, one with / with the path
    below SOURCE or DEST; * also matches /. The last pattern that matches a file decides.

    \b
    Example:
      media sync photos library:photos/ --exclude '.*'
      media sync photos library:photos/ --delete --dry-run
      media sync library:photos/ photos --exclude '*' --include '*.jpg'
      media sync photos library:photos/ --watch
    """
    if watches and (dry_run or (delete and not yes)):
        raise click.UsageError(
            "--watch can't be combined with --dry-run, and it needs --yes with --delete."
        )
    push, folder, prefix = _addresses(source, destination)
    report = Report(as_json)
    with (
        _stopped_by_signals() as stop,
        context.client() as client,
        closing(State(context.directories.state / "sync.db")) as state,
    ):
        sides = Sides(client, folder, prefix, filters, state, delete, jobs, stop)
        run = _Run(context, sides, push, report, yes, quiet)
        if dry_run:
            sys.exit(run.show())
        if watches:
            run.repeat()
            return
        run.once()
    sys.exit(exit_status_of_all(report.failures))


class _Run:
    def __init__(
        self, context: Context, sides: Sides, push: bool, report: Report, yes: bool, quiet: bool
    ) -> None:
        self._context = context
        self._sides = sides
        self._push = push
        self._report = report
        self._yes = yes
        self._quiet = quiet
        self._repeats = False

    def show(self) -> ExitStatus:
        """Print the differences. Returns 1 if there are any."""
        plan = self._direction(None).plan()
        for path, error in plan.problems:
            self._report.result(Result(path, None, error=error))
        for change in plan.changes:
            self._report.line(change.action, change.path, next(iter(change.uploads), None))
        if self._report.failures:
            return exit_status_of_all(self._report.failures)
        return ExitStatus.FAILED if plan.changes else ExitStatus.OK

    def once(self) -> None:
        """Sync once."""
        direction = self._direction(self._context.journal() if self._push else None)
        plan = direction.plan()
        if not self._yes or self._repeats:
            plan.check_source()
        if plan.deletions and not self._yes:
            self._confirm(plan)
        with shown_progress(self._quiet) as progress:
            direction.apply(plan, progress)

    def repeat(self) -> None:
        """Sync until the stop event is set, which is how this ends without a failure.

        After the first sync, failures that may pass do not end it.
        """
        watch(self._again, self._snapshot, self._sides.stop)

    def _again(self) -> None:
        self._report.failures.clear()
        try:
            self.once()
        except (NetworkError, BucketError, ApiError, SourceError) as error:
            if not self._repeats or isinstance(error, Unauthenticated | Forbidden):
                raise
            complain(error)
        except Stopped:
            return
        self._repeats = True

    def _snapshot(self) -> Hashable:
        """Return a value that changes when the local source does. The library is not polled."""
        if not self._push:
            return None
        try:
            found = contents(self._sides.folder, self._sides.filters)
        except SourceError:
            return None
        return frozenset(found.files.items())

    def _direction(self, journal: Journal | None) -> Push | Pull:
        if self._push:
            return Push(self._sides, self._report.result, journal)
        return Pull(self._sides, self._report.result)

    def _confirm(self, plan: Plan) -> None:
        deletions = plan.deletions
        where = "the library" if self._push else shown(self._sides.folder)
        count = f"{len(deletions)} file{'' if len(deletions) == 1 else 's'}"
        what = f"{count} ({size_text(sum(change.size for change in deletions))}) from {where}"
        if not sys.stdin.isatty():
            raise TargetError(
                f"--delete would remove {what}. Nothing was changed: stdin is not a terminal. "
                "Pass --yes to do it."
            )
        trash = " to the trash" if self._push else ""
        question = f"{'Move' if self._push else 'Delete'} {what}{trash}?"
        if not _with_interrupts(lambda: click.confirm(question, err=True)):
            raise click.Abort


def _addresses(source: str, destination: str) -> tuple[bool, Path, str]:
    """Return whether SOURCE is the folder, the folder, and the prefix in the library."""
    push = destination.startswith(_LIBRARY)
    if push == source.startswith(_LIBRARY):
        raise click.UsageError(
            "One of SOURCE and DEST must be a local folder, and the other library:PREFIX/, as in "
            "`media sync photos library:photos/`. A folder named library: is ./library:."
        )
    folder, address = (source, destination) if push else (destination, source)
    if not folder:
        raise click.UsageError("The name of the local folder is empty. The current folder is `.`.")
    try:
        return push, Path(folder), library_prefix(address.removeprefix(_LIBRARY))
    except ValueError as error:
        raise click.UsageError(f"{address}: {error}.") from error


def _with_interrupts(ask: Callable[[], bool]) -> bool:
    """Ask a question that Ctrl-C ends at once."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return ask()
    finally:
        signal.signal(signal.SIGINT, before)
