"""Sending one part, until the bucket has it or it is clear that it never will."""

from __future__ import annotations

import re
from threading import Event

from media_client import backoff
from media_client.api import Api
from media_client.connection import FileSlice
from media_client.errors import BucketError, NetworkError, SourceChanged
from media_client.pool import Pool
from media_client.transfer.concurrency import Slots
from media_client.transfer.job import Job
from media_client.transfer.progress import Progress

ATTEMPTS = 9
_CODE = re.compile(rb"<Code>([^<]{1,100})</Code>")
_MESSAGE = re.compile(rb"<Message>([^<]{1,300})</Message>")
# Refusals that say nothing about the part: try again.
_PASSING = frozenset({"RequestTimeout", "SlowDown", "InternalError", "ConditionalRequestConflict"})
# An old URL, or a clock that is wrong by now: a new URL helps.
_STALE = frozenset({"AccessDenied", "ExpiredToken", "RequestExpired"})


class Sender:
    """Sends parts over kept-alive connections."""

    def __init__(self, api: Api, pool: Pool, slots: Slots, progress: Progress, stop: Event) -> None:
        self._api = api
        self._pool = pool
        self._slots = slots
        self._progress = progress
        self._stop = stop

    def send(self, job: Job, number: int) -> None:
        """Send a part.

        Raises:
            BucketError, NetworkError: it was refused, or failed too often.
            SourceError: the file can't be read, or is not what it was.
            Stopped: the caller asked for it.
        """
        file = job.open()
        try:
            job.check_unchanged(file)
            try:
                self._attempt_all(job, number, file)
            except SourceChanged:
                job.check_unchanged(file)  # It tells more of what has changed.
                raise
            job.check_unchanged(file)
        finally:
            job.close()

    def _attempt_all(self, job: Job, number: int, file: int) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._attempt(job, number, file)
            except NetworkError as error:
                if attempt == ATTEMPTS or not error.passing:
                    raise
                wait_at_least = 0.0
            except BucketError as error:
                if attempt == ATTEMPTS or not _passes(error, attempt):
                    raise
                wait_at_least = error.retry_after
                if error.code in _STALE:
                    continue
            self._slots.slow_down()
            backoff.wait(backoff.delay_seconds(attempt, wait_at_least), self._stop)
        return None

    def _attempt(self, job: Job, number: int, file: int) -> None:
        part = job.part(self._api, number, file)
        if part is None:
            return  # Settled meanwhile; completeUpload tells how.
        counted = 0

        def count(sent: int) -> None:
            nonlocal counted
            counted += sent
            self._progress.advance(job, sent)

        body = FileSlice(file, part.offset, part.size, count)
        try:
            response, answer = self._pool.request(
                part.request.method, part.request.url, part.request.headers, body
            )
            # 412: `if-none-match: *` is signed, and the object is there: an attempt before this
            # one arrived, and only its answer was lost. 404: the multipart upload is over, for the
            # service has put the parts together, or dropped it. completeUpload knows which.
            if not (200 <= response.status < 300 or response.status in (404, 412)):
                error = bucket_error(response.status, answer)
                error.retry_after = backoff.retry_after_seconds(response.getheader("Retry-After"))
                raise error
        except BaseException:
            self._progress.advance(job, -counted)
            raise


def _passes(error: BucketError, attempt: int) -> bool:
    if error.code in _STALE:
        return attempt <= 2
    return error.status >= 500 or error.status in (408, 429) or error.code in _PASSING


def bucket_error(status: int, body: bytes) -> BucketError:
    """The error in an S3 answer; stores that send no XML are known by their status alone."""
    code, message = _CODE.search(body), _MESSAGE.search(body)
    return BucketError(
        status,
        code.group(1).decode("utf-8", "replace") if code else "",
        message.group(1).decode("utf-8", "replace") if message else "",
    )
