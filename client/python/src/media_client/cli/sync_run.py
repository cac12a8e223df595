"""A run of `media sync`: once, as a dry run, or repeatedly."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

import click

from media_client.cli.context import Context, complain, shown_progress
from media_client.cli.exits import ExitStatus
from media_client.cli.output import size_text
from media_client.cli.results import Results
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
)
from media_client.models import Upload, UploadStatus
from media_client.sync import Action, Plan, Pull, Push, Result, Sides
from media_client.sync.folder import contents
from media_client.sync.watch import watch
from media_client.transfer.journal import Journal
from media_client.transfer.source import shown

LIBRARY = "library:"


class Run:
    """One invocation of the command. `push`: from the folder to the library."""

    def __init__(
        self, context: Context, sides: Sides, push: bool, results: Results, yes: bool, quiet: bool
    ) -> None:
        self._context = context
        self._sides = sides
        self._push = push
        self._results = results
        self._yes = yes
        self._quiet = quiet
        self._repeats = False
        self._uploads: Mapping[str, Sequence[Upload]] | None = None

    def show(self) -> ExitStatus:
        """Print the differences. Returns 1 if there are any."""
        with shown_progress(self._quiet) as progress:
            plan = self._direction(self._print, None).plan(progress)
        for path, error in plan.problems:
            self._print(Result(path, None, error=error))
        for change in plan.changes:
            upload = next(iter(change.uploads), None)
            self._print(Result(change.path, change.action, change.size, upload))
        if self._results.failures:
            return self._results.status()
        return ExitStatus.FAILED if plan.changes else ExitStatus.OK

    def _print(self, result: Result) -> None:
        """Print a change, one that was made or that --dry-run shows, or why it failed."""
        if result.error is not None:
            self._results.fail(result.error, path=result.path)
            return
        fields = {"action": result.action, "path": result.path, "size": result.size}
        fields["id"] = result.upload.id if result.upload else None
        self._results.add([str(result.action), result.path], fields)

    def once(self, relist: bool = True) -> None:
        """Sync once. Unless `relist` is set, the library is assumed to be as the last sync left it.

        Raises what `Push` and `Pull` raise, and SourceError if another process is syncing these.
        """
        with _alone(self._context, self._sides):
            known = None if relist else self._uploads
            uploads = dict(self._sides.uploads() if known is None else known)
            self._uploads = None
            journal = self._context.journal() if self._push else None
            direction = self._direction(partial(self._finished, uploads), journal)
            with shown_progress(self._quiet) as progress:
                plan = direction.plan(progress, uploads)
            if not self._yes or self._repeats:
                plan.check_source()
            if plan.deletions and not self._yes:
                self._confirm(plan)
            with shown_progress(self._quiet) as progress:
                direction.apply(plan, progress)
            self._uploads = uploads

    def repeat(self) -> None:
        """Sync until the stop event is set, which is how this ends without a failure.

        After the first sync, failures that may pass do not end it.
        """
        watch(self._again, self._snapshot, self._sides.stop)

    def _again(self, relist: bool) -> None:
        self._results.failures.clear()
        try:
            self.once(relist)
        except (NetworkError, BucketError, ApiError, SourceError) as error:
            if not self._repeats or isinstance(error, Unauthenticated | Forbidden):
                raise
            complain(error)
        except Stopped:
            return
        self._repeats = True

    def _finished(self, uploads: dict[str, Sequence[Upload]], result: Result) -> None:
        """Print a result, and update the list of the library's uploads by it."""
        upload = result.upload
        if result.error is None and upload and upload.status is UploadStatus.PENDING:
            complain(f"{shown(result.path)} was sent; the service is still verifying its checksum.")
        self._print(result)
        if result.error is None and upload is not None:
            if result.action is Action.DELETE:
                uploads.pop(result.path, None)
            elif upload.status is UploadStatus.STORED:
                uploads[result.path] = [upload]

    def _snapshot(self) -> Hashable:
        """Return a value that changes when the local source does. The library is not polled."""
        if not self._push:
            return None
        try:
            found = contents(self._sides.folder, self._sides.filters)
        except SourceError:
            return None
        return frozenset(found.files.items())

    def _direction(
        self, finished: Callable[[Result], None], journal: Journal | None
    ) -> Push | Pull:
        if self._push:
            return Push(self._sides, finished, journal)
        return Pull(self._sides, finished)

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
        if not _with_interrupts(lambda: self._ask(question)):
            raise MediaError("Nothing was changed.")

    def _ask(self, question: str) -> bool:
        self._sides.check_not_stopped()  # By a signal that arrived before it could interrupt this.
        return click.confirm(question, err=True)


@contextmanager
def _alone(context: Context, sides: Sides) -> Iterator[None]:
    """Keep two processes, such as overlapping cron jobs, from syncing the same folders."""
    from filelock import FileLock, Timeout  # Slow to import, and other commands do not need it.

    what = "\0".join((context.url, os.path.abspath(sides.folder), sides.prefix))
    name = f"sync-{hashlib.sha256(os.fsencode(what)).hexdigest()[:16]}.lock"
    lock = FileLock(context.directories.state / name)
    try:
        context.directories.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise SourceError(
            f"Another process is syncing {shown(sides.folder)} and {LIBRARY}{sides.prefix}."
        ) from error
    except OSError:
        pass  # Without a state directory, there is no lock, and no journal either.
    try:
        yield
    finally:
        lock.release()


def _with_interrupts(ask: Callable[[], bool]) -> bool:
    """Ask a question that Ctrl-C ends at once."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return ask()
    finally:
        signal.signal(signal.SIGINT, before)
