"""media sync."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from media_client.cli.context import Context, pass_context
from media_client.cli.options import jobs_option, json_option, quiet_option
from media_client.cli.results import Results
from media_client.cli.signals import stopped_by_signals
from media_client.cli.sync_run import LIBRARY, Run
from media_client.sync import Filters, Rule, Sides, State
from media_client.sync.paths import library_prefix
from media_client.transfer.options import DEFAULT_JOBS


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


@click.command(cls=_Command)
@click.argument("source", type=click.Path())
@click.argument("destination", metavar="DEST", type=click.Path())
@click.option("--delete", is_flag=True, help="Delete from DEST what SOURCE does not have.")
@click.option(
    "--include",
    multiple=True,
    expose_value=False,
    metavar="PATTERN",
    help="Sync files that match, even if an earlier --exclude matches. May be repeated.",
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
@jobs_option(DEFAULT_JOBS)
@click.option("--yes", "-y", is_flag=True, help="With --delete: do not ask for confirmation.")
@json_option
@quiet_option
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
    """Sync a local folder to the library, or the other way round.

    Makes DEST equal to SOURCE. One of them is a local folder, the other is library:PREFIX/, where
    PREFIX is a path such as photos/2026, or library: for everything. Files are compared by size and
    SHA-256. Prints what happened to each file: add, replace or delete.

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
    results = Results(as_json)
    with (
        stopped_by_signals() as stop,
        context.client() as client,
        State(context.directories.state / "sync.db") as state,
    ):
        sides = Sides(client, folder, prefix, filters, state, delete, jobs, stop)
        run = Run(context, sides, push, results, yes, quiet)
        if dry_run:
            sys.exit(run.show())
        if watches:
            run.repeat()
            return
        run.once()
    results.exit()


def _addresses(source: str, destination: str) -> tuple[bool, Path, str]:
    """Return whether SOURCE is the folder, the folder, and the prefix in the library."""
    push = destination.startswith(LIBRARY)
    if push == source.startswith(LIBRARY):
        raise click.UsageError(
            "One of SOURCE and DEST must be a local folder, and the other library:PREFIX/, as in "
            "`media sync photos library:photos/`. A folder named library: is ./library:."
        )
    folder, address = (source, destination) if push else (destination, source)
    if not folder:
        raise click.UsageError("The name of the local folder is empty. The current folder is `.`.")
    try:
        return push, Path(folder), library_prefix(address.removeprefix(LIBRARY))
    except ValueError as error:
        raise click.UsageError(f"{address}: {error}.") from error
