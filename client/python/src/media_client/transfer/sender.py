"""Sends one part to the bucket, retrying transient failures."""

from __future__ import annotations

import re
from http.client import HTTPResponse
from threading import Event

from media_client import backoff
from media_client.api import Api
from media_client.errors import BucketError, NetworkError, SourceChanged
from media_client.http.pool import Pool, request_id_of
from media_client.transfer.concurrency import Slots
from media_client.transfer.content import Content
from media_client.transfer.job import Job
from media_client.transfer.progress import Progress

ATTEMPTS = 9
_CODE = re.compile(rb"<Code>([^<]{1,100})</Code>")
_MESSAGE = re.compile(rb"<Message>([^<]{1,300})</Message>")
# Transient errors that the part itself did not cause.
_TRANSIENT = frozenset(
    {"RequestTimeout", "SlowDown", "InternalError", "ConditionalRequestConflict"}
)
# The URL has expired, or the clocks differ: a new URL helps.
_STALE = frozenset({"AccessDenied", "ExpiredToken", "RequestExpired"})


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
            self._send_with_retries(job, number, content)
        except SourceChanged:
            content.check_unchanged()  # Raises an error that says what changed.
            raise
        content.check_unchanged()

    def _send_with_retries(self, job: Job, number: int, content: Content) -> None:
        attempts = self._api.settings.attempts(ATTEMPTS)
        for attempt in range(1, attempts + 1):
            try:
                return self._attempt(job, number, content)
            except NetworkError as error:
                if attempt == attempts or not error.is_transient:
                    raise
                wait_at_least = 0.0
            except BucketError as error:
                if attempt == attempts or not _is_transient(error, attempt):
                    raise
                wait_at_least = error.retry_after
                if error.code in _STALE:
                    continue
            self._slots.slow_down()
            backoff.wait(backoff.delay_seconds(attempt, wait_at_least), self._stop)
        return None

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


def _is_transient(error: BucketError, attempt: int) -> bool:
    if error.code in _STALE:
        return attempt <= 2
    return error.status >= 500 or error.status in (408, 429) or error.code in _TRANSIENT


def bucket_error(response: HTTPResponse, body: bytes) -> BucketError:
    """Create the error for an S3 response; code and message are empty if there is no XML body."""
    code, message = _CODE.search(body), _MESSAGE.search(body)
    error = BucketError(
        response.status,
        code.group(1).decode("utf-8", "replace") if code else "",
        message.group(1).decode("utf-8", "replace") if message else "",
        request_id_of(response),
    )
    error.retry_after = backoff.retry_after_seconds(response.getheader("Retry-After"))
    return error
