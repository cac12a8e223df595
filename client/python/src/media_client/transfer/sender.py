"""Sends one part to the bucket, retrying transient failures."""

from __future__ import annotations

from threading import Event

from media_client.api import Api
from media_client.errors import SourceChanged
from media_client.http.pool import Pool
from media_client.transfer.concurrency import Slots
from media_client.transfer.content import Content
from media_client.transfer.job import Job
from media_client.transfer.progress import Progress
from media_client.transfer.retries import bucket_error, with_retries


class Sender:
    """Sends parts over keep-alive connections."""

    def __init__(self, api: Api, pool: Pool, slots: Slots, progress: Progress, stop: Event) -> None:
        self._api = api
        self._pool = pool
        self._slots = slots
        self._progress = progress
        self._stop = stop

    def send(self, job: Job, number: int, content: Content) -> None:
        """Send a part.

        Raises:
            BucketError, NetworkError: the bucket rejected it, or it failed too many times.
            SourceError: the file can't be read, or has changed.
            Stopped: the stop event was set.
        """
        content.check_unchanged()
        try:
            with_retries(
                lambda: self._attempt(job, number, content),
                self._api.settings,
                self._stop,
                self._slots.slow_down,
            )
        except SourceChanged:
            content.check_unchanged()  # Raises an error that says what changed.
            raise
        content.check_unchanged()

    def _attempt(self, job: Job, number: int, content: Content) -> None:
        part = job.part(self._api, number, content)
        if part is None:
            return  # The upload is already settled; completeUpload returns its state.
        counted = 0

        def count(sent: int) -> None:
            nonlocal counted
            counted += sent
            self._progress.advance(job, sent)

        body = content.body(part.offset, part.size, count)
        try:
            response, response_body = self._pool.request(
                part.request.method, part.request.url, part.request.headers, body
            )
            # 412: `if-none-match: *` is signed and the object exists, so an earlier attempt
            # succeeded and only its response was lost. 404: the multipart upload no longer exists,
            # because the service has completed or aborted it; completeUpload says which.
            if not (200 <= response.status < 300 or response.status in (404, 412)):
                raise bucket_error(response, response_body)
        except BaseException:
            self._progress.advance(job, -counted)
            raise
