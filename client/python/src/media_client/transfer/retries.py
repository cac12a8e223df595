"""Requests to the bucket that failed: why, and whether they are worth repeating."""

from __future__ import annotations

import re
from collections.abc import Callable
from http.client import HTTPResponse
from threading import Event

from media_client import backoff
from media_client.errors import BucketError, NetworkError
from media_client.http.pool import request_id_of
from media_client.http.settings import HttpSettings

ATTEMPTS = 9
_CODE = re.compile(rb"<Code>([^<]{1,100})</Code>")
_MESSAGE = re.compile(rb"<Message>([^<]{1,300})</Message>")
# Transient errors that the request itself did not cause.
_TRANSIENT = frozenset(
    {"RequestTimeout", "SlowDown", "InternalError", "ConditionalRequestConflict"}
)
# The URL has expired, or the clocks differ: a new URL helps.
_STALE = frozenset({"AccessDenied", "ExpiredToken", "RequestExpired"})
_STALE_ATTEMPTS = 4


def with_retries(
    attempt: Callable[[], None],
    settings: HttpSettings,
    stop: Event,
    slow_down: Callable[[], None] = lambda: None,
) -> None:
    """Call `attempt` until it succeeds, with `slow_down` and a delay after transient failures.

    Raises:
        BucketError, NetworkError: the failure is permanent, or it was the last attempt.
        Stopped: `stop` was set.
    """
    attempts = settings.attempts(ATTEMPTS)
    for number in range(1, attempts + 1):
        try:
            return attempt()
        except NetworkError as error:
            if number == attempts or not error.is_transient:
                raise
            wait_at_least = 0.0
        except BucketError as error:
            if number == attempts or not _is_transient(error, number):
                raise
            if _is_stale(error) and number == 1:
                continue  # The rest may be due to a store that is starting.
            wait_at_least = error.retry_after
        slow_down()
        backoff.wait(backoff.delay_seconds(number, wait_at_least), stop)
    return None


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


def _is_transient(error: BucketError, number: int) -> bool:
    if _is_stale(error):
        return number <= _STALE_ATTEMPTS
    return error.status >= 500 or error.status in (408, 429) or error.code in _TRANSIENT


def _is_stale(error: BucketError) -> bool:
    return error.status == 403 or error.code in _STALE
