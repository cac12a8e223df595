"""Signing up, logging in, and changing the password."""

from __future__ import annotations

from datetime import datetime

from gql_api.domain.account_stores import PasswordHasher, SessionStore, UserStore
from gql_api.domain.accounts import (
    IssuedSession,
    NewSession,
    Usage,
    User,
    Viewer,
    check_account,
    password_flaw,
)
from gql_api.domain.clock import Clock
from gql_api.domain.errors import (
    FieldError,
    Forbidden,
    InvalidCredentials,
    InvalidInput,
    UsernameTaken,
)
from gql_api.domain.ids import new_id
from gql_api.services.password_check import PasswordCheck
from gql_api.services.security_log import Entry, Event, recorded
from gql_api.services.sessions import SessionService
from gql_api.services.throttle import Throttle

_CLOSED = "Sign-up is closed. Ask the operator of this service for an account."


class AccountService:
    """Manages accounts, and begins their sessions.

    `address` is the network address of the client, `user_agent` the name that it gives itself.
    """

    def __init__(
        self,
        *,
        users: UserStore,
        session_store: SessionStore,
        sessions: SessionService,
        throttle: Throttle,
        passwords: PasswordCheck,
        hasher: PasswordHasher,
        clock: Clock,
        sign_up_open: bool = True,
    ) -> None:
        self._users = users
        self._session_store = session_store
        self._sessions = sessions
        self._throttle = throttle
        self._passwords = passwords
        self._hasher = hasher
        self._clock = clock
        self._sign_up_open = sign_up_open

    async def sign_up(
        self,
        username: str,
        password: str,
        email: str | None,
        full_name: str | None,
        address: str,
        user_agent: str | None = None,
    ) -> IssuedSession:
        """Create an account and a session for its user.

        Raises:
            Forbidden: only operators create accounts, or passwords are off.
            InvalidInput: lists all invalid fields.
            TooManyAttempts: there were too many sign-ups from this address.
            UsernameTaken: the username exists, possibly in different letter case.
        """
        self._require_sign_up()
        check_account(username, password, email, full_name)
        now = self._clock()
        with recorded(Entry(Event.SIGN_UP)) as entry:
            await self._throttle.begin_sign_up(address, now)
            session, token = self._sessions.new(user_agent, now)
            user = await self._insert(username, password, email, full_name, now, session)
            entry.user, entry.session = user.id, session.id
            await self._throttle.signed_up(username, address, now)
            return self._sessions.issued(user, session.id, token, now)

    def _require_sign_up(self) -> None:
        try:
            self._passwords.require_enabled()
            if not self._sign_up_open:
                raise Forbidden(_CLOSED)
        except Forbidden as error:
            Entry(Event.SIGN_UP).refused(error.code)
            raise

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
        self,
        username: str,
        password: str,
        email: str | None,
        full_name: str | None,
        now: datetime,
        session: NewSession | None = None,
    ) -> User:
        user = User(
            id=new_id(now),
            username=username,
            email=email,
            full_name=full_name,
            created_at=now,
            usage=Usage(bytes=0, uploads=0),
        )
        if not await self._users.insert(user, await self._hasher.hash(password), session):
            raise UsernameTaken
        return user

    async def login(
        self, username: str, password: str, address: str, user_agent: str | None = None
    ) -> IssuedSession:
        """Create a session for a user.

        Raises:
            Forbidden: passwords are off.
            InvalidCredentials: unknown user, wrong password or disabled account.
            TooManyAttempts: there were too many attempts.
        """
        now = self._clock()
        with recorded(Entry(Event.LOGIN)) as entry:
            # Try twice: another login may have hashed the same password again in between.
            for _ in range(2):
                verified = await self._passwords.verify(username, password, address, now, entry)
                session, token = self._sessions.new(user_agent, now)
                if await self._session_store.begin(
                    verified.user.id,
                    session,
                    verified_hash=verified.password_hash,
                    new_hash=verified.new_hash,
                ):
                    entry.session = session.id
                    return self._sessions.issued(verified.user, session.id, token, now)
            raise InvalidCredentials

    async def change_password(
        self, viewer: Viewer, current: str, new: str, address: str, *, revoke_api_keys: bool = False
    ) -> int:
        """Replace the password and end the user's other sessions (OWASP ASVS 5.0, 7.4.3).

        API keys stay valid unless `revoke_api_keys`.

        Returns:
            The number of sessions ended.

        Raises:
            Forbidden: the viewer uses an API key or has no password, or passwords are off.
            InvalidInput: the new password is not acceptable.
            InvalidCredentials: the current password is wrong, or was replaced meanwhile, or the
                viewer's session has ended meanwhile.
            TooManyAttempts: there were too many attempts, including logins.
        """
        user = viewer.user
        with recorded(Entry.by(Event.CHANGE_PASSWORD, viewer)) as entry:
            viewer.require_sign_in("change the password")
            self._passwords.require_enabled()
            if user.identity is not None:
                raise Forbidden("You have no password here. Change it where you sign in.")
            if problem := password_flaw(new, user.username, user.email, user.full_name):
                raise InvalidInput([FieldError(("newPassword",), problem)])
            now = self._clock()
            verified = await self._passwords.verify(user.username, current, address, now, entry)
            entry.sessions_ended = await self._session_store.change_password(
                viewer,
                verified.password_hash,
                await self._hasher.hash(new),
                revoke_api_keys=revoke_api_keys,
                now=now,
            )
            if entry.sessions_ended is None:
                raise InvalidCredentials
            return entry.sessions_ended
