"""The context of a request, which every resolver gets."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial
from typing import Protocol, TypeAlias

import strawberry

from gql_api.domain.accounts import ApiKeyScope, Viewer
from gql_api.domain.change_feed import ChangeFeed
from gql_api.domain.errors import TOKEN_ENDED, TooManyRequests, Unauthenticated
from gql_api.domain.issuers import SignInMethods
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.uploads import Upload
from gql_api.schema.cookies import RefreshCookie, cookie_name
from gql_api.schema.cost.answer_size import AnswerEstimate
from gql_api.schema.headers import Headers
from gql_api.schema.once import Once, OncePer
from gql_api.schema.scopes import check
from gql_api.services.accounts import AccountService
from gql_api.services.api_keys import ApiKeyService
from gql_api.services.authentication import AuthenticationService, Requester
from gql_api.services.batches import Check
from gql_api.services.library import LibraryService
from gql_api.services.sessions import SessionService
from gql_api.services.trash import TrashService
from gql_api.services.uploads import UploadService

ACT_AS = "act-as"
"""The header that names the user whom a backend acts for; `http.acting` checks it."""


class Services(Protocol):
    """The services that resolvers call, and the settings that they need."""

    @property
    def accounts(self) -> AccountService: ...

    @property
    def sessions(self) -> SessionService: ...

    @property
    def api_keys(self) -> ApiKeyService: ...

    @property
    def authentication(self) -> AuthenticationService: ...

    @property
    def uploads(self) -> UploadService: ...

    @property
    def library(self) -> LibraryService: ...

    @property
    def changes(self) -> ChangeFeed: ...

    @property
    def trash(self) -> TrashService: ...

    @property
    def upload_policy(self) -> UploadPolicy: ...

    @property
    def sign_in_methods(self) -> SignInMethods: ...

    @property
    def refresh_ttl_seconds(self) -> int: ...

    @property
    def max_response_bytes(self) -> int:
        """The largest response, as `schema.cost.answer_size` estimates it."""
        ...

    @property
    def cookie_secure(self) -> bool:
        """Whether browsers send the cookie over HTTPS only."""
        ...

    @property
    def deployment_name(self) -> str:
        """A text that no other deployment on the same host has, and that does not change."""
        ...

    @property
    def base_path(self) -> str:
        """The path below which clients reach the API, such as /api; empty for none."""
        ...


class Context:
    """The context of one request. `operation_name` is None if the request names no operation.

    `headers` are those of the request, and `address` is that of the client, if it is known.
    `root_fields` are the fields of Query or Mutation that the operation selects.
    """

    def __init__(
        self,
        services: Services,
        headers: Headers,
        address: str | None,
        operation_name: str | None,
    ) -> None:
        self.services = services
        self.operation_name = operation_name
        # The scope of the viewer's API key includes nothing before the operation is known.
        self.root_fields: Sequence[str] = ("unknown",)
        self._scope: ApiKeyScope | None = None
        self.address = address or "unknown"
        self.user_agent = headers.find("user-agent")
        self.cookie = RefreshCookie(
            headers.all("cookie"),
            name=cookie_name(services.deployment_name, secure=services.cookie_secure),
            ttl_seconds=services.refresh_ttl_seconds,
            secure=services.cookie_secure,
            base_path=services.base_path,
        )
        self.answer: AnswerEstimate | None = None
        self._retry_after: int | None = None
        self._token = bearer_token(headers.text("authorization"))
        self._act_as = headers.find(ACT_AS)
        self._viewer = Once(self._find_viewer)
        self._requester = Once(self._find_requester)
        self.received = OncePer(services.uploads.received)
        """The parts that the bucket holds of an upload. Each question is a call to the storage."""

    def turn(self) -> AbstractAsyncContextManager[object]:
        """Return the context in which a field reads records and passes them to `check_answer`."""
        return nullcontext() if self.answer is None else self.answer.turn

    def check_answer(self, name: str, uploads: Sequence[Upload | None]) -> None:
        """Count uploads, in the root field with this response name, towards the response's size.

        None stands for an unknown id.

        Raises:
            ResponseTooLarge: there is no room for them.
        """
        if self.answer is not None:
            self.answer.check_records(name, uploads)

    async def viewer(self) -> Viewer | None:
        """Return the sender of the request; None without a valid token.

        Raises:
            Forbidden: an API key's scope does not include all fields of the operation.
            TooManyRequests: the user has exceeded the request limit of this minute.
        """
        viewer = await self._viewer.get()
        if self._scope is not None:
            check(self._scope, self.root_fields)
        return viewer

    def check_scope(self, field: str) -> None:
        """Check that the API key's scope, if any, includes this field of `scopes.INNER_FIELDS`.

        A root field has found the viewer already.

        Raises:
            Forbidden: it does not.
        """
        if self._scope is not None:
            check(self._scope, [field])

    async def signed_in(self) -> Viewer:
        """Return the sender of the request.

        Raises:
            Forbidden: an API key's scope does not include all fields of the operation.
            Unauthenticated: the request has no valid token.
            TooManyRequests: the user has exceeded the request limit of this minute.
        """
        viewer = await self.viewer()
        if viewer is not None:
            return viewer
        if self._token is None:
            raise Unauthenticated
        raise Unauthenticated(TOKEN_ENDED)

    async def requester(self) -> Requester:
        """Return the sender of the request, for a change that checks their session itself.

        This saves the look-up of the viewer, unless the operation has other root fields: then one
        look-up serves all of them.

        Raises:
            Forbidden, Unauthenticated, TooManyRequests: see `signed_in`.
        """
        requester = await self._requester.get() if len(self.root_fields) == 1 else None
        return requester or self.services.authentication.known(await self.signed_in())

    def response_headers(self) -> list[tuple[str, str]]:
        """Return the header fields of the response: Set-Cookie and Retry-After."""
        fields = self.cookie.response_headers()
        if self._retry_after is not None:
            fields.append(("Retry-After", str(self._retry_after)))
        return fields

    async def _find_requester(self) -> Requester | None:
        if self._token is None:
            return None
        return await self.services.authentication.requester(self._token)

    async def _find_viewer(self) -> Viewer | None:
        if self._token is None:
            return None
        try:
            viewer = await self.services.authentication.viewer(self._token, self._act_as)
        except TooManyRequests as refusal:
            self._retry_after = refusal.retry_after_seconds
            raise
        self._scope = None if viewer is None else viewer.scope
        return viewer


Info: TypeAlias = strawberry.Info[Context, None]


def answer_check(info: Info) -> Check:
    """Return the function that checks the records of this root field; see `check_answer`."""
    return partial(info.context.check_answer, str(info.path.key))


def bearer_token(authorization: str) -> str | None:
    """Return the token of an Authorization header (RFC 6750, 2.1).

    The scheme is case-insensitive (RFC 9110, 11.1).
    """
    scheme, _, token = authorization.partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
