"""Sync from a folder to the library."""

from __future__ import annotations

import dataclasses
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from media_client.errors import (
    InvalidInput,
    MediaError,
    SourceChanged,
    SourceError,
    UploadNotFound,
    UploadRejected,
    UserError,
)
from media_client.models import Upload, UploadStatus
from media_client.sync.changes import Action, Change, Plan, Result
from media_client.sync.comparison import Comparison
from media_client.sync.folder import LocalFile, contents
from media_client.sync.paths import composed
from media_client.sync.sides import Sides
from media_client.transfer.engine import Engine
from media_client.transfer.job import Outcome
from media_client.transfer.journal import Journal
from media_client.transfer.options import Options
from media_client.transfer.progress import Progress, Silent
from media_client.transfer.source import Fingerprint, Source, shown


class Push:
    """Gives the library the files of the folder. One object per sync.

    `finished` is called once per file that was changed, or that failed, by one thread at a time.
    A changed file becomes a new upload; once it is stored, the older ones of its path move to the
    trash.
    """

    def __init__(
        self, sides: Sides, finished: Callable[[Result], None], journal: Journal | None = None
    ) -> None:
        self._sides = sides
        self._finished = finished
        self._journal = journal
        self._comparison = Comparison(sides)
        self._changes: dict[str, Change] = {}
        self._obsolete: list[tuple[Change, Upload]] = []
        self._not_declarable: list[Change] = []
        self._renamed: list[Change] = []
        self._failed = False
        self._reporting = threading.Lock()

    # ------------------------------------------------------------ plan

    def plan(
        self,
        progress: Progress | None = None,
        uploads: Mapping[str, Sequence[Upload]] | None = None,
    ) -> Plan:
        """Compare the two sides. Changes nothing.

        `progress` shows the files that are read. `uploads`: what the library has, if that is known,
        as `Sides.uploads` returns it.

        Raises:
            SourceError: there is no such folder.
            ApiError, NetworkError, NotSignedIn: the uploads can't be listed.
            Stopped: the stop event was set.
        """
        self._comparison.progress = progress or Silent()
        found = contents(self._sides.folder, self._sides.filters)
        uploads = self._sides.uploads() if uploads is None else uploads
        changes: list[Change] = []
        problems: list[tuple[str, MediaError]] = [*found.problems]
        replaced = self._sides.state.replaced()
        for path, file in found.files.items():
            try:
                change = self._compare(path, file, uploads.get(path, ()), replaced)
            except SourceError as error:
                problems.append((path, error))
                continue
            if change is not None:
                changes.append(change)
        if self._sides.delete:
            kept = {*found.files, *(path for path, _ in found.problems)}
            changes += [
                Change(Action.DELETE, path, sum(upload.size for upload in all_), uploads=all_)
                for path, all_ in uploads.items()
                if path not in kept
            ]
        self._sides.state.forget_missing(self._sides.folder, found.files.values())
        return Plan(changes, problems, found.complete, len(found.files) + len(found.problems))

    def _compare(
        self, path: str, file: LocalFile, uploads: Sequence[Upload], replaced: set[str]
    ) -> Change | None:
        size = file.fingerprint.size
        if not uploads:
            return Change(Action.ADD, path, size, file)
        newest, older = uploads[0], uploads[1:]
        if newest.size != size:
            return Change(Action.REPLACE, path, size, file, uploads)
        sha256 = self._comparison.sha256(file)
        if size and not self._comparison.is_same(file, newest, sha256):
            return Change(Action.REPLACE, path, size, file, uploads, sha256)
        if newest.id in replaced:  # An interrupted sync was about to replace it, but did not.
            self._sides.state.end_replacing(upload.id for upload in uploads)
            return None
        left = [upload for upload in older if upload.id in replaced]
        if left:
            return Change(Action.REPLACE, path, size, file, [newest, *left], sha256, is_sent=True)
        return None

    # ------------------------------------------------------------ apply

    def apply(self, plan: Plan, progress: Progress | None = None) -> None:
        """Carry out a plan: first the transfers, then the deletions, if nothing has failed.

        Raises:
            ApiError, NetworkError, NotSignedIn: no file can be sent.
            Stopped: the stop event was set. The next sync continues.
        """
        progress = progress or Silent()
        self._comparison.progress = Silent()
        self._sides.check_not_stopped()
        for path, error in plan.problems:
            self._fail(path, None, error)
        self._changes = {self._name(change): change for change in plan.transfers}
        to_send = [change for change in plan.transfers if not change.is_sent]
        self._sides.state.begin_replacing(
            upload.id for change in to_send for upload in change.uploads
        )
        for change in plan.transfers:
            if change.is_sent:
                self._stored(change, change.uploads[0])
        self._send(to_send, progress, declare=True)
        self._send(self._renamed, progress, declare=True)
        self._send(self._not_declarable, progress, declare=False)
        self._discard(self._obsolete)
        if plan.deletions and (self._failed or not plan.complete):
            progress.note("Nothing was deleted, because not all files could be read and sent.")
            return
        self._discard([(change, upload) for change in plan.deletions for upload in change.uploads])

    def _name(self, change: Change) -> str:
        return self._sides.prefix + change.path

    def _fail(self, path: str, action: Action | None, error: MediaError) -> None:
        self._failed |= action is not None
        self._report(Result(path, action, error=error))

    def _report(self, result: Result) -> None:
        with self._reporting:  # Files are read in one thread, and settled in others.
            self._finished(result)

    def _send(self, changes: Sequence[Change], progress: Progress, *, declare: bool) -> None:
        if not changes:
            return
        sides = self._sides
        options = Options(jobs=sides.jobs, checksum=not declare, restart=True)
        engine = Engine(
            sides.client.api, options, progress, self._settled, sides.stop, self._journal
        )
        engine.run(self._sources(list(changes), declare))

    def _sources(self, changes: Sequence[Change], declare: bool) -> Iterator[Source]:
        for change in changes:
            local = cast(LocalFile, change.local)
            try:
                sha256 = change.sha256 or self._comparison.sha256(local)
            except SourceError as error:
                self._not_sent(change, error)
                continue
            name = self._name(change)
            self._changes[name] = dataclasses.replace(change, sha256=sha256)
            # The new upload keeps the tags of the one that it replaces.
            tags = change.uploads[0].tags if change.uploads else ()
            source = Source.at(local.path, filename=name, tags=tags)
            yield dataclasses.replace(source, sha256=sha256) if declare else source

    def _settled(self, outcome: Outcome) -> None:
        change = self._changes[outcome.source.filename]
        error, upload = outcome.error, outcome.upload
        if upload is None:
            error = error or MediaError("The file was not uploaded.")
            if outcome.source.sha256 and _rejects_checksum(error):
                self._not_declarable.append(change)
            else:
                self._not_sent(change, _explained(error, change))
        elif self._is_renamed(change, upload):
            self._renamed.append(change)
        elif upload.status is UploadStatus.STORED:
            if change.sha256 is not None and not _has_changed(change):
                self._sides.state.set_upload(upload, change.sha256)
            self._stored(change, upload)
        else:
            self._report(Result(change.path, change.action, change.size, upload))

    def _is_renamed(self, change: Change, upload: Upload) -> bool:
        """Return whether an interrupted run sent the file, and its upload was renamed since.

        The journal has now forgotten that run, so the file can be sent again, but only once.
        """
        return composed(upload.filename) != self._name(change) and change not in self._renamed

    def _not_sent(self, change: Change, error: MediaError) -> None:
        self._sides.state.end_replacing(upload.id for upload in change.uploads)
        self._fail(change.path, change.action, error)

    def _stored(self, change: Change, upload: Upload) -> None:
        self._obsolete += [(change, old) for old in change.uploads if old.id != upload.id]
        self._report(Result(change.path, change.action, change.size, upload))

    def _discard(self, uploads: Sequence[tuple[Change, Upload]]) -> None:
        """Move uploads to the trash."""
        client = self._sides.client.for_run(self._sides.stop)
        outcomes = client.trash_uploads([upload.id for _, upload in uploads])
        done = []
        for (change, upload), outcome in zip(uploads, outcomes, strict=True):
            if isinstance(outcome, UserError) and not isinstance(outcome, UploadNotFound):
                self._fail(change.path, change.action, outcome)
                continue
            done.append(upload.id)
            if change.action is Action.DELETE and upload is change.uploads[0]:
                self._report(Result(change.path, change.action, change.size, upload))
        self._sides.state.end_replacing(done)


def _has_changed(change: Change) -> bool:
    """Return whether the local file is no longer the one that was hashed."""
    local = cast(LocalFile, change.local)
    try:
        return Fingerprint.of(os.stat(local.path)) != local.fingerprint
    except OSError:
        return True


def _explained(error: MediaError, change: Change) -> MediaError:
    """Return the cause of a failure: a file that has changed does not have its declared SHA-256."""
    if not (isinstance(error, UploadRejected) and _has_changed(change)):
        return error
    name = shown(cast(LocalFile, change.local).path)
    return SourceChanged(f"{name} changed during the sync. The next one sends it again.")


def _rejects_checksum(error: MediaError) -> bool:
    """Whether the service can't verify a SHA-256 of this file, such as one of many GiB."""
    return isinstance(error, InvalidInput) and any(
        field.path[-1:] == ("checksum",) for field in error.fields
    )
