"""Tells the service that files have been sent, in batches, and handles the results.

The newest files are completed first. The service settles files on its own when it receives the
bucket's events, oldest first, and completing a settled file costs almost nothing. In the same
order, client and events would both do the work for each file.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from media_client import backoff, operations
from media_client.api import Api
from media_client.errors import ApiError, MediaError, Stopped, UploadIncomplete
from media_client.models import Upload, UploadStatus
from media_client.transfer.job import Job

BATCH = 100
_THREADS = 2
_GATHER_SECONDS = 0.05
_CHECKING_SECONDS = 600.0
_RESENDS = 3


class Completion:
    """Completes jobs whose parts have all been sent. Each job ends in `finish` or `resend`."""

    def __init__(
        self,
        api: Api,
        finish: Callable[[Job, Upload | MediaError], None],
        resend: Callable[[Job, Sequence[int]], None],
        stop: threading.Event,
    ) -> None:
        self._api = api
        self._finish = finish
        self._resend = resend
        self._stop = stop
        self._batch = BATCH
        self._ready: list[Job] = []
        self._changed = threading.Condition()
        self._closed = False
        self._threads: list[threading.Thread] = []

    def add(self, job: Job) -> None:
        """Queue a job whose parts have all been sent."""
        with self._changed:
            self._ready.append(job)
            if len(self._threads) < _THREADS and len(self._ready) > BATCH * len(self._threads):
                thread = threading.Thread(target=self._work, name="completion", daemon=True)
                self._threads.append(thread)
                thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Wait until the queue is empty, then end the threads."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._ready:
                    if self._closed:
                        return
                    self._changed.wait()
                crowded = len(self._ready) > 1
            if crowded and not self._closed:
                time.sleep(_GATHER_SECONDS)  # Let a few more files join the batch.
            with self._changed:
                jobs = self._ready[-self._batch :]
                del self._ready[-self._batch :]
            if jobs:
                self._complete(jobs)

    def _complete(self, jobs: Sequence[Job]) -> None:
        results: Sequence[Upload | MediaError]
        try:
            ids = [job.upload.id for job in jobs]
            results = self._api.run_in_batches(operations.complete_uploads, ids)
        except MediaError as error:
            if isinstance(error, ApiError) and len(jobs) > 1:
                # Either one upload makes the whole call fail, or the batch takes too long.
                self._batch = max(5, len(jobs) // 2)
                self._complete(jobs[: len(jobs) // 2])
                self._complete(jobs[len(jobs) // 2 :])
                return
            results = tuple(error for _ in jobs)
        for job, result in zip(jobs, results, strict=True):
            if isinstance(result, UploadIncomplete) and job.resends < _RESENDS:
                self._resend(job, result.missing_parts)
            elif isinstance(result, Upload) and result.status is UploadStatus.PENDING:
                self._wait_until_checked(job, result)
            else:
                self._finish(job, result)

    def _wait_until_checked(self, job: Job, upload: Upload) -> None:
        """Poll while the service reads a large file to verify its checksum."""
        deadline = time.monotonic() + _CHECKING_SECONDS
        attempt = 1
        result: Upload | MediaError = upload
        try:
            while time.monotonic() < deadline:
                backoff.wait(min(5.0, backoff.delay_seconds(attempt, 0.2)), self._stop)
                attempt += 1
                result = self._api.run(operations.complete_upload(upload.id))
                if result.status is not UploadStatus.PENDING:
                    break
        except Stopped:
            pass  # All bytes have arrived, so the service finishes without this client.
        except MediaError as error:
            result = error
        self._finish(job, result)
