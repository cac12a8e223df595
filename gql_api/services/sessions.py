"""Sessions: their tokens, how they go on, and how they end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from gql_api.domain import opaque_tokens
from gql_api.domain.account_stores import AccessTokens, SessionStore
from gql_api.domain.accounts import (
    AccessClaims,
    IssuedSession,
    NewSession,
    User,
    UserSession,
    Viewer,
    shown_user_agent,
)
from gql_api.domain.clock import Clock
from gql_api.domain.errors import InvalidSession
from gql_api.domain.ids import is_id, new_id
from gql_api.domain.opaque_tokens import RefreshToken
from gql_api.domain.policy import SessionPolicy
from gql_api.services.security_log import Entry, Event, recorded


class SessionService:
    """Issues the tokens of sessions, refreshes, lists and ends them."""

    def __init__(
        self, *, store: SessionStore, tokens: AccessTokens, clock: Clock, policy: SessionPolicy
    ) -> None:
        self._store = store
        self._tokens = tokens
        self._clock = clock
        self._policy = policy

    def new(self, user_agent: str | None, now: datetime) -> tuple[NewSession, RefreshToken]:
        """Return a session that begins now, and its first refresh token."""
        token = opaque_tokens.new_refresh_token()
        ends_at = now + timedelta(seconds=self._policy.session_max_seconds)
        session = NewSession(
            id=new_id(now),
            family=token.family,
            token=token.hash,
            created_at=now,
            expires_at=min(self._refresh_expiry(now), ends_at),
            ends_at=ends_at,
            user_agent=shown_user_agent(user_agent),
        )
        return session, token

    def issued(
        self, user: User, session_id: str, token: RefreshToken, now: datetime
    ) -> IssuedSession:
        """Return the tokens of a session, with a new access token."""
        ttl_seconds = self._policy.access_ttl_seconds
        access_token = self._tokens.issue(
            AccessClaims(user_id=user.id, session_id=session_id), now=now, ttl_seconds=ttl_seconds
        )
        # A token expires on a whole second; the reported time must not be later than that.
        expires_at = now.replace(microsecond=0) + timedelta(seconds=ttl_seconds)
        return IssuedSession(session_id, access_token, expires_at, token.text, user)

    async def refresh(self, refresh_token: str | None) -> IssuedSession:
        """Exchange a refresh token for new tokens of the same session.

        A known token that is no longer valid was used before, by its owner or by a thief. The
        two cannot be distinguished, so the session ends (RFC 9700, section 4.14.2).

        Raises:
            InvalidSession: the token is missing, malformed, unknown, expired or already used, or
                its user is disabled.
        """
        if not refresh_token:
            raise InvalidSession
        with recorded(Entry(Event.REFRESH)) as entry:
            token = opaque_tokens.parse_refresh_token(refresh_token)
            if token is None:
                raise InvalidSession
            now = self._clock()
            successor = token.successor()
            viewer = await self._rotate(token, successor, now)
            if viewer is None or viewer.session_id is None:
                entry.sessions_ended = await self._store.end_family(token.family)
                raise InvalidSession
            entry.user, entry.session = viewer.user.id, viewer.session_id
            return self.issued(viewer.user, viewer.session_id, successor, now)

    async def logout(
        self, viewer: Viewer | None, refresh_token: str | None, everywhere: bool
    ) -> int:
        """End the sessions of the given tokens, or all sessions of their users if `everywhere`.

        The refresh token alone suffices, since the access token may have expired. An API key
        belongs to no session and ends none.

        Returns:
            The number of sessions ended: 0 without valid tokens, or if they have ended already.
        """
        ended = await self._end(viewer, refresh_token, everywhere)
        if ended:
            user = viewer.user.id if viewer else None
            Entry(Event.LOGOUT, user=user, sessions_ended=ended).succeeded()
        return ended

    async def end(self, viewer: Viewer, session_id: str) -> int:
        """End one of the viewer's sessions.

        Returns:
            The number of sessions ended: 0 if the viewer has no such session.

        Raises:
            Forbidden: the viewer uses an API key.
        """
        entry = Entry.by(Event.END_SESSION, viewer)
        with recorded(entry):
            viewer.require_sign_in("end sessions")
            if is_id(session_id):
                entry.session = session_id
                entry.sessions_ended = await self._store.end(viewer.user.id, session_id)
            return entry.sessions_ended or 0

    async def list(self, user_id: str) -> Sequence[UserSession]:
        """Return the live sessions of a user, most recently used first."""
        return await self._store.list(user_id, self._clock())

    async def _end(self, viewer: Viewer | None, refresh_token: str | None, everywhere: bool) -> int:
        ended = 0
        if viewer is not None and viewer.session_id is not None:
            ended += await self._end_own(viewer.user.id, viewer.session_id, everywhere)
        token = opaque_tokens.parse_refresh_token(refresh_token or "")
        if token is None:
            return ended
        if everywhere:
            owner = await self._rotate(token, token.successor(), self._clock())
            if owner is not None:
                return ended + await self._store.end_all(owner.user.id, self._clock())
        return ended + await self._store.end_family(token.family)

    async def _end_own(self, user_id: str, session_id: str, everywhere: bool) -> int:
        if everywhere:
            return await self._store.end_all(user_id, self._clock())
        return await self._store.end(user_id, session_id)

    async def _rotate(
        self, token: RefreshToken, successor: RefreshToken, now: datetime
    ) -> Viewer | None:
        return await self._store.rotate(
            token.family,
            token.hash,
            successor.hash,
            now=now,
            expires_at=self._refresh_expiry(now),
        )

    def _refresh_expiry(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self._policy.refresh_ttl_seconds)
