"""API keys: created, listed and revoked by owners who are signed in with a session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gql_api.domain import opaque_tokens
from gql_api.domain.account_stores import ApiKeyStore
from gql_api.domain.accounts import (
    API_KEY_NAME_MAX_LENGTH,
    RECENT_LOGIN,
    ApiKey,
    ApiKeyScope,
    Viewer,
)
from gql_api.domain.clock import Clock
from gql_api.domain.errors import ApiKeyNotFound, FieldError, InvalidCredentials, InvalidInput
from gql_api.domain.ids import is_id, new_id
from gql_api.domain.text import flaw
from gql_api.services.password_check import PasswordCheck, Verified
from gql_api.services.security_log import Entry, Event, recorded

API_KEYS_MAX = 100
_LOG_IN_AGAIN = (
    "You logged in more than 15 minutes ago. Send your password as currentPassword, or log in "
    "again."
)
_SIGN_IN_AGAIN = (
    "Sign in again at your issuer, without currentPassword: the token must have an auth_time of "
    "the last 15 minutes."
)


class ApiKeyService:
    """Manages the API keys of users."""

    def __init__(self, *, api_keys: ApiKeyStore, passwords: PasswordCheck, clock: Clock) -> None:
        self._api_keys = api_keys
        self._passwords = passwords
        self._clock = clock

    async def create(
        self,
        viewer: Viewer,
        name: str,
        expires_at: datetime | None,
        *,
        scope: ApiKeyScope = ApiKeyScope.ALL,
        current_password: str | None = None,
        address: str = "",
    ) -> tuple[str, ApiKey]:
        """Create a key; returns its secret, which cannot be retrieved later, and the key.

        A key outlives its session, so a stolen access token must not be enough to create one: the
        login must be recent, or the password be given. Of an issuer's token, `auth_time` says when
        the login was. `address` is the client's.

        Raises:
            Forbidden: the viewer uses an API key, or sends a password although those are off.
            InvalidCredentials: the password is wrong, or is needed and missing; or an issuer's
                token does not say that its user has just signed in.
            InvalidInput: an invalid name, an expiry that is not in the future, or too many keys.
            TooManyAttempts: there were too many failed attempts, including logins.
            Unauthenticated: the viewer's session has ended meanwhile.
        """
        with recorded(Entry.by(Event.CREATE_API_KEY, viewer)) as entry:
            viewer.require_sign_in("create API keys")
            now = self._clock()
            _check(name, expires_at, now)
            verified = await self._verified(viewer, current_password, address, now, entry)
            api_key = ApiKey(
                id=new_id(now),
                owner_id=viewer.user.id,
                name=name,
                created_at=now,
                expires_at=expires_at,
                last_used_at=None,
                scope=scope,
            )
            token = opaque_tokens.new_api_key()
            if not await self._api_keys.insert(
                api_key,
                opaque_tokens.key_hash(token),
                API_KEYS_MAX,
                session_id=viewer.session_id,
                verified_hash=verified.password_hash if verified else None,
            ):
                message = f"can't be added: you have {API_KEYS_MAX} keys; revoke one first"
                raise InvalidInput([FieldError(("name",), message)])
            entry.api_key = api_key.id
            return token, api_key

    async def _verified(
        self, viewer: Viewer, password: str | None, address: str, now: datetime, entry: Entry
    ) -> Verified | None:
        """Verify the password; returns None if none is given and the login is recent."""
        is_recent = viewer.logged_in_at and viewer.logged_in_at > now - RECENT_LOGIN
        if viewer.user.identity is not None:
            # An account with a password may have the same username, so none is verified.
            if password is not None or not is_recent:
                raise InvalidCredentials(_SIGN_IN_AGAIN)
            return None
        if password is not None:
            return await self._passwords.verify(viewer.user.username, password, address, now, entry)
        if not is_recent:
            raise InvalidCredentials(_LOG_IN_AGAIN)
        return None

    async def revoke(self, viewer: Viewer, api_key_id: str) -> None:
        """Delete one of the viewer's keys, which stops working immediately.

        Raises:
            ApiKeyNotFound: the viewer has no such key.
            Forbidden: the viewer uses an API key.
        """
        with recorded(Entry.by(Event.REVOKE_API_KEY, viewer)) as entry:
            viewer.require_sign_in("revoke API keys")
            if not is_id(api_key_id) or not await self._api_keys.delete(viewer.user.id, api_key_id):
                raise ApiKeyNotFound
            entry.api_key = api_key_id

    async def list(self, user_id: str) -> Sequence[ApiKey]:
        """Return the user's keys, including expired ones, newest first."""
        return await self._api_keys.list(user_id)


def _check(name: str, expires_at: datetime | None, now: datetime) -> None:
    fields = []
    if problem := flaw(name, API_KEY_NAME_MAX_LENGTH):
        fields.append(FieldError(("name",), problem))
    if expires_at is not None and expires_at <= now:
        fields.append(FieldError(("expiresAt",), "must be in the future"))
    if fields:
        raise InvalidInput(fields)
