"""Accounts and API keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from media_client import operations
from media_client.models import ApiKey, CreatedApiKey, Session, User
from media_client.verbs.caller import Caller


class Accounts(Caller):
    """Signing up and in, and API keys."""

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
        self._session.begin(session)
        return session

    def login(self, username: str, password: str) -> Session:
        """Sign in; later calls use and renew the session.

        Raises:
            InvalidCredentials, TooManyAttempts
        """
        session = self._api.run(operations.login(username, password))
        self._session.begin(session)
        return session

    def logout(self, *, everywhere: bool = False) -> int:
        """End this session, or all of the user's; how many were ended."""
        ended = self._api.run(operations.logout(everywhere))
        self._session.end()
        return ended

    def change_password(self, current: str, new: str) -> int:
        """Replace the password; how many other sessions of the user's ended by it.

        Raises:
            InvalidCredentials: `current` is not the password.
            InvalidInput, TooManyAttempts
            Forbidden: this client has an API key, not a session.
        """
        return self._api.run(operations.change_password(current, new))

    def refresh_session(self) -> None:
        """Renew the session now. Not needed as a rule: it is renewed when that is due.

        Raises:
            NotSignedIn: there is no session, or it has ended.
        """
        self._session.renew(self._api)

    def viewer(self) -> User | None:
        """Who is signed in, or None if the token works no more."""
        return self._api.run(operations.viewer())

    def api_keys(self) -> Sequence[ApiKey]:
        """The viewer's API keys, newest first."""
        return self._api.run(operations.api_keys())

    def create_api_key(self, name: str, *, expires_at: datetime | None = None) -> CreatedApiKey:
        """A new API key; its token is shown this once.

        Raises:
            InvalidInput
        """
        return self._api.run(operations.create_api_key(name, expires_at))

    def revoke_api_key(self, key_id: str) -> str:
        """Make an API key useless; its id.

        Raises:
            ApiKeyNotFound
        """
        return self._api.run(operations.revoke_api_key(key_id))
