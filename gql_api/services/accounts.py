"""Signing up, logging in and out, and changing the password."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from gql_api.domain import opaque_tokens
from gql_api.domain.account_stores import (
    AccessTokens,
    AttemptStore,
    Credentials,
    PasswordHasher,
    SessionStore,
    UserStore,
)
from gql_api.domain.accounts import (
    PASSWORD_MAX_LENGTH,
    AccessClaims,
    IssuedSession,
    Usage,
    User,
    Viewer,
    check_account,
    password_flaw,
    username_flaw,
)
from gql_api.domain.clock import Clock
from gql_api.domain.errors import (
    FieldError,
    Forbidden,
    InvalidCredentials,
    InvalidInput,
    InvalidSession,
    UsernameTaken,
)
from gql_api.domain.ids import new_id
from gql_api.domain.opaque_tokens import RefreshToken
from gql_api.domain.policy import SessionPolicy
from gql_api.domain.text import flaw
from gql_api.services.security_log import Entry, Event, recorded
from gql_api.services.throttle import Throttle


class AccountService:
    """Manages accounts and sessions. `address` is the network address of the client."""

    def __init__(
        self,
        *,
        users: UserStore,
        sessions: SessionStore,
        attempts: AttemptStore,
        hasher: PasswordHasher,
        tokens: AccessTokens,
        clock: Clock,
        policy: SessionPolicy,
        sign_up_open: bool = True,
    ) -> None:
        self._users = users
        self._sessions = sessions
        self._throttle = Throttle(attempts)
        self._hasher = hasher
        self._tokens = tokens
        self._clock = clock
        self._policy = policy
        self._sign_up_open = sign_up_open

    async def sign_up(
        self, username: str, password: str, email: str | None, full_name: str | None, address: str
    ) -> IssuedSession:
        """Create an account and a session for its user.

        Raises:
            Forbidden: only operators create accounts.
            InvalidInput: lists all invalid fields.
            TooManyAttempts: there were too many sign-ups from this address.
            UsernameTaken: the username exists, possibly in different letter case.
        """
        if not self._sign_up_open:
            Entry(Event.SIGN_UP).refused(Forbidden.code)
            raise Forbidden("Sign-up is closed. Ask the operator of this service for an account.")
        check_account(username, password, email, full_name)
        now = self._clock()
        with recorded(Entry(Event.SIGN_UP)) as entry:
            await self._throttle.begin_sign_up(address, now)
            user = await self._insert(username, password, email, full_name, now)
            await self._throttle.signed_up(username, address, now)
            return await self._open(user, now, entry)

    async def create(
        self, username: str, password: str, email: str | None, full_name: str | None
    ) -> User:
        """Create an account for an operator, even if sign-up is closed.

        Raises:
            InvalidInput: lists all invalid fields.
            UsernameTaken: the username exists, possibly in different letter case.
        """
        check_account(username, password, email, full_name)
        return await self._insert(username, password, email, full_name, self._clock())

    async def _insert(
        self, username: str, password: str, email: str | None, full_name: str | None, now: datetime
    ) -> User:
        user = User(
            id=new_id(now),
            username=username,
            email=email,
            full_name=full_name,
            created_at=now,
            usage=Usage(bytes=0, uploads=0),
        )
        if not await self._users.insert(user, await self._hasher.hash(password)):
            raise UsernameTaken
        return user

    async def login(self, username: str, password: str, address: str) -> IssuedSession:
        """Create a session for a user.

        Raises:
            InvalidCredentials: unknown user, wrong password or disabled account.
            TooManyAttempts: there were too many attempts.
        """
        now = self._clock()
        with recorded(Entry(Event.LOGIN)) as entry:
            login = await self._throttle.begin_login(username, address, now)
            credentials = await self._verified(username, password, entry)
            if credentials is None:
                raise InvalidCredentials
            await self._throttle.login_succeeded(login)
            issued = await self._open(credentials.user, now, entry)
            await self._check_unchanged(credentials, password, entry)
            return issued

    async def _check_unchanged(self, used: Credentials, password: str, entry: Entry) -> None:
        """End the new session if the user was disabled or given another password meanwhile.

        Both end all sessions, but can miss one that is created just afterwards.

        Raises:
            InvalidCredentials: the credentials are no longer valid.
        """
        current = await self._users.find_credentials(used.user.username)
        if current is not None and not current.user.disabled:
            if current.password_hash == used.password_hash:
                return
            # A concurrent login may have hashed the same password again with newer parameters.
            if (await self._hasher.verify(password, current.password_hash))[0]:
                return
        await self._sessions.end(used.user.id, entry.session)
        raise InvalidCredentials

    async def change_password(self, viewer: Viewer, current: str, new: str, address: str) -> int:
        """Replace the password and end the user's other sessions (OWASP ASVS 5.0, 7.4.3).

        Returns:
            The number of sessions ended. API keys stay valid: they are revoked separately.

        Raises:
            Forbidden: the viewer uses an API key.
            InvalidInput: the new password is not acceptable.
            InvalidCredentials: the current password is wrong.
            TooManyAttempts: there were too many attempts, including logins.
        """
        user, session_id = viewer.user, viewer.session_id
        with recorded(Entry.by(Event.CHANGE_PASSWORD, viewer)) as entry:
            if session_id is None:
                raise Forbidden("An API key can't change the password. Log in with your password.")
            if problem := password_flaw(new, user.username, user.email, user.full_name):
                raise InvalidInput([FieldError(("newPassword",), problem)])
            login = await self._throttle.begin_login(user.username, address, self._clock())
            known = await self._verified(user.username, current, entry)
            if known is None:
                raise InvalidCredentials
            await self._throttle.login_succeeded(login)
            if not await self._users.replace_password_hash(
                user.id, known.password_hash, await self._hasher.hash(new)
            ):
                raise InvalidCredentials
            entry.sessions_ended = await self._sessions.end_others(user.id, session_id)
            return entry.sessions_ended

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
                entry.sessions_ended = await self._sessions.end_family(token.family)
                raise InvalidSession
            entry.user, entry.session = viewer.user.id, viewer.session_id
            return self._issued(viewer.user, viewer.session_id, successor, now)

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

    async def _end(self, viewer: Viewer | None, refresh_token: str | None, everywhere: bool) -> int:
        ended = 0
        if viewer is not None and viewer.session_id is not None:
            ended += await self._sessions.end(
                viewer.user.id, None if everywhere else viewer.session_id
            )
        token = opaque_tokens.parse_refresh_token(refresh_token or "")
        if token is None:
            return ended
        if everywhere:
            owner = await self._rotate(token, token.successor(), self._clock())
            if owner is not None:
                return ended + await self._sessions.end(owner.user.id, None)
        return ended + await self._sessions.end_family(token.family)

    async def _verified(self, username: str, password: str, entry: Entry) -> Credentials | None:
        """Return the enabled user with this name and password; takes as long if there is none."""
        credentials = None
        if username_flaw(username) is None:
            credentials = await self._users.find_credentials(username)
        entry.user = credentials.user.id if credentials else None
        if flaw(password, PASSWORD_MAX_LENGTH) is not None:
            # No user can have such a password, and the hasher does not accept it.
            credentials, password = None, ""
        known = credentials.password_hash if credentials else None
        matches, new_hash = await self._hasher.verify(password, known)
        if credentials is None or not matches or credentials.user.disabled:
            return None
        if new_hash is not None:
            await self._users.replace_password_hash(
                credentials.user.id, credentials.password_hash, new_hash
            )
            return replace(credentials, password_hash=new_hash)
        return credentials

    async def _open(self, user: User, now: datetime, entry: Entry) -> IssuedSession:
        session_id, token = new_id(now), opaque_tokens.new_refresh_token()
        entry.user, entry.session = user.id, session_id
        ends_at = now + timedelta(seconds=self._policy.session_max_seconds)
        await self._sessions.insert(
            session_id,
            user.id,
            token.family,
            token.hash,
            created_at=now,
            expires_at=min(self._refresh_expiry(now), ends_at),
            ends_at=ends_at,
        )
        return self._issued(user, session_id, token, now)

    async def _rotate(
        self, token: RefreshToken, successor: RefreshToken, now: datetime
    ) -> Viewer | None:
        return await self._sessions.rotate(
            token.family,
            token.hash,
            successor.hash,
            now=now,
            expires_at=self._refresh_expiry(now),
        )

    def _issued(
        self, user: User, session_id: str, token: RefreshToken, now: datetime
    ) -> IssuedSession:
        ttl_seconds = self._policy.access_ttl_seconds
        access_token = self._tokens.issue(
            AccessClaims(user_id=user.id, session_id=session_id), now=now, ttl_seconds=ttl_seconds
        )
        # A token expires on a whole second; the reported time must not be later than that.
        expires_at = now.replace(microsecond=0) + timedelta(seconds=ttl_seconds)
        return IssuedSession(access_token, expires_at, token.text, user)

    def _refresh_expiry(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self._policy.refresh_ttl_seconds)
