"""ServiceClient: one method per operation of the service."""

from __future__ import annotations

import copy
import os
from collections.abc import Sequence
from datetime import datetime
from threading import Event
from typing import TYPE_CHECKING, Self

from media_client import operations
from media_client.api import Api, Tokens
from media_client.errors import UserError
from media_client.http.pool import Pool
from media_client.http.settings import HttpSettings
from media_client.library import Library
from media_client.models import (
    ApiKey,
    ApiKeyScope,
    CreatedApiKey,
    Part,
    Session,
    SignInMethods,
    Ticket,
    Upload,
    User,
    UserSession,
)
from media_client.operations import UploadRequest
from media_client.tokens import FixedToken, MemoryStore, SessionSource, SessionStore

if TYPE_CHECKING:
    import urllib3

_ALLOW_HTTP = "MEDIA_ALLOW_HTTP"


class ServiceClient(Library):
    """A client of the service at `url`, acting for one user. Safe to use from several threads.

    Pass `token` (an API key), or call `login`. A session renews itself; its tokens are kept in
    `store`, by default in memory.

    `timeout`: seconds to wait for the next bytes. `max_retries`: how often to repeat a request
    after a transient failure; None for the defaults. `ca_bundle`: a file with the certificates to
    trust. `bandwidth`: bytes per second that all transfers of the client together may use.
    `http_client`: a urllib3.PoolManager to send all requests with; it has its own timeouts,
    certificates and proxies. `allow_http`: send passwords over http to other hosts; by default only
    if MEDIA_ALLOW_HTTP is 1.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        store: SessionStore | None = None,
        timeout: float = 60.0,
        max_retries: int | None = None,
        http_client: urllib3.PoolManager | None = None,
        ca_bundle: str | os.PathLike[str] | None = None,
        bandwidth: int | None = None,
        allow_http: bool | None = None,
    ) -> None:
        settings = HttpSettings(
            timeout_seconds=timeout,
            max_retries=max_retries,
            ca_bundle=None if ca_bundle is None else os.fspath(ca_bundle),
            bytes_per_second=bandwidth,
            allow_http=os.environ.get(_ALLOW_HTTP) == "1" if allow_http is None else allow_http,
        )
        self._session = SessionSource(store or MemoryStore())
        tokens: Tokens = self._session if token is None else FixedToken(token)
        self._pool = Pool(settings, http_client)
        self._api = Api(url, tokens, self._pool)

    @property
    def url(self) -> str:
        """The URL of the service's GraphQL endpoint."""
        return self._api.url

    @property
    def api(self) -> Api:
        """The GraphQL endpoint, for callers that run operations or a transfer engine directly."""
        return self._api

    def for_run(self, stop: Event) -> Self:
        """Return this client for one run, whose requests end with Stopped once `stop` is set."""
        run = copy.copy(self)
        run._api = self._api.for_run(stop)
        return run

    def acting_as(self, external_id: str) -> Self:
        """Return this client for one of your users, made by the service when first seen.

        `token` must be an operator's key, `muo_…`, whose backend acts for users; `external_id` is
        the user's id at your issuer, or any id of yours if you have none. The two clients share
        their connections, so close one of them. No other client is changed.

        Raises:
            ConfigurationError: the id has other characters than visible ASCII, a space or a comma,
                or more than 255 of them.
        """
        acting = copy.copy(self)
        acting._api = self._api.acting_as(external_id)
        return acting

    def close(self) -> None:
        """Close the connections. Does not sign out."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ------------------------------------------------------------ accounts and API keys

    def sign_in_methods(self) -> SignInMethods:
        """Return how people sign in at the service. Works without signing in."""
        return self._api.run(operations.sign_in_methods())

    def sign_up(
        self,
        username: str,
        password: str,
        *,
        email: str | None = None,
        full_name: str | None = None,
    ) -> Session:
        """Create an account and sign in.

        Raises:
            UsernameTaken, InvalidInput, TooManyAttempts
        """
        session = self._api.run(operations.sign_up(username, password, email, full_name))
        self._session.begin(session, self._api.clock)
        return session

    def login(self, username: str, password: str) -> Session:
        """Sign in. Later calls use the session and renew it when needed.

        Raises:
            InvalidCredentials, TooManyAttempts
        """
        session = self._api.run(operations.login(username, password))
        self._session.begin(session, self._api.clock)
        return session

    def logout(self, *, everywhere: bool = False) -> int:
        """End this session, or all of the user's sessions. Returns how many ended."""
        ended = self._api.run(operations.logout(everywhere))
        self._session.end()
        return ended

    def change_password(self, current: str, new: str, *, revoke_api_keys: bool = False) -> int:
        """Change the password, ending the user's other sessions. Returns how many ended.

        API keys stay valid unless `revoke_api_keys`.

        Raises:
            InvalidCredentials: `current` is wrong.
            InvalidInput, TooManyAttempts
            Forbidden: this client uses an API key, not a session.
        """
        return self._api.run(operations.change_password(current, new, revoke_api_keys))

    def sessions(self) -> Sequence[UserSession]:
        """Return where the user is signed in, most recently used first; empty for an API key."""
        return self._api.run(operations.sessions())

    def end_session(self, session_id: str) -> bool:
        """End one of the user's sessions. Returns False if there is no such session.

        Raises:
            Forbidden: this client uses an API key, not a session.
        """
        return self._api.run(operations.end_session(session_id)) > 0

    def refresh_session(self) -> None:
        """Renew the session now. Rarely needed: sessions renew themselves before they expire.

        Raises:
            NotSignedIn: there is no session, or it has ended.
        """
        self._session.renew(self._api)

    def viewer(self) -> User | None:
        """Return the signed-in user, or None if the token is no longer valid."""
        return self._api.run(operations.viewer())

    def api_keys(self) -> Sequence[ApiKey]:
        """Return the user's API keys, newest first."""
        return self._api.run(operations.api_keys())

    def create_api_key(
        self,
        name: str,
        *,
        expires_at: datetime | None = None,
        scope: ApiKeyScope = ApiKeyScope.ALL,
        current_password: str | None = None,
    ) -> CreatedApiKey:
        """Create an API key; its token is shown only once.

        Raises:
            InvalidCredentials: `current_password` is wrong, or is missing and the last login was
                more than 15 minutes ago.
            InvalidInput, TooManyAttempts
            Forbidden: this client uses an API key, not a session.
        """
        return self._api.run(operations.create_api_key(name, expires_at, scope, current_password))

    def revoke_api_key(self, key_id: str) -> str:
        """Revoke an API key and return its id. Raises ApiKeyNotFound."""
        return self._api.run(operations.revoke_api_key(key_id))

    # ------------------------------------------------------------ uploading step by step

    def request_upload(self, request: UploadRequest) -> Ticket:
        """Request the upload of one file; then call `sign_parts` for the URLs.

        Raises:
            FileTooLarge, UnsupportedMediaType, QuotaExceeded, ClientTokenReused, InvalidInput
        """
        return self._api.run(operations.request_upload(request))

    def request_uploads(
        self, requests: Sequence[UploadRequest], *, with_parts: bool = True
    ) -> Sequence[Ticket | UserError]:
        """Request up to 500 uploads. Returns a ticket or an error per file, in order.

        With the parts of large files, the tickets may not fit into one response. The files are then
        requested in several batches. Give each file a `client_token`, so that you can repeat the
        call if a batch fails.
        """
        return self._api.run_in_batches(
            lambda batch: operations.request_uploads(batch, with_parts), requests
        )

    def sign_parts(self, upload_id: str, parts: Sequence[tuple[int, str | None]]) -> Sequence[Part]:
        """Return signed requests for parts, given as (number, Base64 SHA-256 or None)."""
        return self._api.run(operations.sign_parts(upload_id, parts))

    def find_transfer(self, upload_id: str) -> Upload | None:
        """Return an upload with its part sizes and received parts in `transfer`, or None."""
        return self._api.run(operations.transfer(upload_id))

    def complete_upload(self, upload_id: str) -> Upload:
        """Tell the service that all bytes have been sent.

        Raises:
            UploadNotFound, UploadIncomplete, UploadRejected, UploadClosed
        """
        return self._api.run(operations.complete_upload(upload_id))

    def complete_uploads(self, upload_ids: Sequence[str]) -> Sequence[Upload | UserError]:
        """Complete up to 100 uploads. Returns an upload or an error per id, in order."""
        return self._api.run_in_batches(operations.complete_uploads, upload_ids)

    def cancel_upload(self, upload_id: str) -> Upload:
        """Cancel a pending upload. Raises UploadNotFound or UploadClosed."""
        return self._api.run(operations.cancel_upload(upload_id))
