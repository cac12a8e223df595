"""Tells the service that files have been sent, in batches, and handles the results.

The newest files are completed first. The service settles files on its own when it receives the
bucket's events, oldest first, and completing a settled file costs almost nothing. In the same
order, client and events would both do the work for each file.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from media_client import backoff, operations
from media_client.api import Api
from media_client.errors import ApiError, MediaError, Stopped, UploadIncomplete
from media_client.models import Upload, UploadStatus
from media_client.transfer.halt import Halt
from media_client.transfer.job import Job

BATCH = 100
_THREADS = 2
_GATHER_SECONDS = 0.05
_CHECKING_SECONDS = 600.0
_CHECK_AGAIN_SECONDS = 5.0
_RESENDS = 3
_NEVER = float("inf")

Settled = tuple[Job, Upload | MediaError]


@dataclass(slots=True)
class _Check:
    """A file that the service is reading to verify its checksum, and when to ask again."""

    job: Job
    upload: Upload
    deadline: float
    due: float
    attempt: int = 1


class Completion:
    """Completes jobs whose parts have all been sent.

    Each job ends in `finish`, which is called with all jobs of a batch at once, or in `resend`.
    """

    def __init__(
        self,
        api: Api,
        finish: Callable[[Sequence[Settled]], None],
        resend: Callable[[Job, Sequence[int]], None],
        halt: Halt,
    ) -> None:
        self._api = api
        self._finish = finish
        self._resend = resend
        self._halt = halt
        self._batch = BATCH
        self._ready: list[Job] = []
        self._checks: dict[Job, _Check] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._threads: list[threading.Thread] = []

    def add(self, job: Job) -> None:
        """Queue a job whose parts have all been sent. Ignored after `close`."""
        with self._changed:
            if self._closed:
                return
            self._ready.append(job)
            if len(self._threads) < _THREADS and len(self._ready) > BATCH * len(self._threads):
                self._threads.append(self._halt.thread(self._work, "completion"))
            self._changed.notify()

    def close(self) -> Sequence[threading.Thread]:
        """Let the threads end once the queue is empty, or at once if the run failed.

        Returns the threads.
        """
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            return tuple(self._threads)

    def _work(self) -> None:
        while (jobs := self._next()) is not None:
            self._complete(jobs)
        # The bytes of these have arrived: the service finishes them without this client.
        self._finish([(check.job, check.upload) for check in self._take_checks()])

    def _next(self) -> Sequence[Job] | None:
        """Wait for jobs to complete. Returns None when there is no more work."""
        with self._changed:
            while not (self._ready or self._closed or self._due()):
                self._changed.wait(self._seconds_to_next_check())
            crowded = len(self._ready) > 1
        if crowded and not self._closed:
            time.sleep(_GATHER_SECONDS)  # Let a few more files join the batch.
        with self._changed:
            if self._halt.failure is not None or (self._closed and not self._ready):
                return None
            checks = self._due()
            for check in checks:
                check.due = _NEVER  # No other thread takes it.
            jobs = [check.job for check in checks] + self._ready[-self._batch :]
            del self._ready[-self._batch :]
            return jobs

    def _complete(self, jobs: Sequence[Job]) -> None:
        results: Sequence[Upload | MediaError]
        try:
            ids = [job.upload.id for job in jobs]
            results = self._api.run_in_batches(operations.complete_uploads, ids)
        except Stopped:
            return
        except MediaError as error:
            if isinstance(error, ApiError) and len(jobs) > 1:
                # Either one upload makes the whole call fail, or the batch takes too long.
                self._batch = max(5, len(jobs) // 2)
                self._complete(jobs[: len(jobs) // 2])
                self._complete(jobs[len(jobs) // 2 :])
                return
            results = tuple(error for _ in jobs)
        self._sort(tuple(zip(jobs, results, strict=True)))

    def _sort(self, results: Sequence[Settled]) -> None:
        settled = []
        for job, result in results:
            if isinstance(result, UploadIncomplete) and job.resends < _RESENDS:
                self._resend(job, result.missing_parts)
            elif not self._checks_again(job, result):
                settled.append((job, result))
        self._finish(settled)

    # ------------------------------------------------------------ checksums of large files

    def _checks_again(self, job: Job, result: Upload | MediaError) -> bool:
        """Plan to ask again if the service is still reading the file to verify its checksum."""
        now = time.monotonic()
        with self._changed:
            check = self._checks.pop(job, None)
            if not isinstance(result, Upload) or result.status is not UploadStatus.PENDING:
                return False
            check = check or _Check(job, result, now + _CHECKING_SECONDS, now)
            if now >= check.deadline:
                return False
            delay = min(_CHECK_AGAIN_SECONDS, backoff.delay_seconds(check.attempt, 0.2))
            check.attempt, check.due = check.attempt + 1, now + delay
            self._checks[job] = check
            return True

    def _due(self) -> Sequence[_Check]:
        now = time.monotonic()
        return [check for check in self._checks.values() if check.due <= now]

    def _seconds_to_next_check(self) -> float | None:
        first = min((check.due for check in self._checks.values()), default=_NEVER)
        return None if first == _NEVER else max(0.0, first - time.monotonic())

    def _take_checks(self) -> Sequence[_Check]:
        with self._changed:
            checks = tuple(self._checks.values())
            self._checks.clear()
            return checks
