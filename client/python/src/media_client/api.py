"""Sending operations to the service: tokens, safe repeats, errors as exceptions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from threading import Event
from typing import Any, Protocol, TypeVar

from media_client import backoff
from media_client.errors import (
    ApiError,
    NetworkError,
    NotSignedIn,
    RateLimited,
    Unauthenticated,
    api_error,
)
from media_client.operations import Operation
from media_client.pool import Pool

T = TypeVar("T")

ATTEMPTS = 6
_TRANSIENT = frozenset({429, 500, 502, 503, 504})


class Tokens(Protocol):
    """Where bearer tokens come from."""

    def current(self, api: Api) -> str | None:
        """A token that should work now, or None for nobody. May renew one by way of `api`."""

    def rejected(self, api: Api, token: str) -> str | None:
        """Another token in place of one that the service refused, or None if there is none."""


class Api:
    """The service's GraphQL endpoint."""

    def __init__(self, url: str, tokens: Tokens, pool: Pool, user_agent: str) -> None:
        self.url = endpoint(url)
        self.stop: Event | None = None
        self._tokens = tokens
        self._pool = pool
        self._user_agent = user_agent

    def run(self, operation: Operation[T]) -> T:
        """Send the operation and read its result.

        What is safe to repeat is sent again after a failure of the network, or one that passes.
        A refused token is renewed once.

        Raises:
            UserError: the result is a failure that the caller can act on.
            ApiError: the service did not carry it out.
            NetworkError: it could not be reached.
            NotSignedIn: a token is needed, and there is none.
        """
        token = self._tokens.current(self) if operation.needs_token else None
        if operation.needs_token and token is None:
            raise NotSignedIn
        try:
            data = self._send_again(operation, token)
        except Unauthenticated:
            other = self._tokens.rejected(self, token) if token else None
            if other is None or other == token:
                raise
            data = self._send_again(operation, other)
        return operation.read(data)

    def _send_again(self, operation: Operation[T], token: str | None) -> Mapping[str, Any]:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._send(operation, token)
            except _Transient as error:
                divide = operation.divisible and getattr(error.cause, "code", "") == "INTERNAL"
                repeat = operation.repeatable or error.not_carried_out
                if attempt == ATTEMPTS or divide or not repeat:
                    raise error.cause from None
                backoff.wait(backoff.delay_seconds(attempt, error.retry_after), self.stop)
        raise AssertionError("the last attempt returns or raises")

    def _send(self, operation: Operation[T], token: str | None) -> Mapping[str, Any]:
        headers = [
            ("Content-Type", "application/json"),
            ("Accept", "application/json"),
            ("User-Agent", self._user_agent),
        ]
        if token is not None:
            headers.append(("Authorization", f"Bearer {token}"))
        payload = {"query": operation.document, "variables": operation.variables}
        body = json.dumps(payload).encode()
        try:
            response, answer = self._pool.request("POST", self.url, headers, body)
        except NetworkError as error:
            if not error.passing:
                raise
            raise _Transient(error) from error
        return _data(response.status, response.getheader("Retry-After"), answer, self.url)


class _Transient(Exception):
    """A failure that may pass; `not_carried_out` where the service surely did nothing."""

    def __init__(
        self,
        cause: NetworkError | ApiError,
        retry_after: float = 0.0,
        not_carried_out: bool = False,
    ) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.retry_after = retry_after
        self.not_carried_out = not_carried_out


def _data(status: int, retry_after: str | None, body: bytes, url: str) -> Mapping[str, Any]:
    """The `data` of an answer."""
    wait = backoff.retry_after_seconds(retry_after)
    try:
        answer = json.loads(body)
        errors = answer.get("errors")
        data = answer.get("data")
    except (ValueError, AttributeError):
        failure = ApiError("INTERNAL", f"{url} answered {status}, and not as the service does.")
        if status in _TRANSIENT:
            raise _Transient(failure, wait, status == 429) from None
        raise failure from None
    if errors:
        first = errors[0]
        extensions = first.get("extensions") or {}
        error = api_error(
            extensions.get("code", "INTERNAL"),
            first.get("message", "The service failed."),
            extensions.get("requestId"),
        )
        if isinstance(error, RateLimited) or status in _TRANSIENT or error.code == "INTERNAL":
            raise _Transient(error, wait, isinstance(error, RateLimited))
        raise error
    if not isinstance(data, dict):
        raise ApiError("INTERNAL", f"{url} answered {status} without data.")
    return data


def endpoint(url: str) -> str:
    """The endpoint of a service that is given by its address, with or without /graphql."""
    url = url.rstrip("/")
    return url if url.endswith("/graphql") else f"{url}/graphql"
