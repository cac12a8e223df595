"""The boto3 client: its timeouts, and which of its errors are transient.

boto3 is imported by the functions, not by the module.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# The maximum number of concurrent calls. A Lambda environment makes at most ten (the messages of
# a batch) or sixteen (the checks of the sweep), as does the uvicorn server of `local/`.
# While the storage hangs, abandoned calls hold their threads until their attempts are used up.
THREADS = 16

# S3 normally starts its response within a second; "Performance design patterns for Amazon S3"
# recommends retrying early. A request has 8 s in total (domain/deadline.py), so one attempt can
# hang and the next can still succeed. CompleteMultipartUpload can take minutes, but S3 sends white
# space meanwhile (API Reference), and the read timeout applies to the time between bytes. Outside
# a request, a hanging call fails after 3 * (2 + 3) s plus up to 3 s of back-off.
CONNECT_SECONDS = 2
READ_SECONDS = 3
ATTEMPTS = 3

# Transient in addition to every status from 500 on except 501; 503 SlowDown is one of them.
_TRANSIENT_CODES = frozenset({"RequestTimeout", "RequestTimeoutException", "Throttling"})


Session = dict[str, str | None]
"""The arguments of `boto3.session.Session`. Without keys, boto3 finds and renews credentials."""


def session(
    region: str,
    access_key_id: str | None,
    secret_access_key: str | None,
    session_token: str | None = None,
) -> Session:
    """Return the arguments of a boto3 session."""
    return {
        "region_name": region,
        "aws_access_key_id": access_key_id,
        "aws_secret_access_key": secret_access_key,
        "aws_session_token": session_token,
    }


def make_client(session: Session, endpoint_url: str | None) -> S3Client:
    """Create a client with its own session, because the default session is not thread-safe.

    boto3's default checksums are off, because not every S3 server supports them.
    """
    import boto3
    from botocore.config import Config

    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path" if endpoint_url else "virtual"},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        max_pool_connections=THREADS,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    arguments: dict[str, Any] = {**session}
    client = boto3.session.Session(**arguments).client(
        "s3", endpoint_url=endpoint_url, config=config
    )
    client.meta.events.register("before-call.s3.DeleteObjects", _add_content_md5)
    return client


def _add_content_md5(params: dict[str, Any], **_: object) -> None:
    """Add the digest that S3 servers require if they do not know boto3's newer checksums."""
    digest = hashlib.md5(params["body"], usedforsecurity=False).digest()
    params["headers"]["Content-MD5"] = base64.b64encode(digest).decode()


def make_sqs_client(session: Session) -> Any:
    """Create a client of Amazon SQS. It is here because only this folder imports boto3."""
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )
    # The installed type stubs of boto3 cover S3 only.
    arguments: dict[str, Any] = {**session}
    clients: Any = boto3.session.Session(**arguments)
    return clients.client("sqs", config=config)


def is_server_failure(status: int) -> bool:
    """Return whether the store failed temporarily. 501 is permanent: it lacks the operation."""
    return status >= 500 and status != 501


def is_transient(error: Exception) -> bool:
    """Return whether the storage or the network failed, so that a retry may succeed."""
    from botocore.exceptions import (
        ClientError,
        ConnectionError,
        HTTPClientError,
        IncompleteReadError,
    )

    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return is_server_failure(status) or error.response["Error"]["Code"] in _TRANSIENT_CODES
    return isinstance(error, ConnectionError | HTTPClientError | IncompleteReadError)
