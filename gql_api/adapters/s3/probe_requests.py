"""The requests of the probe: how they are sent, and what becomes of refusals."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from datetime import datetime
from typing import Any, TypeVar

from gql_api.adapters.s3.client import is_server_failure
from gql_api.domain.errors import Unavailable
from gql_api.domain.presigner import PresignedRequest, Presigner
from gql_api.domain.store_probe import ProbeFailed
from gql_api.domain.uploads import Checksum

T = TypeVar("T")

BODY = b"probe"
# No server derives this type from a name or from the bytes.
CONTENT_TYPE = "application/x-media-upload-service-probe"
TTL_SECONDS = 300

_TIMEOUT_SECONDS = 10
_ABSENT = frozenset({"NotImplemented", "MethodNotAllowed"})
INVALID_OR_UNKNOWN = frozenset({400, 501})
"""The statuses for a request that the store rejects as invalid or does not know."""
_CODE = re.compile(rb"<Code>([A-Za-z]{1,60})</Code>")


def put_request(
    presigner: Presigner, key: str, checksum: Checksum, at: datetime
) -> PresignedRequest:
    """Return the signed request that sends the probe's bytes as an object."""
    return presigner.put_object(
        key, len(BODY), CONTENT_TYPE, checksum, at=at, ttl_seconds=TTL_SECONDS
    )


async def accepted(
    request: PresignedRequest, refusals: Collection[int], body: bytes = BODY
) -> bool:
    """Send the bytes; returns False if the store answers with one of `refusals`.

    Raises:
        ProbeFailed: any other answer, such as 403, says nothing about the store's traits.
        Unavailable: the store fails temporarily.
    """
    status, answer = await asyncio.to_thread(_send, request, body)
    if 200 <= status < 300:
        return True
    if status in refusals:
        return False
    if is_server_failure(status):
        raise Unavailable("storage")
    code = _CODE.search(answer)
    raise ProbeFailed(
        f"The store answered a signed {request.method} with {status}"
        f"{f' {code[1].decode()}' if code else ''}. Uploads need such requests: check the bucket, "
        "the credentials and their permissions, and this machine's clock."
    )


def _send(request: PresignedRequest, body: bytes) -> tuple[int, bytes]:
    """Send the bytes as a client would; returns the status and the body of the answer."""
    from botocore.awsrequest import AWSRequest
    from botocore.exceptions import HTTPClientError
    from botocore.httpsession import URLLib3Session
    from botocore.utils import get_environ_proxies

    session = URLLib3Session(proxies=get_environ_proxies(request.url), timeout=_TIMEOUT_SECONDS)
    prepared = AWSRequest(request.method, request.url, dict(request.headers), body).prepare()
    try:
        answer = session.send(prepared)
        return answer.status_code, answer.content
    except HTTPClientError:
        raise Unavailable("storage") from None  # The error's message contains the signed URL.
    finally:
        session.close()


@contextlib.asynccontextmanager
async def cleared(clear: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Call `clear` at the end. If the block fails, its error is raised, not that of `clear`."""
    try:
        yield
    except BaseException:
        with contextlib.suppress(Exception):
            await clear()
        raise
    await clear()


async def unless_absent(call: Callable[[], Awaitable[T]]) -> T | None:
    """Await the call; returns None if the store has no such operation."""
    return await _unless(call, lambda answer: answer["Error"]["Code"] in _ABSENT)


async def unless_refused(call: Callable[[], Awaitable[T]]) -> T | None:
    """Await the call; returns None if the store rejects the request as invalid or unknown."""

    def is_refusal(answer: Mapping[str, Any]) -> bool:
        return answer.get("ResponseMetadata", {}).get("HTTPStatusCode") in INVALID_OR_UNKNOWN

    return await _unless(call, is_refusal)


async def _unless(
    call: Callable[[], Awaitable[T]], is_expected: Callable[[Mapping[str, Any]], bool]
) -> T | None:
    from botocore.exceptions import ClientError

    try:
        return await call()
    except ClientError as error:
        if not is_expected(error.response):
            raise
        return None
