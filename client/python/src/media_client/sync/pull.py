"""Sync from the library to a folder."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from media_client.errors import MediaError, SourceError, TargetError
from media_client.models import Upload
from media_client.sync.changes import Action, Change, Plan, Result
from media_client.sync.comparison import Comparison
from media_client.sync.folder import Contents, LocalFile, contents
from media_client.sync.paths import has_link, is_safe
from media_client.sync.sides import Sides
from media_client.transfer.downloads import DownloadOutcome, Downloads
from media_client.transfer.progress import Progress, Silent
from media_client.transfer.source import Fingerprint, shown


class Pull:
    """Gives the folder the files of the library. One object per sync.

    `finished` is called once per file that was changed, or that failed. Files are replaced
    atomically, and nothing outside of the folder is touched.
    """

    def __init__(self, sides: Sides, finished: Callable[[Result], None]) -> None:
        self._sides = sides
        self._finished = finished
        self._comparison = Comparison(sides)
        self._changes: dict[str, Change] = {}
        self._skipped: list[tuple[Change, TargetError]] = []
        self._failed = False

    # ------------------------------------------------------------ plan

    def plan(
        self,
        progress: Progress | None = None,
        uploads: Mapping[str, Sequence[Upload]] | None = None,
    ) -> Plan:
        """Compare the two sides. Changes nothing; see `Push.plan` for the arguments.

        Raises:
            SourceError: the destination is not a folder.
            ApiError, NetworkError, NotSignedIn: the uploads can't be listed.
            Stopped: the stop event was set.
        """
        self._comparison.progress = progress or Silent()
        uploads = self._sides.uploads() if uploads is None else uploads
        found = self._contents()
        changes: list[Change] = []
        problems: list[tuple[str, MediaError]] = []
        for path, all_ in uploads.items():
            try:
                change = self._compare(path, all_, found.files.get(path))
            except (SourceError, TargetError) as error:
                problems.append((path, error))
                continue
            if change is not None:
                changes.append(change)
        if self._sides.delete:
            changes += _deletions(found.files, uploads)
        self._sides.state.forget_missing(self._sides.folder, found.files.values())
        return Plan(changes, problems, complete=True, source_files=len(uploads))

    def _contents(self) -> Contents:
        if not os.path.lexists(self._sides.folder):
            return Contents({}, (), complete=True)
        return contents(self._sides.folder, self._sides.filters)

    def _compare(
        self, path: str, uploads: Sequence[Upload], file: LocalFile | None
    ) -> Change | None:
        newest = uploads[0]
        if not is_safe(path):
            raise TargetError(f"{shown(path)} is skipped: it can't be the name of a file here.")
        if file is None:
            return Change(Action.ADD, path, newest.size, uploads=uploads)
        if newest.size == file.fingerprint.size and (
            not newest.size or self._comparison.is_same(file, newest, self._comparison.sha256(file))
        ):
            return None
        return Change(Action.REPLACE, path, newest.size, file, uploads)

    # ------------------------------------------------------------ apply

    def apply(self, plan: Plan, progress: Progress | None = None) -> None:
        """Carry out a plan: first the transfers, then the deletions, if nothing has failed.

        Raises:
            ApiError, NetworkError, NotSignedIn: no file can be fetched.
            Stopped: the stop event was set. The next sync continues.
        """
        progress = progress or Silent()
        self._comparison.progress = Silent()
        self._sides.check_not_stopped()
        for path, error in plan.problems:
            self._fail(path, None, error)
        for action in (Action.ADD, Action.REPLACE):
            self._fetch([change for change in plan.transfers if change.action is action], progress)
        if plan.deletions and self._failed:
            progress.note("Nothing was deleted, because not all files could be fetched.")
            return
        for change in plan.deletions:
            self._sides.check_not_stopped()
            self._delete(change)

    def _fail(self, path: str, action: Action | None, error: MediaError) -> None:
        self._failed |= action is not None
        self._finished(Result(path, action, error=error))

    def _fetch(self, changes: Sequence[Change], progress: Progress) -> None:
        if not changes:
            return
        self._changes = {change.uploads[0].id: change for change in changes}
        sides = self._sides
        downloads = Downloads(sides.client.api, sides.jobs, progress, self._settled, sides.stop)
        try:
            # A file that appears meanwhile is not in the plan, so it is not overwritten.
            overwrite = changes[0].action is Action.REPLACE
            downloads.run(self._wanted(changes), overwrite, sides.folder)
        finally:
            for change, error in self._skipped:
                self._fail(change.path, change.action, error)
            self._skipped.clear()

    def _wanted(self, changes: Sequence[Change]) -> Iterator[tuple[Upload, Path]]:
        """Yield what to fetch, in any thread. Results are reported by the thread of `apply`."""
        folder = self._sides.folder
        for change in changes:
            path = folder / change.path if change.local is None else change.local.path
            try:
                self._check(path, change.local)
            except (OSError, TargetError) as error:
                self._skipped.append((change, _target_error(path, error)))
            else:
                yield change.uploads[0], path.relative_to(folder)

    def _settled(self, outcome: DownloadOutcome) -> None:
        change = self._changes[outcome.upload.id]
        if outcome.error is not None:
            self._fail(change.path, change.action, outcome.error)
            return
        if self._sides.state.sha256_of_upload(outcome.upload) is None:
            self._learn(outcome.upload, outcome.path)
        self._finished(Result(change.path, change.action, change.size, outcome.upload))

    def _learn(self, upload: Upload, path: Path) -> None:
        """Compute the SHA-256 that the library does not have, to find the file unchanged later."""
        with contextlib.suppress(OSError, SourceError):
            file = LocalFile(path, Fingerprint.of(os.stat(path)))
            if file.fingerprint.size == upload.size:
                self._sides.state.set_upload(upload, self._comparison.sha256(file))

    def _delete(self, change: Change) -> None:
        local = cast(LocalFile, change.local)
        try:
            self._check(local.path, local)
            local.path.unlink()
        except (OSError, TargetError) as error:
            self._fail(change.path, change.action, _target_error(local.path, error))
            return
        self._finished(Result(change.path, change.action, change.size))
        with contextlib.suppress(OSError):  # Some parent is not empty, which ends the loop.
            for parent in local.path.parents:
                if parent == self._sides.folder:
                    break
                parent.rmdir()

    def _check(self, path: Path, local: LocalFile | None) -> None:
        """Check that no link leads elsewhere, and that nothing has changed there since."""
        if has_link(self._sides.folder, path):
            raise TargetError(f"{shown(path)} is skipped: links to folders are not followed.")
        if local is None and os.path.lexists(path):
            raise TargetError(f"{shown(path)} is skipped: there is something else of this name.")
        if local is not None and Fingerprint.of(os.stat(path)) != local.fingerprint:
            raise TargetError(f"{shown(path)} is skipped: it changed during the sync.")


def _deletions(
    files: Mapping[str, LocalFile], uploads: Mapping[str, Sequence[Upload]]
) -> Sequence[Change]:
    return [
        Change(Action.DELETE, path, file.fingerprint.size, file)
        for path, file in files.items()
        if path not in uploads
    ]


def _target_error(path: Path, error: OSError | TargetError) -> TargetError:
    if isinstance(error, TargetError):
        return error
    return TargetError(f"{shown(path)} can't be changed: {error.strerror or error}.")
