"""Requests tickets for new files, resumes interrupted ones, and reports the rest."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from media_client import operations
from media_client.api import Api
from media_client.errors import (
    ApiError,
    InvalidInput,
    MediaError,
    NotSignedIn,
    SourceChanged,
    UploadClosed,
)
from media_client.models import Limits, Ticket, Upload, UploadStatus
from media_client.transfer import checksums
from media_client.transfer.job import Job, Outcome
from media_client.transfer.journal import Entry, Journal, absolute
from media_client.transfer.options import Options
from media_client.transfer.progress import Progress
from media_client.transfer.source import Fingerprint, Source, shown

SMALL_BYTES = 16 * 1024 * 1024  # Larger files are requested one by one.
FIRST_BATCH = 50  # Small, so that sending starts soon.
# requestUploads accepts 500, but a busy service may time out on that many. A service may also send
# all files as multipart uploads: each is then one of the 400 calls to the storage per request.
BATCH = 250
_HASHED_AT_ONCE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Candidate:
    source: Source
    fingerprint: Fingerprint


class Tickets:
    """Turns files into jobs, or into outcomes if there is nothing to send."""

    def __init__(
        self,
        api: Api,
        options: Options,
        progress: Progress,
        journal: Journal | None,
        start: Callable[[Job], None],
        report: Callable[[Outcome], None],
    ) -> None:
        self._api = api
        self._options = options
        self._progress = progress
        self._journal = journal
        self._start = start
        self._report = report
        self._limits: Limits | None = None
        self._most = BATCH

    def batches(self, sources: Iterable[Source]) -> Iterator[Sequence[_Candidate]]:
        """Yield the files that need a ticket: small ones in batches, large ones alone.

        Uploads that an interrupted run left behind are resumed along the way.
        """
        batch: list[_Candidate] = []
        most, total = FIRST_BATCH, 0
        for source in sources:
            candidate = self._candidate(source)
            if candidate is None:
                continue
            if candidate.fingerprint.size > SMALL_BYTES:
                yield [candidate]
                continue
            batch.append(candidate)
            total += candidate.fingerprint.size
            if len(batch) >= most or (self._options.checksum and total > _HASHED_AT_ONCE_BYTES):
                yield batch
                batch, most, total = [], self._most, 0
        if batch:
            yield batch

    def request(self, batch: Sequence[_Candidate]) -> None:
        """Request tickets for a batch and start its jobs."""
        requests, requested = [], []
        for candidate in batch:
            try:
                requests.append(self._request(candidate))
                requested.append(candidate)
            except MediaError as error:
                self._report(Outcome(candidate.source, error=error))
        if not requests:
            return
        # Requests for parts with checksums can't be signed until the checksums are known.
        with_parts = not self._signs_checksums or self._is_single(batch[0])
        results = self._request_tickets(requests, with_parts)
        jobs = []
        for candidate, result in zip(requested, results, strict=True):
            if isinstance(result, Ticket):
                jobs.append(self._job(candidate, result.upload))
            else:
                self._report(Outcome(candidate.source, error=result))
        self._note(jobs)
        for job in jobs:
            self._start(job)

    # ------------------------------------------------------------ new files

    def _request_tickets(
        self, requests: Sequence[operations.UploadRequest], with_parts: bool
    ) -> Sequence[Ticket | MediaError]:
        """Request tickets, halving the batch if a busy service fails on all of it.

        Client tokens make this safe: requests that had succeeded return the same uploads.
        """
        try:
            return self._api.run_in_batches(
                lambda batch: operations.request_uploads(batch, with_parts), requests
            )
        except ApiError as error:
            if len(requests) == 1 or error.code not in ("INTERNAL", "QUERY_TOO_COMPLEX"):
                raise
        half = len(requests) // 2
        self._most = max(FIRST_BATCH, half)
        return (
            *self._request_tickets(requests[:half], with_parts),
            *self._request_tickets(requests[half:], with_parts),
        )

    def _request(self, candidate: _Candidate) -> operations.UploadRequest:
        source, size = candidate.source, candidate.fingerprint.size
        request = operations.UploadRequest(
            source.filename, source.content_type, size, None, source.tags, uuid.uuid4().hex
        )
        if source.sha256 is not None:
            return replace(request, checksum=source.sha256, checksum_algorithm=checksums.SHA256)
        algorithm = self._declared_algorithm(candidate)
        if algorithm is None:
            return request
        file = source.open(candidate.fingerprint)
        try:
            checksum = checksums.OF_RANGE[algorithm](file, 0, size)
        finally:
            os.close(file)
        return replace(request, checksum=checksum, checksum_algorithm=algorithm)

    def _declared_algorithm(self, candidate: _Candidate) -> str | None:
        """Return the algorithm of the checksum of the whole file; None to declare none.

        The service would have to read a file of several parts back to verify its SHA-256.
        """
        if not self._options.checksum:
            return None
        if not self._signs_checksums:
            return checksums.CRC64NVME
        return checksums.SHA256 if self._is_single(candidate) else None

    @property
    def _signs_checksums(self) -> bool:
        """Whether each part is signed with its own SHA-256, instead of a CRC for the whole file."""
        if not self._options.checksum:
            return False
        offered = checksums.CRC64NVME in self._known_limits().checksum_algorithms
        return not (offered and checksums.has_crc64nvme())

    def _job(self, candidate: _Candidate, upload: Upload) -> Job:
        return Job(
            candidate.source,
            candidate.fingerprint,
            upload,
            checksums=self._signs_checksums,
        )

    def _is_single(self, candidate: _Candidate) -> bool:
        """Whether the file is sent as one part, with the checksum of the whole file."""
        return candidate.fingerprint.size <= self._known_limits().single_part_max_bytes

    def _known_limits(self) -> Limits:
        if self._limits is None:
            self._limits = self._api.run(operations.limits())
        return self._limits

    def _note(self, jobs: Sequence[Job]) -> None:
        """Record the tickets in the journal. If that fails, this run can't be resumed."""
        if self._journal is None:
            return
        try:
            self._journal.begin(
                Entry(
                    server=self._api.url,
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
                for job in jobs
            )
        except OSError as error:
            self._journal = None
            self._progress.note(
                f"The journal can't be written ({error.strerror}): this run can't be resumed."
            )

    # ------------------------------------------------------------ interrupted uploads

    def _candidate(self, source: Source) -> _Candidate | None:
        """Return the file if it needs a ticket; resume or report it here if it does not."""
        try:
            candidate = _Candidate(source, source.fingerprint())
            entry = self._journal.find(source.path) if self._journal else None
            if entry is None or not _same_request(entry, source):
                return candidate
            return None if self._resumed(candidate, entry) else candidate
        except (NotSignedIn, ApiError):
            raise
        except MediaError as error:
            self._report(Outcome(source, error=error))
            return None

    def _resumed(self, candidate: _Candidate, entry: Entry) -> bool:
        """Resume an interrupted upload. Returns False if the file needs a new one."""
        changed = candidate.fingerprint != entry.fingerprint
        if entry.done and changed:
            return False
        if changed and not self._options.restart:
            raise SourceChanged(
                f"{shown(candidate.source.path)} changed since its upload was interrupted. "
                "--restart discards what was sent and uploads the file as it is now."
            )
        if changed:
            self._cancel(entry)
            return False
        upload = self._api.run(operations.transfer(entry.upload_id))
        if upload is None:
            return False
        if upload.trashed_at is not None:
            return False
        if upload.status is UploadStatus.STORED:
            self._forget(entry)
            self._report(Outcome(candidate.source, upload, skipped=True))
            return True
        if upload.transfer is None:
            return False  # Cancelled, expired or rejected.
        job = Job(
            candidate.source,
            candidate.fingerprint,
            upload,
            checksums=entry.checksums,
            received=upload.transfer.received,
        )
        self._note([job])
        self._start(job)
        return True

    def _cancel(self, entry: Entry) -> None:
        try:
            self._api.run(operations.cancel_upload(entry.upload_id))
        except (UploadClosed, InvalidInput):
            pass
        except MediaError as error:
            self._progress.note(f"Upload {entry.upload_id} could not be cancelled: {error}")
        self._forget(entry)

    def _forget(self, entry: Entry) -> None:
        if self._journal is not None:
            self._journal.forget(entry.path)


def _same_request(entry: Entry, source: Source) -> bool:
    """Whether the interrupted upload has the same name, media type and tags."""
    return (entry.filename, entry.content_type, list(entry.tags)) == (
        source.filename,
        source.content_type,
        list(source.tags),
    )
