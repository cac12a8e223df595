"""Send operations to the service: authentication, retries, and errors as exceptions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from threading import Event
from typing import Any, Protocol, TypeVar

from media_client import backoff
from media_client.errors import (
    ApiError,
    NetworkError,
    NotSignedIn,
    RateLimited,
    ResponseTooLarge,
    Unauthenticated,
    api_error,
)
from media_client.operations import Operation
from media_client.pool import Pool
from media_client.settings import HttpSettings

T = TypeVar("T")
Item = TypeVar("Item")

ATTEMPTS = 6
_TRANSIENT = frozenset({429, 500, 502, 503, 504})


class Tokens(Protocol):
    """A source of bearer tokens."""

    def current(self, api: Api) -> str | None:
        """Return a valid token, or None if not signed in. May use `api` to renew an old one."""

    def rejected(self, api: Api, token: str) -> str | None:
        """Return a replacement for a token that the service rejected, or None."""


class Api:
    """The service's GraphQL endpoint."""

    def __init__(
        self,
        url: str,
        tokens: Tokens,
        pool: Pool,
        user_agent: str,
        settings: HttpSettings | None = None,
    ) -> None:
        self.url = endpoint(url)
        self.stop: Event | None = None
        self.settings = settings or HttpSettings()
        self._tokens = tokens
        self._pool = pool
        self._user_agent = user_agent

    def pool(self, stop: Event) -> Pool:
        """Create a pool for the transfers of one run, with this client's settings."""
        return Pool(stop)

    def run(self, operation: Operation[T]) -> T:
        """Send an operation and return its result.

        Retries transient failures if the operation is repeatable. Renews a rejected token once.

        Raises:
            UserError: the result is a failure that the caller can act on.
            ApiError: the service did not execute the operation.
            NetworkError: the service could not be reached.
            NotSignedIn: the operation needs a token and there is none.
        """
        token = self._tokens.current(self) if operation.needs_token else None
        if operation.needs_token and token is None:
            raise NotSignedIn
        try:
            data = self._send_with_retries(operation, token)
        except Unauthenticated:
            renewed = self._tokens.rejected(self, token) if token else None
            if renewed is None or renewed == token:
                raise
            data = self._send_with_retries(operation, renewed)
        return operation.read(data)

    def run_in_batches(
        self, operation: Callable[[Sequence[Item]], Operation[Sequence[T]]], items: Sequence[Item]
    ) -> Sequence[T]:
        """Run an operation on many items, in batches if the response would be too large.

        The service reports how many items fit into one response. Raises what `run` raises.
        """
        results: list[T] = []
        most = len(items)
        while len(results) < len(items):
            batch = items[len(results) : len(results) + most]
            try:
                results += self.run(operation(batch))
            except ResponseTooLarge as error:
                if not 0 < error.max_files < len(batch):
                    raise
                most = error.max_files
        return results

    def _send_with_retries(self, operation: Operation[T], token: str | None) -> Mapping[str, Any]:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._send(operation, token)
            except _Transient as error:
                divide = operation.divisible and getattr(error.cause, "code", "") == "INTERNAL"
                repeat = operation.repeatable or error.not_executed
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
            response, response_body = self._pool.request("POST", self.url, headers, body)
        except NetworkError as error:
            if not error.is_transient:
                raise
            raise _Transient(error) from error
        return _data(response.status, response.getheader("Retry-After"), response_body, self.url)


class _Transient(Exception):
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


def _data(status: int, retry_after: str | None, body: bytes, url: str) -> Mapping[str, Any]:
    """Return the `data` of a GraphQL response, or raise its first error."""
    wait = backoff.retry_after_seconds(retry_after)
    try:
        payload = json.loads(body)
        errors = payload.get("errors")
        data = payload.get("data")
    except (ValueError, AttributeError):
        failure = ApiError(
            "INTERNAL",
            f"{url} responded with {status} and a body that is not a GraphQL response. "
            "Check the address of the service.",
        )
        if status in _TRANSIENT:
            raise _Transient(failure, wait, status == 429) from None
        raise failure from None
    if errors:
        first = errors[0]
        error = api_error(
            first.get("message", "The service failed without a message."),
            first.get("extensions") or {},
        )
        if isinstance(error, RateLimited) or status in _TRANSIENT or error.code == "INTERNAL":
            raise _Transient(error, wait, isinstance(error, RateLimited))
        raise error
    if not isinstance(data, dict):
        raise ApiError("INTERNAL", f"{url} responded with {status} but without data.")
    return data


def endpoint(url: str) -> str:
    """Return the GraphQL endpoint for a service address, given with or without /graphql."""
    url = url.rstrip("/")
    return url if url.endswith("/graphql") else f"{url}/graphql"
