"""The ports of the account services.

An adapter raises `errors.Unavailable` if the database cannot be reached or does not respond in
time. Every other error of its library passes through unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from gql_api.domain.accounts import (
    AccessClaims,
    ApiKey,
    Identity,
    NewSession,
    Quota,
    User,
    UserSession,
    Viewer,
)


class Credentials(NamedTuple):
    """A user and their password hash, which is passed to `PasswordHasher` only."""

    user: User
    password_hash: str


class UserStore(Protocol):
    """Stores accounts."""

    async def insert(
        self, user: User, password_hash: str, session: NewSession | None = None
    ) -> bool:
        """Insert a new user; returns False if the username is taken, ignoring case.

        `session` is the user's first session.
        """
        ...

    async def find_credentials(self, username: str) -> Credentials | None:
        """Return the user with this name, ignoring case, or None."""
        ...


class AccountRecords(Protocol):
    """Reads and changes accounts for operators."""

    async def find(self, name: str | Identity) -> User | None:
        """Return the user with this username, ignoring case, or identity, even if disabled."""
        ...

    async def largest(self, limit: int) -> Sequence[User]:
        """Return up to `limit` users with the most bytes in use, in descending order."""
        ...

    async def disable(self, user_id: str, now: datetime) -> int:
        """Disable the user and end all sessions; returns the number of sessions ended."""
        ...

    async def enable(self, user_id: str) -> None:
        """Enable the user."""
        ...

    async def reset_password(self, user_id: str, password_hash: str, now: datetime) -> int:
        """Replace the hash and end all sessions; returns the number of sessions ended."""
        ...

    async def set_quota(self, user_id: str, quota: Quota | None) -> None:
        """Set the user's own quota; None removes it, so that the service's applies."""
        ...

    async def delete_empty(self, user_id: str) -> bool:
        """Delete the user if disabled and without uploads; returns whether the user was deleted."""
        ...


class SessionStore(Protocol):
    """Stores the sessions of users.

    `family` is the hash of what all refresh tokens of a session share, `token` the hash of the
    one that is currently valid.
    """

    async def begin(
        self, user_id: str, session: NewSession, *, verified_hash: str, new_hash: str
    ) -> bool:
        """Begin a session and replace the password's hash by `new_hash`, which may be the same.

        Returns False, and changes nothing, unless the hash is still `verified_hash` and the user is
        enabled. Of more than `SESSIONS_MAX` sessions, the least recently used end.
        """
        ...

    async def rotate(
        self, family: str, token: str, new_token: str, *, now: datetime, expires_at: datetime
    ) -> Viewer | None:
        """Replace the valid token and return the session's user.

        Returns None unless `token` is the valid token of a live session of an enabled user. The
        new expiry is capped at `ends_at`.
        """
        ...

    async def change_password(
        self, viewer: Viewer, old_hash: str, new_hash: str, *, revoke_api_keys: bool, now: datetime
    ) -> int | None:
        """Replace the password's hash and end all sessions but the viewer's.

        With `revoke_api_keys`, also deletes the user's API keys. Either everything happens or
        nothing: it returns None unless the hash is still `old_hash` and the viewer's session is
        live. Otherwise, returns the number of live sessions ended.
        """
        ...

    async def end_family(self, family: str) -> int:
        """End the session of this family; returns the number of sessions ended (0 or 1)."""
        ...

    async def end(self, user_id: str, session_id: str) -> int:
        """End one session of the user; returns the number of sessions ended (0 or 1)."""
        ...

    async def end_all(self, user_id: str, now: datetime) -> int:
        """End all sessions of the user; returns the number of live sessions ended."""
        ...

    async def list(self, user_id: str, now: datetime) -> Sequence[UserSession]:
        """Return the live sessions of the user, most recently used first."""
        ...

    async def find_viewer(self, user_id: str, session_id: str, now: datetime) -> Viewer | None:
        """Return the user of a live session; None if it has ended or the user is disabled."""
        ...


class ApiKeyStore(Protocol):
    """Stores API keys, which are looked up by the hash of their token."""

    async def insert(
        self,
        api_key: ApiKey,
        token: str,
        limit: int,
        *,
        session_id: str | None,
        verified_hash: str | None = None,
    ) -> bool:
        """Insert a new key; returns False if its owner already has `limit` keys.

        Without a session, an issuer's token was verified.

        Raises:
            Unauthenticated: the session has ended, the owner is disabled, or the password that was
                verified for this (None if it was not needed) has been replaced.
        """
        ...

    async def list(self, owner_id: str) -> Sequence[ApiKey]:
        """Return the owner's keys, newest first."""
        ...

    async def delete(self, owner_id: str, api_key_id: str) -> bool:
        """Delete a key; returns False if the owner has no such key."""
        ...

    async def delete_all(self, owner_id: str) -> int:
        """Delete all keys of the owner; returns the number of keys deleted."""
        ...

    async def find_viewer(self, token: str, now: datetime) -> Viewer | None:
        """Return the enabled user of an unexpired key, or None.

        Records the use of the key, at most once per minute.
        """
        ...


class AttemptStore(Protocol):
    """Counts attempts by key, across all processes.

    An attempt counts as failed from its start, so that concurrent attempts share one limit. A
    successful attempt is subtracted again.
    """

    async def begin(self, key: str, now: datetime, free: int) -> int:
        """Count an attempt and return 0, or return for how many seconds the key is blocked.

        The `free`-th attempt blocks the key for one second; each further one doubles the time.
        """
        ...

    async def take_back(self, key: str, began_at: datetime) -> None:
        """Subtract the attempt that began then, and lift the block if that attempt caused it."""
        ...

    async def clear(self, key: str) -> None:
        """Delete all attempts of the key."""
        ...

    async def succeed(self, key: str, now: datetime, most: int) -> int:
        """Count a success and return 0, or return the seconds to wait if it is one too many.

        `most` successes are allowed within 15 minutes of the first.
        """
        ...

    async def wait(self, key: str, now: datetime, most: int) -> int:
        """Return the seconds until there may be another success; 0 if there may be one now."""
        ...

    async def remember(self, key: str, now: datetime) -> None:
        """Record a success under a separate key, for 90 days."""
        ...

    async def remembers(self, key: str, now: datetime) -> bool:
        """Return whether there was a success in the last 90 days."""
        ...


class RequestCounters(Protocol):
    """Counts requests by user, across all processes."""

    async def add(self, user_id: str, minute: datetime, count: int) -> int:
        """Add to the user's requests in the minute that starts then; returns the new total."""
        ...


class PasswordHasher(Protocol):
    """Hashes passwords outside the event loop."""

    async def hash(self, password: str) -> str: ...

    async def verify(self, password: str, password_hash: str | None) -> tuple[bool, str | None]:
        """Return whether the password matches, and a new hash if the parameters are outdated.

        Without a hash, takes as long and returns (False, None).
        """
        ...


class AccessTokens(Protocol):
    """Issues and reads access tokens."""

    def issue(self, claims: AccessClaims, *, now: datetime, ttl_seconds: int) -> str: ...

    def read(self, token: str, now: datetime) -> AccessClaims | None:
        """Return the claims of a valid token; None for any invalid token."""
        ...
