"""Looks objects up with pre-signed requests of our own, without boto3.

Every upload is checked at least once. boto3 takes several times the processor time for a HEAD, and
its import takes a quarter of a second.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gql_api.adapters.s3.client import ATTEMPTS, is_server_failure
from gql_api.adapters.s3.connections import Answer, Connections
from gql_api.adapters.s3.presigner import S3Presigner
from gql_api.domain.errors import Unavailable
from gql_api.domain.presigner import PresignedRequest
from gql_api.domain.storage_budget import count_call
from gql_api.domain.uploads import ObjectFacts

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

# S3 accepts signatures in headers, such as boto3's, for as long, so both tolerate the same error of
# this machine's clock.
_TTL_SECONDS = 900


class S3Lookups:
    """Asks the bucket about objects. Each method blocks; several threads may call them."""

    def __init__(self, signer: S3Presigner) -> None:
        self._signer = signer
        self._connections = Connections(signer.origin)

    def head(self, key: str) -> ObjectFacts | None:
        """Return the facts of an object; None if there is none.

        Raises:
            Unavailable: the storage fails temporarily.
            ClientError: the storage refuses the request. Its code is the status, as in boto3.
        """
        request = self._signer.head_object(key, at=datetime.now(UTC), ttl_seconds=_TTL_SECONDS)
        answer = self.ask(request, "HeadObject")
        return None if answer is None else _facts(answer.headers)

    def close(self) -> None:
        """Close the idle connections."""
        self._connections.close()

    def ask(self, request: PresignedRequest, operation: str) -> Answer | None:
        """Return the response to a call of this name if it succeeds; None if it is 404.

        Raises the errors that `head` raises.
        """
        count_call()
        answer = self._send(request, operation)
        if answer.status == 404:
            return None
        if not 200 <= answer.status < 300:
            raise _error(answer, operation)
        return answer

    def _send(self, request: PresignedRequest, operation: str) -> Answer:
        """Send the request, up to three times if the storage fails; pauses as boto3 does."""
        from urllib3.exceptions import HTTPError

        failure: Exception | None = None
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(secrets.randbelow(1000) / 1000 * 2 ** (attempt - 1))
            try:
                answer = self._connections.send(request.method, request.url, dict(request.headers))
            except HTTPError as error:
                failure = error
                continue
            if not is_server_failure(answer.status):
                return answer
            failure = _error(answer, operation)
        raise Unavailable("storage") from failure


def _facts(headers: Mapping[str, str]) -> ObjectFacts:
    """Read the headers. Composite checksums are ignored: they do not hash the whole object."""

    def checksum(algorithm: str) -> str | None:
        value = headers.get(f"x-amz-checksum-{algorithm}")
        composite = headers.get("x-amz-checksum-type") == "COMPOSITE" or "-" in (value or "")
        return None if composite else value

    return ObjectFacts(
        size_bytes=int(headers["content-length"]),
        content_type=headers.get("content-type", ""),
        etag=headers["etag"],
        sha256=checksum("sha256"),
        content_encoding=headers.get("content-encoding", ""),
        crc64nvme=checksum("crc64nvme"),
    )


def _error(answer: Answer, operation: str) -> ClientError:
    """Return the error that boto3 raises for this response without a body."""
    from botocore.exceptions import ClientError

    return ClientError(
        {
            "Error": {"Code": str(answer.status), "Message": answer.reason},
            "ResponseMetadata": {
                "HTTPStatusCode": answer.status,
                "HTTPHeaders": dict(answer.headers),
                "RequestId": answer.headers.get("x-amz-request-id", ""),
                "HostId": answer.headers.get("x-amz-id-2", ""),
                "RetryAttempts": 0,
            },
        },
        operation,
    )
