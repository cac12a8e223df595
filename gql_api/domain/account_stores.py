"""What the services of accounts need from the world, as protocols; see `ports`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gql_api.domain.accounts import AccessClaims, ApiKey, User, Viewer


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user with his password hash, which goes nowhere but into `PasswordHasher`."""

    user: User
    password_hash: str


class UserStore(Protocol):
    """The accounts."""

    async def insert(self, user: User, password_hash: str) -> bool:
        """Record a new user; False if the username, ignoring case, is taken."""
        ...

    async def find_credentials(self, username: str) -> Credentials | None:
        """The user of this name, ignoring case."""
        ...

    async def replace_password_hash(self, user_id: str, old: str, new: str) -> bool:
        """Replace the hash if it is still `old`; whether it was."""
        ...


class SessionStore(Protocol):
    """Sessions. `family` is the hash of what all refresh tokens of a session share, `token` that
    of the one which is valid now."""

    async def insert(
        self,
        session_id: str,
        user_id: str,
        family: str,
        token: str,
        *,
        created_at: datetime,
        expires_at: datetime,
        ends_at: datetime,
    ) -> None:
        """Record a new session: it expires when unused at `expires_at`, and ends at `ends_at`."""
        ...

    async def rotate(
        self, family: str, token: str, new_token: str, *, now: datetime, expires_at: datetime
    ) -> Viewer | None:
        """Replace the valid token; None unless it is `token` of a live session, its user enabled.

        The new expiry is cut to `ends_at`.
        """
        ...

    async def end_family(self, family: str) -> int:
        """End the session that the family belongs to; how many there were (0 or 1)."""
        ...

    async def end(self, user_id: str, session_id: str | None) -> int:
        """End one session of the user, or all of them; how many there were."""
        ...

    async def end_others(self, user_id: str, session_id: str) -> int:
        """End all sessions of the user but this one; how many there were."""
        ...

    async def find_viewer(self, user_id: str, session_id: str, now: datetime) -> Viewer | None:
        """The user of a live session; None if it has ended or the user is disabled."""
        ...


class ApiKeyStore(Protocol):
    """API keys, found by the hash of their token."""

    async def insert(self, api_key: ApiKey, token: str, limit: int) -> bool:
        """Record a new key; False if its owner has `limit` keys already."""
        ...

    async def list(self, owner_id: str) -> Sequence[ApiKey]:
        """The owner's keys, newest first."""
        ...

    async def delete(self, owner_id: str, api_key_id: str) -> bool:
        """Delete the owner's key; False if he has no such key."""
        ...

    async def find_viewer(self, token: str, now: datetime) -> Viewer | None:
        """The enabled user of a key that has not expired. Notes the use, at most once a minute."""
        ...


class AttemptStore(Protocol):
    """Counts attempts by key, across all processes.

    An attempt counts as failed from its beginning, so that any number of them side by side are
    held to the same limit; one that succeeds is taken back.
    """

    async def begin(self, key: str, now: datetime, free: int) -> int:
        """Count an attempt, unless the key is blocked; for how many seconds it is, 0 for not.

        The `free`-th attempt blocks the key for a second, each further one for twice as long.
        """
        ...

    async def take_back(self, key: str, began_at: datetime) -> None:
        """Uncount the attempt that began then, and the block that it caused, if it did."""
        ...

    async def clear(self, key: str) -> None:
        """Forget all attempts."""
        ...

    async def remember(self, key: str, now: datetime) -> None:
        """Note a success under a key of its own, for 90 days."""
        ...

    async def remembers(self, key: str, now: datetime) -> bool:
        """Whether there was a success in the last 90 days."""
        ...


class RequestCounters(Protocol):
    """Counts the requests of users, across all processes."""

    async def add(self, user_id: str, minute: datetime, count: int) -> int:
        """Add to the user's requests in the minute that begins then; how many there are now."""
        ...


class PasswordHasher(Protocol):
    """Hashes passwords, off the event loop."""

    async def hash(self, password: str) -> str: ...

    async def verify(self, password: str, password_hash: str | None) -> tuple[bool, str | None]:
        """Whether it matches, and a new hash where the old one's parameters are outdated.

        With no hash the same effort is made and the answer is (False, None).
        """
        ...


class AccessTokens(Protocol):
    """Issues and reads access tokens."""

    def issue(self, claims: AccessClaims, *, now: datetime, ttl_seconds: int) -> str: ...

    def read(self, token: str, now: datetime) -> AccessClaims | None:
        """The claims of a valid token; None for anything else, whatever is wrong with it."""
        ...
