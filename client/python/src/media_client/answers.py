"""Reads the service's responses: their data, or why there is none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from media_client.errors import (
    ApiError,
    Forbidden,
    NetworkError,
    RateLimited,
    ResponseTooLarge,
    Unauthenticated,
)

_TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
# The server in front of the service did not wait for it, so a smaller request is no better.
_UNAVAILABLE = frozenset({429, 503})
_API_ERRORS: Mapping[str, type[ApiError]] = {
    "UNAUTHENTICATED": Unauthenticated,
    "FORBIDDEN": Forbidden,
    "RATE_LIMITED": RateLimited,
}


class Transient(Exception):
    """A failure worth retrying. `not_executed`: the service certainly did nothing."""

    def __init__(
        self,
        cause: NetworkError | ApiError,
        retry_after: float = 0.0,
        not_executed: bool = False,
    ) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.retry_after = retry_after
        self.not_executed = not_executed


@dataclass(frozen=True, slots=True)
class Answer:
    """A response of the service, or of a server in front of it. `retry_after` is in seconds."""

    url: str
    status: int
    body: bytes
    retry_after: float = 0.0
    request_id: str | None = None


def data_of(answer: Answer) -> Mapping[str, Any]:
    """Return the `data` of a GraphQL response.

    Raises:
        ApiError: the response has errors, or is not a GraphQL response.
        Transient: the same, but a retry may succeed.
    """
    payload = _payload(answer.body)
    errors, data = payload.get("errors"), payload.get("data")
    if errors:
        error = _first_error(answer, errors)
        # With 200, the service itself says that it failed.
        failed = answer.status == 200 and error.code == "INTERNAL"
        raise _raised(answer, error, failed or isinstance(error, RateLimited))
    if not isinstance(data, dict):
        raise _raised(answer, _no_data(answer, payload), False)
    return data


def _raised(answer: Answer, error: ApiError, transient: bool) -> ApiError | Transient:
    if not transient and answer.status not in _TRANSIENT:
        return error
    not_executed = isinstance(error, RateLimited) or answer.status == 429
    return Transient(error, answer.retry_after, not_executed)


def _first_error(answer: Answer, errors: Any) -> ApiError:
    first = errors[0] if isinstance(errors, list) else errors
    fields = first if isinstance(first, dict) else {"message": first}
    message, extensions = fields.get("message"), fields.get("extensions")
    if not isinstance(message, str) or not message:
        message = "The service failed without a message."
    return api_error(message, extensions if isinstance(extensions, dict) else {}, answer.request_id)


def api_error(
    message: str, extensions: Mapping[str, Any], request_id: str | None = None
) -> ApiError:
    """Create the exception for an error; ApiError itself for unknown codes."""
    code = str(extensions.get("code", "INTERNAL"))
    request_id = extensions.get("requestId") or request_id
    max_files = extensions.get("maxFiles")
    if isinstance(max_files, int):
        error = ResponseTooLarge(code, message, request_id)
        error.max_files = max_files
        return error
    return _API_ERRORS.get(code, ApiError)(code, message, request_id)


def _no_data(answer: Answer, payload: Mapping[str, Any]) -> ApiError:
    """Create the error for a response without data, such as an API gateway's."""
    message = payload.get("message")
    reason = (
        f": {message}."
        if isinstance(message, str) and message
        else " and a body that is not a GraphQL response."
    )
    text = f"{answer.url} responded with {answer.status}{reason}"
    if answer.status not in _TRANSIENT:
        text += " Check the address of the service."
    code = "UNAVAILABLE" if answer.status in _UNAVAILABLE else "INTERNAL"
    return ApiError(code, text, answer.request_id)


def _payload(body: bytes) -> Mapping[str, Any]:
    """Return the JSON object of a body; an empty one if it has none."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return payload if isinstance(payload, dict) else {}
