"""Which failures of requests to the bucket are repeated, and how often."""

from __future__ import annotations

from threading import Event

import pytest

from media_client import backoff
from media_client.errors import BucketError, NetworkError
from media_client.http.settings import HttpSettings
from media_client.transfer.retries import ATTEMPTS, with_retries


@pytest.mark.parametrize(
    ("error", "attempts", "delays"),
    [
        (NetworkError("cut off"), ATTEMPTS, ATTEMPTS - 1),
        (BucketError(503, "SlowDown", ""), ATTEMPTS, ATTEMPTS - 1),
        (BucketError(408, "", ""), ATTEMPTS, ATTEMPTS - 1),
        (BucketError(429, "", ""), ATTEMPTS, ATTEMPTS - 1),
        (BucketError(409, "ConditionalRequestConflict", ""), ATTEMPTS, ATTEMPTS - 1),
        (BucketError(403, "AccessDenied", ""), 5, 3),  # Each time with a new URL.
        (BucketError(403, "", ""), 5, 3),
        (BucketError(400, "ExpiredToken", ""), 5, 3),
        (BucketError(400, "BadDigest", ""), 1, 0),
        (BucketError(404, "NoSuchKey", ""), 1, 0),
    ],
    ids=str,
)
def test_transient_failures_are_repeated(
    error: NetworkError | BucketError,
    attempts: int,
    delays: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent, waits, slowed = [], [], []
    monkeypatch.setattr(backoff, "wait", lambda seconds, _stop: waits.append(seconds))

    def attempt() -> None:
        sent.append(error)
        raise error

    with pytest.raises(type(error)):
        with_retries(attempt, HttpSettings(), Event(), lambda: slowed.append(error))
    assert (len(sent), len(waits), len(slowed)) == (attempts, delays, delays)
