"""Send operations to the service: authentication, retries, and errors as exceptions."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from http.client import HTTPResponse
from threading import Event
from typing import Any, Protocol, TypeVar

from media_client import backoff
from media_client.answers import Answer, Transient, data_of
from media_client.clock import Clock
from media_client.errors import (
    ApiError,
    ConfigurationError,
    NetworkError,
    NotSignedIn,
    ResponseTooLarge,
    Unauthenticated,
    UserError,
)
from media_client.http.hosts import is_loopback
from media_client.http.pool import Headers, Pool, request_id_of
from media_client.http.target import Target
from media_client.operations import Operation
from media_client.waiting import result_of

T = TypeVar("T")
Item = TypeVar("Item")
_Data = tuple[Mapping[str, Any], str | None]  # The data, and the id of the request.

_EXTERNAL_ID = re.compile(r"[!-+\--~]{1,255}")
_INVALID = "GRAPHQL_VALIDATION_FAILED"
ATTEMPTS = 6
# A service that has answered before is restarting or overloaded: half a minute or more of retries.
_ATTEMPTS_ONCE_ANSWERED = 9


class Tokens(Protocol):
    """A source of bearer tokens."""

    def current(self, api: Api) -> str | None:
        """Return a valid token, or None if not signed in. May use `api` to renew an old one."""

    def rejected(self, api: Api, token: str) -> str | None:
        """Return a replacement for a token that the service rejected, or None."""


class Api:
    """The service's GraphQL endpoint."""

    def __init__(self, url: str, tokens: Tokens, pool: Pool) -> None:
        self.url = endpoint(url)
        self.stop: Event | None = None
        self.settings = pool.settings
        self.limiter = pool.limiter
        self.clock = Clock()
        self._tokens = tokens
        self._pool = pool
        self._answered = False
        self._knows_media = True
        self._acting_as: str | None = None

    def pool(self, stop: Event) -> Pool:
        """Create a pool for the transfers of one run, with this client's settings."""
        return self._pool.for_run(stop)

    def for_run(self, stop: Event) -> Api:
        """Return this endpoint for one run.

        Once `stop` is set, it does not retry, and it gives up on a service that does not respond
        within a few seconds.
        """
        run = copy.copy(self)
        run.stop = stop
        return run

    def acting_as(self, external_id: str) -> Api:
        """Return this endpoint for a user that an operator's key acts for.

        Raises:
            ConfigurationError: the id can't be sent in a header.
        """
        if not _EXTERNAL_ID.fullmatch(external_id):
            raise ConfigurationError(
                "The external id of a user has 1 to 255 visible ASCII characters, without spaces "
                "and commas."
            )
        acting = copy.copy(self)
        acting._acting_as = external_id
        return acting

    def run(self, operation: Operation[T]) -> T:
        """Send an operation and return its result.

        Retries transient failures if the operation is repeatable. Renews a rejected token once.

        Raises:
            UserError: the result is a failure that the caller can act on.
            ApiError: the service did not execute the operation.
            NetworkError: the service could not be reached.
            NotSignedIn: the operation needs a token and there is none.
            ConfigurationError: the operation has a password, and the address is not https.
        """
        if operation.secret:
            self._require_tls()
        token = self._tokens.current(self) if operation.needs_token else None
        if operation.needs_token and token is None:
            raise NotSignedIn
        try:
            return self._run_with(operation, token)
        except Unauthenticated:
            renewed = self._tokens.rejected(self, token) if token else None
            if renewed is None or renewed == token:
                raise
            return self._run_with(operation, renewed)

    def _run_with(self, operation: Operation[T], token: str | None) -> T:
        data, request_id = self._data(operation, token)
        try:
            return _marked(operation.read(data), request_id)
        except (UserError, ApiError) as error:
            error.request_id = request_id
            raise
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            message = "The service responded with data of another form than this client expects."
            raise ApiError("INTERNAL", message, request_id) from error

    def _data(self, operation: Operation[T], token: str | None) -> _Data:
        """Send an operation. What an older service does not know is left out."""
        plain = operation.without_media()
        if plain.document == operation.document:
            return self._send_with_retries(operation, token)
        if self._knows_media:
            try:
                return self._send_with_retries(operation, token)
            except ApiError as error:
                if error.code != _INVALID:
                    raise
        answer = self._send_with_retries(plain, token)
        self._knows_media = False  # Only now is it certain that nothing else was wrong.
        return answer

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

    def _send_with_retries(self, operation: Operation[T], token: str | None) -> _Data:
        attempt = 1
        while True:
            try:
                return self._send(operation, token)
            except Transient as error:
                divide = operation.divisible and getattr(error.cause, "code", "") == "INTERNAL"
                repeat = operation.repeatable or error.not_executed
                if attempt >= self._attempts or divide or not repeat:
                    raise error.cause from None
                backoff.wait(backoff.delay_seconds(attempt, error.retry_after), self.stop)
                attempt += 1

    @property
    def _attempts(self) -> int:
        return self.settings.attempts(_ATTEMPTS_ONCE_ANSWERED if self._answered else ATTEMPTS)

    def _send(self, operation: Operation[T], token: str | None) -> _Data:
        headers = [("Content-Type", "application/json"), ("Accept", "application/json")]
        if token is not None:
            headers.append(("Authorization", f"Bearer {token}"))
            if self._acting_as is not None:
                headers.append(("Act-As", self._acting_as))
        payload = {"query": operation.document, "variables": operation.variables}
        body = json.dumps(payload).encode()
        try:
            response, response_body = self._request(headers, body, operation.repeatable)
        except NetworkError as error:
            if not error.is_transient:
                raise
            # Before the first answer, the address may be wrong, which a person wants to know soon.
            raise Transient(error, not_executed=error.unsent and self._answered) from error
        self.clock.observe(response.getheader("Date"))
        request_id = request_id_of(response)
        wait = backoff.retry_after_seconds(response.getheader("Retry-After"), self.clock.now())
        url = Target.of(self.url).url  # Without credentials.
        data = data_of(Answer(url, response.status, response_body, wait, request_id))
        self._answered = True
        return data, request_id

    def _request(
        self, headers: Headers, body: bytes, repeatable: bool
    ) -> tuple[HTTPResponse, bytes]:
        """Send a request. Waits for a response that can't be had again, such as a new token."""
        request = partial(self._pool.request, "POST", self.url, headers, body)
        return request() if self.stop is None or not repeatable else result_of(request, self.stop)

    def _require_tls(self) -> None:
        target = Target.of(self.url)
        if target.scheme == "http" and not (self.settings.allow_http or is_loopback(target.host)):
            raise ConfigurationError(
                f"Passwords are not sent to {target.host} over http, which anyone on the way can "
                "read. Use its https:// address. MEDIA_ALLOW_HTTP=1 allows it, as does "
                "allow_http=True in Python."
            )


def _marked(result: T, request_id: str | None) -> T:
    """Set the request id of the errors in a batch's result."""
    if isinstance(result, tuple):
        for item in result:
            if isinstance(item, UserError):
                item.request_id = request_id
    return result


def endpoint(url: str) -> str:
    """Return the GraphQL endpoint for a service address, given with or without /graphql."""
    url = url.rstrip("/")
    return url if url.endswith("/graphql") else f"{url}/graphql"
