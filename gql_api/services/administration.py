"""Accounts, as operators show and change them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from gql_api.domain.account_stores import (
    AccountRecords,
    ApiKeyStore,
    PasswordHasher,
    SessionStore,
)
from gql_api.domain.accounts import Identity, Quota, Usage, User, password_flaw, username_flaw
from gql_api.domain.clock import Clock
from gql_api.domain.errors import FieldError, InvalidInput, UserNotFound
from gql_api.domain.upload_store import UploadReports, UsageBooks
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.services.settling import SettlingService

_PAGE = 100
# Each deletion updates the same user's totals in a transaction, so more of them at once only
# conflict. Of 600 uploads, 51 were deleted per second with 2 at once, 34 with 4, and 22 with 8.
_DELETED_AT_ONCE = 2
_PASSWORD_BYTES = 15  # 120 random bits: 20 characters.


class Account(NamedTuple):
    """An account and everything that it holds.

    `uploads` has an entry for each state that occurs; DELETED ones are tombstones without bytes.
    """

    user: User
    sessions: int
    api_keys: int
    uploads: Mapping[UploadStatus, Usage]

    @property
    def held(self) -> Usage:
        """The bytes and the number of the uploads that are not deleted."""
        kept = [
            usage for status, usage in self.uploads.items() if status is not UploadStatus.DELETED
        ]
        return Usage(bytes=sum(it.bytes for it in kept), uploads=sum(it.uploads for it in kept))


class AdministrationService:
    """Changes accounts for an operator. Every change takes effect with the next request."""

    def __init__(
        self,
        *,
        accounts: AccountRecords,
        sessions: SessionStore,
        api_keys: ApiKeyStore,
        uploads: UploadReports,
        usage: UsageBooks,
        settling: SettlingService,
        hasher: PasswordHasher,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._api_keys = api_keys
        self._uploads = uploads
        self._usage = usage
        self._settling = settling
        self._hasher = hasher
        self._clock = clock

    async def get(self, name: str | Identity) -> Account:
        """Return the account of a user.

        Raises:
            UserNotFound: there is no such user.
        """
        user = await self._user(name)
        return Account(
            user=user,
            sessions=len(await self._sessions.list(user.id, self._clock())),
            api_keys=len(await self._api_keys.list(user.id)),
            uploads=await self._uploads.totals(user.id),
        )

    async def largest(self, limit: int) -> Sequence[User]:
        """Return up to `limit` users with the most bytes in use, in descending order."""
        return await self._accounts.largest(limit)

    async def disable(self, name: str | Identity) -> int:
        """Disable a user and end their sessions; returns the number of sessions ended.

        API keys are kept, and work again once the user is enabled.

        Raises:
            UserNotFound: there is no such user.
        """
        return await self._accounts.disable((await self._user(name)).id, self._clock())

    async def enable(self, name: str | Identity) -> None:
        """Enable a user.

        Raises:
            UserNotFound: there is no such user.
        """
        await self._accounts.enable((await self._user(name)).id)

    async def end_sessions(self, name: str | Identity) -> int:
        """End all sessions of a user; returns the number of sessions ended.

        Raises:
            UserNotFound: there is no such user.
        """
        return await self._sessions.end_all((await self._user(name)).id, self._clock())

    async def revoke_api_keys(self, name: str | Identity) -> int:
        """Delete all API keys of a user; returns the number of keys deleted.

        Raises:
            UserNotFound: there is no such user.
        """
        return await self._api_keys.delete_all((await self._user(name)).id)

    async def reset_password(self, name: str | Identity, password: str) -> int:
        """Replace a user's password and end their sessions; returns the number of sessions ended.

        Raises:
            InvalidInput: the password is not acceptable, or the user signs in at an issuer.
            UserNotFound: there is no such user.
        """
        user = await self._user(name)
        if user.identity is not None:
            reason = f"can't be set: this user signs in at {user.identity.issuer}"
            raise InvalidInput([FieldError(("password",), reason)])
        problem = password_flaw(password, user.username, user.email, user.full_name)
        if problem:
            raise InvalidInput([FieldError(("password",), problem)])
        password_hash = await self._hasher.hash(password)
        return await self._accounts.reset_password(user.id, password_hash, self._clock())

    async def set_quota(self, name: str | Identity, quota: Quota | None) -> None:
        """Set a user's own quota; None removes it, so that the service's applies.

        Raises:
            UserNotFound: there is no such user.
        """
        await self._accounts.set_quota((await self._user(name)).id, quota)

    async def delete(self, name: str | Identity, progress: Callable[[int], None]) -> int:
        """Delete a user and everything they hold; returns the number of uploads deleted.

        The user is disabled first and deleted last, so that an interrupted deletion can be
        repeated. `progress` is called with the number of uploads deleted so far. Tombstones of the
        uploads remain until the sweep removes them (`UploadStatus`).

        Raises:
            UserNotFound: there is no such user.
        """
        user = await self._user(name)
        deleted = 0
        while True:
            # Repeat everything, because a request that began earlier may still add something.
            await self._accounts.disable(user.id, self._clock())
            while uploads := await self._uploads.some(user.id, _PAGE):
                await self._delete(uploads)
                deleted += len(uploads)
                progress(deleted)
            await self._usage.recompute([user.id])
            await self._api_keys.delete_all(user.id)
            if await self._accounts.delete_empty(user.id):
                return deleted

    async def _delete(self, uploads: Sequence[Upload]) -> None:
        turns = asyncio.Semaphore(_DELETED_AT_ONCE)

        async def delete(upload: Upload) -> None:
            async with turns:
                await self._settling.delete(upload)

        await asyncio.gather(*map(delete, uploads))

    async def _user(self, name: str | Identity) -> User:
        valid = isinstance(name, Identity) or username_flaw(name) is None
        user = await self._accounts.find(name) if valid else None
        if user is None:
            raise UserNotFound(" at ".join(reversed(name)) if isinstance(name, Identity) else name)
        return user


def new_password() -> str:
    """Return a random password."""
    return secrets.token_urlsafe(_PASSWORD_BYTES)
