"""Verifies passwords: at a login, and where a session alone is not enough."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from gql_api.domain.account_stores import Credentials, PasswordHasher, UserStore
from gql_api.domain.accounts import PASSWORD_MAX_LENGTH, User, username_flaw
from gql_api.domain.errors import Forbidden, InvalidCredentials
from gql_api.domain.text import flaw
from gql_api.services.security_log import Entry
from gql_api.services.throttle import Throttle


class Verified(NamedTuple):
    """A user whose password was verified against `password_hash`.

    Make what follows conditional on that hash: the password may be replaced meanwhile. `new_hash`
    should replace it; the two are the same unless its parameters are outdated.
    """

    user: User
    password_hash: str
    new_hash: str


class PasswordCheck:
    """Verifies passwords. Failures slow down further attempts, at a login and elsewhere."""

    def __init__(
        self,
        *,
        users: UserStore,
        hasher: PasswordHasher,
        throttle: Throttle,
        enabled: bool = True,
    ) -> None:
        self._enabled = enabled
        self._users = users
        self._hasher = hasher
        self._throttle = throttle

    def require_enabled(self) -> None:
        """Check that people may use passwords.

        Raises:
            Forbidden: they may not.
        """
        if not self._enabled:
            raise Forbidden("Passwords are off here. signInMethods lists how to sign in.")

    async def verify(
        self, username: str, password: str, address: str, now: datetime, entry: Entry
    ) -> Verified:
        """Return the enabled user with this name and password; notes the user in `entry`.

        Raises:
            Forbidden: passwords are off.
            InvalidCredentials: unknown user, wrong password or disabled account.
            TooManyAttempts: there were too many attempts.
        """
        self.require_enabled()
        login = await self._throttle.begin_login(username, address, now)
        credentials = await self._find(username)
        entry.user = credentials.user.id if credentials else None
        known = credentials.password_hash if credentials else None
        if flaw(password, PASSWORD_MAX_LENGTH) is not None:
            # No user can have such a password, and the hasher does not accept it.
            known, password = None, ""
        matches, new_hash = await self._hasher.verify(password, known)
        if credentials is None or not matches or credentials.user.disabled:
            raise InvalidCredentials
        await self._throttle.login_succeeded(login)
        old_hash = credentials.password_hash
        return Verified(credentials.user, old_hash, new_hash or old_hash)

    async def _find(self, username: str) -> Credentials | None:
        return await self._users.find_credentials(username) if not username_flaw(username) else None
