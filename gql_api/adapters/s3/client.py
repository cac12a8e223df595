"""The boto3 client: its time limits, and which of its errors may pass by themselves.

Importing this module imports nothing of boto3; calling it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# How many calls run at a time. Ten messages of a batch or eight checks of the sweep are the most
# at once in a Lambda environment; what is above serves the uvicorn of `local/`. While the storage
# hangs, calls that nobody waits for any more hold their threads until they are out of attempts.
THREADS = 16

# S3 begins to answer within a second, or hardly ever: "Performance design patterns for Amazon S3"
# advises to try again soon. A request has 8 s in all (domain/deadline.py), so one attempt may hang
# and the next still succeed. CompleteMultipartUpload may take minutes, but S3 sends white space
# meanwhile (API Reference), and the time-out is for the time without a byte. A hanging call
# outside of a request is given up after 3 * (2 + 3) s and up to 3 s of pauses.
_CONNECT_SECONDS = 2
_READ_SECONDS = 3
_ATTEMPTS = 3

# Besides all answers of 500 and above; 503 SlowDown is among those.
_PASSING_CODES = frozenset({"RequestTimeout", "RequestTimeoutException", "Throttling"})


def make_client(session: dict[str, Any], endpoint_url: str | None) -> S3Client:
    """A client with a session of its own: the default session is not safe between threads.

    Checksums that boto3 would add by itself are not understood by every S3 server.
    """
    import boto3
    from botocore.config import Config

    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path" if endpoint_url else "virtual"},
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
        max_pool_connections=THREADS,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return boto3.session.Session(**session).client("s3", endpoint_url=endpoint_url, config=config)


def is_transient(error: Exception) -> bool:
    """Whether the failure is of the storage or the way there, so that another try may succeed."""
    from botocore.exceptions import (
        ClientError,
        ConnectionError,
        HTTPClientError,
        IncompleteReadError,
    )

    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return status >= 500 or error.response["Error"]["Code"] in _PASSING_CODES
    return isinstance(error, ConnectionError | HTTPClientError | IncompleteReadError)
