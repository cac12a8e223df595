"""API keys: created, listed and revoked by owners who are signed in with a session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gql_api.domain import opaque_tokens
from gql_api.domain.account_stores import ApiKeyStore
from gql_api.domain.accounts import API_KEY_NAME_MAX_LENGTH, ApiKey, Viewer
from gql_api.domain.clock import Clock
from gql_api.domain.errors import ApiKeyNotFound, FieldError, Forbidden, InvalidInput
from gql_api.domain.ids import is_id, new_id
from gql_api.domain.text import flaw
from gql_api.services.security_log import Entry, Event, recorded

API_KEYS_MAX = 100


class ApiKeyService:
    """Manages the API keys of users."""

    def __init__(self, *, api_keys: ApiKeyStore, clock: Clock) -> None:
        self._api_keys = api_keys
        self._clock = clock

    async def create(
        self, viewer: Viewer, name: str, expires_at: datetime | None
    ) -> tuple[str, ApiKey]:
        """Create a key; returns its secret, which cannot be retrieved later, and the key.

        Raises:
            Forbidden: the viewer uses an API key. A stolen key must not create others.
            InvalidInput: an invalid name, an expiry that is not in the future, or too many keys.
        """
        with recorded(Entry.by(Event.CREATE_API_KEY, viewer)) as entry:
            _require_session(viewer)
            now = self._clock()
            _check(name, expires_at, now)
            api_key = ApiKey(
                id=new_id(now),
                owner_id=viewer.user.id,
                name=name,
                created_at=now,
                expires_at=expires_at,
                last_used_at=None,
            )
            token = opaque_tokens.new_api_key()
            if not await self._api_keys.insert(
                api_key, opaque_tokens.api_key_hash(token), API_KEYS_MAX
            ):
                message = f"can't be added: you have {API_KEYS_MAX} keys; revoke one first"
                raise InvalidInput([FieldError(("name",), message)])
            entry.api_key = api_key.id
            return token, api_key

    async def revoke(self, viewer: Viewer, api_key_id: str) -> None:
        """Delete one of the viewer's keys, which stops working immediately.

        Raises:
            ApiKeyNotFound: the viewer has no such key.
            Forbidden: the viewer uses an API key.
        """
        with recorded(Entry.by(Event.REVOKE_API_KEY, viewer)) as entry:
            _require_session(viewer)
            if not is_id(api_key_id) or not await self._api_keys.delete(viewer.user.id, api_key_id):
                raise ApiKeyNotFound
            entry.api_key = api_key_id

    async def list(self, user_id: str) -> Sequence[ApiKey]:
        """Return the user's keys, including expired ones, newest first."""
        return await self._api_keys.list(user_id)


def _require_session(viewer: Viewer) -> None:
    if viewer.session_id is None:
        raise Forbidden("An API key can't manage API keys. Log in with your password.")


def _check(name: str, expires_at: datetime | None, now: datetime) -> None:
    fields = []
    if problem := flaw(name, API_KEY_NAME_MAX_LENGTH):
        fields.append(FieldError(("name",), problem))
    if expires_at is not None and expires_at <= now:
        fields.append(FieldError(("expiresAt",), "must be in the future"))
    if fields:
        raise InvalidInput(fields)
