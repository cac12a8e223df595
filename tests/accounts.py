"""The account services on a real database, with a fixed clock and a cheap hasher."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from gql_api.adapters.mongo import api_keys, attempts, external_users, sessions, users
from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.schema import MongoSchema
from gql_api.adapters.passwords import Argon2Hasher
from gql_api.adapters.tokens import JwtTokens
from gql_api.domain.accounts import IssuedSession, NewSession, Usage, User, Viewer
from gql_api.domain.ids import new_id
from gql_api.domain.policy import SessionPolicy
from gql_api.services.accounts import AccountService
from gql_api.services.api_keys import ApiKeyService
from gql_api.services.authentication import AuthenticationService
from gql_api.services.external_users import ExternalUsers
from gql_api.services.password_check import PasswordCheck
from gql_api.services.request_rates import RequestRates
from gql_api.services.sessions import SessionService
from gql_api.services.throttle import Throttle
from tests.clock import SettableClock

PASSWORD = "correct horse battery staple"
ADDRESS = "192.0.2.1"
POLICY = SessionPolicy(
    access_ttl_seconds=900, refresh_ttl_seconds=86_400, session_max_seconds=3 * 86_400
)


class CountingHasher(Argon2Hasher):
    """Records the hashes that passwords are verified against."""

    def __init__(self) -> None:
        super().__init__(memory_kib=64, passes=1)
        self.verified: list[str | None] = []

    async def verify(self, password: str, password_hash: str | None) -> tuple[bool, str | None]:
        self.verified.append(password_hash)
        return await super().verify(password, password_hash)


class Accounts:
    """All account services on one database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        # MongoDB deletes expired documents by its own clock, so this one starts at the real time.
        self.clock = SettableClock(datetime.now(UTC).replace(microsecond=250_000))
        self.hasher = CountingHasher()
        self.tokens = JwtTokens({"k1": "s" * 32}, "HS256")
        self.users = users.MongoUsers(database)
        self.sessions = sessions.MongoSessions(database)
        self.attempts = attempts.MongoAttempts(database)
        self.keys = api_keys.MongoApiKeys(database)
        self.external = ExternalUsers(external_users.MongoExternalUsers(database))
        throttle = Throttle(self.attempts)
        passwords = PasswordCheck(users=self.users, hasher=self.hasher, throttle=throttle)
        self.session_service = SessionService(
            store=self.sessions, tokens=self.tokens, clock=self.clock, policy=POLICY
        )
        self.service = AccountService(
            users=self.users,
            session_store=self.sessions,
            sessions=self.session_service,
            throttle=throttle,
            passwords=passwords,
            hasher=self.hasher,
            clock=self.clock,
        )
        self.api_keys = ApiKeyService(api_keys=self.keys, passwords=passwords, clock=self.clock)
        self.authentication = AuthenticationService(
            sessions=self.sessions,
            api_keys=self.keys,
            tokens=self.tokens,
            clock=self.clock,
            rates=self.rates(None),
        )

    def rates(self, per_minute: int | None) -> RequestRates:
        """Return the request counter of a new process."""
        return RequestRates(counters=self.attempts, clock=self.clock, per_minute=per_minute)

    async def sign_up(self, username: str = "Ada") -> IssuedSession:
        return await self.service.sign_up(username, PASSWORD, None, None, ADDRESS)

    async def login(
        self, username: str = "Ada", password: str = PASSWORD, address: str = ADDRESS
    ) -> IssuedSession:
        return await self.service.login(username, password, address)

    async def viewer(self, issued: IssuedSession) -> Viewer:
        viewer = await self.authentication.viewer(issued.access_token)
        assert viewer is not None
        return viewer

    async def disable(self, user: User, value: Any = True) -> None:
        """Disable a user in the database, as an operator does."""
        await self.database["users"].update_one({"_id": user.id}, {"$set": {"disabled": value}})


async def accounts_on(database: Database) -> Accounts:
    """Return the account services, with their indexes created."""
    await MongoSchema(database).apply(0, print)
    return Accounts(database)


def a_user(username: str, at: datetime) -> User:
    """Return a user that is not in the database yet."""
    return User(
        id=new_id(at),
        username=username,
        email="ada@example.com",
        full_name="Ada Lovelace",
        created_at=at.replace(microsecond=0),
        usage=Usage(bytes=0, uploads=0),
    )


async def a_session(accounts: Accounts, user_id: str, family: str = "family") -> str:
    """Begin a session with the token `one`, for a user with the password's hash `hash`.

    It lasts one hour, or up to three if renewed.
    """
    now = accounts.clock()
    session = NewSession(
        id=new_id(now),
        family=family,
        token="one",
        created_at=now,
        expires_at=now + timedelta(hours=1),
        ends_at=now + timedelta(hours=3),
    )
    assert await accounts.sessions.begin(user_id, session, verified_hash="hash", new_hash="hash")
    return session.id
