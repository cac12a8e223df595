"""Bearer tokens: a fixed one, or a session that renews itself.

A refresh token works once, and using it twice ends the session. Renewing therefore takes two locks:
one for the threads of this process, and one for the file that stores the session, because several
`media` commands may run at once. A caller that waited for a lock finds the new token in the store.
"""

from __future__ import annotations

import re
import threading
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from media_client import operations
from media_client.api import Api
from media_client.clock import Clock
from media_client.errors import ConfigurationError, InvalidSession, NotSignedIn
from media_client.models import Session

# Printable ASCII: more than RFC 6750 allows, so that the service decides about the rest.
_TOKEN = re.compile("[!-~]+")
_EARLY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class SessionTokens:
    """The tokens of a session. `expires_at` is a time of this machine's clock."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime

    @classmethod
    def of(cls, session: Session, clock: Clock) -> SessionTokens:
        """Return the tokens of a new session."""
        expires_at = clock.local(session.expires_at)
        return cls(session.access_token, session.refresh_token, expires_at)

    def is_fresh(self) -> bool:
        """Whether the access token is valid for at least another half minute."""
        return datetime.now(UTC) < self.expires_at - _EARLY


class SessionStore(Protocol):
    """Storage for a session, which may outlive the process."""

    def load(self) -> SessionTokens | None:
        """Return the stored session, or None."""

    def save(self, tokens: SessionTokens | None) -> None:
        """Store a session, or delete it if None."""

    def locked(self) -> AbstractContextManager[None]:
        """Lock out other processes. Fails if `save` would fail, so that no token is wasted."""


class MemoryStore:
    """Keeps a session in memory."""

    def __init__(self) -> None:
        self._tokens: SessionTokens | None = None

    def load(self) -> SessionTokens | None:
        """See `SessionStore`."""
        return self._tokens

    def save(self, tokens: SessionTokens | None) -> None:
        """See `SessionStore`."""
        self._tokens = tokens

    def locked(self) -> AbstractContextManager[None]:
        """See `SessionStore`."""
        return nullcontext()


class FixedToken:
    """A fixed token: an API key, or an access token. It is never renewed.

    Raises:
        ConfigurationError: it can't be sent in a header (RFC 6750, section 2.1).
    """

    def __init__(self, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise ConfigurationError(_not_a_token(token))
        self._token = token

    def current(self, _api: Api) -> str | None:
        """See `api.Tokens`."""
        return self._token

    def rejected(self, _api: Api, _token: str) -> str | None:
        """See `api.Tokens`."""
        return None


def _not_a_token(token: str) -> str:
    reason = "has a character that tokens never have"
    if not token:
        reason = "is empty"
    elif any(character.isspace() for character in token):
        reason = "has a space or a line break"
    return f"The token {reason}. Set MEDIA_TOKEN, or token=, to an API key: one line, mus_…"


class SessionSource:
    """The access token of a stored session.

    Renews the session shortly before the token expires, or when the service rejects the token.
    """

    def __init__(self, store: SessionStore) -> None:
        self.store = store
        self._lock = threading.Lock()
        self._held: SessionTokens | None = None

    def begin(self, session: Session, clock: Clock) -> None:
        """Store a new session. `clock`: that of the service."""
        with self._lock, self.store.locked():
            self._held = SessionTokens.of(session, clock)
            self.store.save(self._held)

    def end(self) -> None:
        """Delete the stored session."""
        with self._lock, self.store.locked():
            self._held = None
            self.store.save(None)

    def renew(self, api: Api) -> None:
        """Renew the session now, even if its token has not expired.

        Raises:
            NotSignedIn: there is no session, or it has ended.
        """
        with self._lock:
            held = self._held or self.store.load()
            if held is None:
                raise NotSignedIn
            self._replace_token(api, held.access_token)

    def current(self, api: Api) -> str | None:
        """See `api.Tokens`."""
        with self._lock:
            if self._held is None:
                self._held = self.store.load()
            if self._held is None:
                return None
            if self._held.is_fresh():
                return self._held.access_token
            return self._replace_token(api, self._held.access_token)

    def rejected(self, api: Api, token: str) -> str | None:
        """See `api.Tokens`."""
        with self._lock:
            return self._replace_token(api, token)

    def _replace_token(self, api: Api, spent: str) -> str:
        """Return an access token other than `spent`. The caller holds `self._lock`."""
        if self._held is not None and self._held.access_token != spent:
            return self._held.access_token  # Another thread has renewed the session.
        with self.store.locked():
            stored = self.store.load()
            if stored is None:
                self._held = None
                raise NotSignedIn("You are no longer signed in. Run `media login` again.")
            if stored.access_token != spent and stored.is_fresh():
                self._held = stored  # Another process has renewed the session.
                return stored.access_token
            try:
                session = api.run(operations.refresh_session(stored.refresh_token))
            except InvalidSession as error:
                self._held = None
                self.store.save(None)
                raise NotSignedIn(
                    "The session has ended: it expired, or was ended elsewhere. "
                    "Run `media login` again."
                ) from error
            self._held = SessionTokens.of(session, api.clock)
            self.store.save(self._held)
            return self._held.access_token
