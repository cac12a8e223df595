"""Uploads that were begun earlier: by an interrupted run, or on another machine."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace

from media_client import operations
from media_client.api import Api
from media_client.errors import SourceChanged, SourceError, UploadClosed, UploadNotFound, UserError
from media_client.models import Upload, UploadStatus
from media_client.transfer import checksums
from media_client.transfer.cancellation import cancel_all
from media_client.transfer.job import Job, Outcome
from media_client.transfer.journal import Entry, Journal, absolute
from media_client.transfer.options import Options
from media_client.transfer.progress import Progress
from media_client.transfer.source import Candidate, Source, shown


class Resumption:
    """Continues uploads that were begun earlier, and records those of this run for later."""

    def __init__(
        self, api: Api, options: Options, progress: Progress, journal: Journal | None
    ) -> None:
        self._api = api
        self._options = options
        self._progress = progress
        self._journal = journal

    @property
    def has_journal(self) -> bool:
        """Whether the uploads of this run can be resumed by a later one."""
        return self._journal is not None

    # ------------------------------------------------------------ uploads begun earlier

    def resume(self, candidate: Candidate) -> Job | Outcome | None:
        """Continue an upload of this file that was begun earlier.

        Returns its job, or its outcome if it is stored. None if the file needs a new upload.

        Raises:
            SourceChanged: the file changed since its upload was interrupted.
            SourceError, UploadNotFound, UploadClosed: `Source.upload_id` can't be continued.
        """
        source = candidate.source
        if source.upload_id is not None:
            return self._continued(candidate, source.upload_id)
        entry = self._entry(source)
        if entry is None:
            return None
        changed = candidate.fingerprint != entry.fingerprint
        if entry.done and changed:
            return None
        upload = self._api.run(operations.transfer(entry.upload_id))
        if upload is None or upload.trashed_at is not None:
            return None
        if upload.status is UploadStatus.STORED and not changed:
            self._forget(entry)
            return Outcome(source, upload, skipped=True)
        if upload.status is not UploadStatus.PENDING:
            return None
        if changed:
            self._discard(candidate, entry)
            return None
        return self._job(candidate, upload, entry.checksums)

    def missing(self, source: Source, error: SourceError) -> SourceError:
        """Return the error for a file that can't be read, whose upload may have been interrupted.

        Forgets the upload if the service no longer waits for its bytes.
        """
        entry = self._entry(source)
        if entry is None or entry.done:
            return error
        upload = self._api.run(operations.transfer(entry.upload_id))
        if upload is None or upload.status is not UploadStatus.PENDING:
            self._forget(entry)
            state = "no longer exists" if upload is None else f"is {upload.status}"
            return SourceError(f"{error} Its interrupted upload {state}, and was forgotten.")
        return SourceError(
            f"{error} Its interrupted upload is still pending. Put the file back and run `media "
            "resume`, or run `media resume --forget` to give up the upload."
        )

    def _entry(self, source: Source) -> Entry | None:
        if self._journal is None or source.stream is not None:
            return None
        return self._journal.find(source)

    def _discard(self, candidate: Candidate, entry: Entry) -> None:
        """Cancel the upload of a file that has changed, if --restart allows it."""
        if not self._options.restart:
            raise SourceChanged(
                f"{shown(candidate.source.path)} changed since its upload was interrupted. "
                "--restart discards what was sent and uploads the file as it is now."
            )
        for _ in cancel_all(self._api, [entry.upload_id]):
            self._forget(entry)

    def _forget(self, entry: Entry) -> None:
        if self._journal is not None:
            self._journal.forget(entry)

    def _job(self, candidate: Candidate, upload: Upload, part_checksums: bool) -> Job:
        received = upload.transfer.received if upload.transfer is not None else ()
        return Job(candidate, upload, checksums=part_checksums, received=received)

    # ------------------------------------------------------------ uploads of other machines

    def _continued(self, candidate: Candidate, upload_id: str) -> Job | Outcome:
        upload = self._api.run(operations.transfer(upload_id))
        if upload is None:
            raise UploadNotFound(UploadNotFound.CODE, f"There is no upload {upload_id}.")
        if upload.status not in (UploadStatus.PENDING, UploadStatus.STORED):
            raise _closed(upload)
        _check_content(candidate, upload)
        source = replace(
            candidate.source,
            filename=upload.filename,
            content_type=upload.content_type,
            tags=upload.tags,
        )
        entry = self._journal.find_upload(upload_id) if self._journal is not None else None
        if entry is not None:
            self._forget(entry)  # `begin` records it again, with the path of this file.
        if upload.status is UploadStatus.STORED:
            return Outcome(source, upload, skipped=True)
        part_checksums = self._options.checksum and upload.checksum is None
        job = self._job(Candidate(source, candidate.fingerprint), upload, part_checksums)
        job.resumable = True
        return job

    # ------------------------------------------------------------ uploads of this run

    def begin(self, jobs: Sequence[Job]) -> None:
        """Record jobs in the journal. If that fails, this run can't be resumed."""
        kept = [job for job in jobs if job.source.stream is None]
        if self._journal is None or not kept:
            return
        try:
            self._journal.begin(_entry_of(job, self._api.url) for job in kept)
        except OSError as error:
            self._journal = None
            self._progress.note(
                f"The journal can't be written ({error.strerror}): this run can't be resumed."
            )
            return
        for job in kept:
            job.resumable = True

    def done(self, upload_ids: Iterable[str]) -> None:
        """Record that uploads are complete."""
        try:
            if self._journal is not None:
                self._journal.done(upload_ids)
        except OSError as error:
            # The service knows that they are complete, so a later run skips them.
            self._progress.note(f"The journal can't be written ({error.strerror}).")

    def drop(self, upload_ids: Iterable[str]) -> None:
        """Record that uploads were cancelled."""
        try:
            if self._journal is not None:
                self._journal.drop(upload_ids)
        except OSError as error:
            self._progress.note(f"The journal can't be written ({error.strerror}).")

    def close(self) -> None:
        """Close the journal."""
        if self._journal is not None:
            self._journal.close()


def _entry_of(job: Job, server: str) -> Entry:
    return Entry(
        server=server,
        upload_id=job.upload.id,
        path=absolute(job.source.path),
        size=job.fingerprint.size,
        mtime_ns=job.fingerprint.mtime_ns,
        inode=job.fingerprint.inode,
        filename=job.source.filename,
        content_type=job.source.content_type,
        tags=job.source.tags,
        checksums=job.checksums,
    )


def _closed(upload: Upload) -> UserError:
    error = UploadClosed(
        UploadClosed.CODE, f"Upload {upload.id} is {upload.status}: it can't be continued."
    )
    error.status = str(upload.status)
    return error


def _check_content(candidate: Candidate, upload: Upload) -> None:
    """Compare a file with what an upload declares: its size, and its checksum if it has one.

    Raises:
        SourceError: it is another file.
    """
    path = candidate.source.path
    if candidate.fingerprint.size != upload.size:
        raise SourceError(
            f"{shown(path)} has {candidate.fingerprint.size} bytes, but upload {upload.id} has "
            f"{upload.size}: it is another file."
        )
    algorithm = upload.checksum_algorithm
    if algorithm is None or not checksums.can_compute(algorithm):
        return  # The service compares the checksum at the end.
    file = candidate.source.open(candidate.fingerprint)
    try:
        checksum = checksums.OF_RANGE[algorithm](file, 0, upload.size)
    finally:
        os.close(file)
    if checksum != upload.checksum:
        raise SourceError(
            f"{shown(path)} does not have the {algorithm} checksum that upload {upload.id} "
            "declares: it is another file."
        )
