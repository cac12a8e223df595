"""Users, sessions and API keys as clients see them."""

from datetime import datetime
from enum import Enum
from typing import Self

import strawberry

from gql_api.domain import accounts as domain
from gql_api.schema.context import Info
from gql_api.schema.scalars import ByteCount, enum_member


@strawberry.enum(description="How a session's refresh token is delivered.")
class TokenDelivery(Enum):
    """Scripts read the token from the response; browsers keep it where no script can read it."""

    BODY = enum_member("BODY", "In the response, for scripts and native apps.")
    COOKIE = enum_member(
        "COOKIE", "In a cookie that page scripts can't read and other sites can't send."
    )


@strawberry.enum(description="What an API key may do. No key may change the account itself.")
class ApiKeyScope(Enum):
    """See `domain.accounts.ApiKeyScope`; `schema.scopes` lists the fields."""

    ALL = enum_member(
        "ALL", "Everything except changePassword, createApiKey, revokeApiKey and endSession."
    )
    READ = enum_member("READ", "List and download uploads.")
    UPLOAD = enum_member(
        "UPLOAD",
        "Request, send, complete and cancel uploads, and look up an upload by id. No lists and no "
        "downloads.",
    )


@strawberry.type(
    description="The user's stored and pending uploads, which count against the quota."
)
class Usage:
    """See `domain.accounts.Usage`."""

    bytes: ByteCount = strawberry.field(
        description="The total declared size of these uploads, in bytes."
    )
    uploads: int = strawberry.field(description="The number of these uploads.")
    quota_bytes: ByteCount | None = strawberry.field(
        description="The quota in bytes; null if there is no limit."
    )
    quota_uploads: int | None = strawberry.field(
        description="The limit of the number of these uploads; null if there is none."
    )


@strawberry.type(description="A long-lived token for scripts, without its secret.")
class ApiKey:
    """See `domain.accounts.ApiKey`."""

    id: strawberry.ID = strawberry.field(description="The id of the key, which revokeApiKey takes.")
    name: str = strawberry.field(description="The name that the user gave the key.")
    created_at: datetime = strawberry.field(description="When the key was created.")
    expires_at: datetime | None = strawberry.field(
        description="When the key expires; null if never."
    )
    last_used_at: datetime | None = strawberry.field(
        description="When the key was last used, to the minute; null if never."
    )

    scope: ApiKeyScope = strawberry.field(description="What the key may do.")

    @classmethod
    def of(cls, key: domain.ApiKey) -> Self:
        """Return the key as clients see it."""
        return cls(
            id=strawberry.ID(key.id),
            name=key.name,
            created_at=key.created_at,
            expires_at=key.expires_at,
            last_used_at=key.last_used_at,
            scope=ApiKeyScope(key.scope.value),
        )


@strawberry.type(description="A session of a user, such as in one browser.")
class UserSession:
    """See `domain.accounts.UserSession`."""

    id: strawberry.ID = strawberry.field(
        description="The id of the session, which endSession takes."
    )
    current: bool = strawberry.field(
        description="Whether this is the session that sent the request."
    )
    created_at: datetime = strawberry.field(description="When the user logged in.")
    last_used_at: datetime = strawberry.field(
        description="When the session's tokens were last renewed."
    )
    user_agent: str | None = strawberry.field(
        description=(
            "The User-Agent header of the login, at most 200 characters; null if there was none."
        )
    )

    @classmethod
    def of(cls, session: domain.UserSession, current_id: str) -> Self:
        """Return the session as clients see it."""
        return cls(
            id=strawberry.ID(session.id),
            current=session.id == current_id,
            created_at=session.created_at,
            last_used_at=session.last_used_at,
            user_agent=session.user_agent,
        )


@strawberry.type(description="An account. Users see only their own.")
class User:
    """See `domain.accounts.User`."""

    record: strawberry.Private[domain.User]
    session_id: strawberry.Private[str | None]
    id: strawberry.ID = strawberry.field(description="The id of the user.")
    username: str = strawberry.field(
        description="The name to log in with; without a password, the same as externalId."
    )
    external_id: str | None = strawberry.field(
        description=(
            "The user's id at the issuer that signs them in; null for an account with a password."
        )
    )
    email: str | None = strawberry.field(description="The user's e-mail address, if given.")
    full_name: str | None = strawberry.field(description="The user's full name, if given.")
    created_at: datetime = strawberry.field(
        description="When the user signed up, or was first seen."
    )

    @strawberry.field(description="The user's quota and how much of it is in use.")
    def usage(self, info: Info) -> Usage:
        """Return the usage and the quota."""
        policy = info.context.services.upload_policy
        quota_bytes = self.record.quota_bytes(policy.quota_bytes)
        return Usage(
            bytes=ByteCount(self.record.usage.bytes),
            uploads=self.record.usage.uploads,
            quota_bytes=None if quota_bytes is None else ByteCount(quota_bytes),
            quota_uploads=policy.quota_uploads,
        )

    @strawberry.field(description="The user's API keys, newest first.")
    async def api_keys(self, info: Info) -> list[ApiKey]:
        """Return all keys of the user, including expired ones."""
        info.context.check_scope("User.apiKeys")
        keys = await info.context.services.api_keys.list(self.record.id)
        return [ApiKey.of(key) for key in keys]

    @strawberry.field(
        description=(
            "The user's live sessions, at most 50, most recently used first. Empty if the request "
            "uses an API key."
        )
    )
    async def sessions(self, info: Info) -> list[UserSession]:
        """Return the live sessions of the user."""
        current = self.session_id
        if current is None:
            return []
        sessions = await info.context.services.sessions.list(self.record.id)
        return [UserSession.of(session, current) for session in sessions]

    @classmethod
    def of(cls, user: domain.User, session_id: str | None) -> Self:
        """Return the user as they see themselves; None as the session's id for an API key."""
        return cls(
            record=user,
            session_id=session_id,
            id=strawberry.ID(user.id),
            username=user.username,
            external_id=None if user.identity is None else user.identity.subject,
            email=user.email,
            full_name=user.full_name,
            created_at=user.created_at,
        )


@strawberry.type(description="A session. Its tokens are secrets.")
class Session:
    """See `domain.accounts.IssuedSession`."""

    access_token: str = strawberry.field(
        description="The token to send with each request, as `Authorization: Bearer …`."
    )
    expires_at: datetime = strawberry.field(
        description="When the access token expires; refreshSession returns a new one."
    )
    refresh_token: str | None = strawberry.field(
        description="The token for refreshSession, valid once; null if it was set as a cookie."
    )
    user: User = strawberry.field(description="The signed-in user.")

    @classmethod
    def deliver(cls, session: domain.IssuedSession, delivery: TokenDelivery, info: Info) -> Self:
        """Return the session as clients see it and deliver its refresh token.

        If the request exchanged a cookie for a token in the response, the cookie is cleared, since
        its token is no longer valid.
        """
        in_cookie = delivery is TokenDelivery.COOKIE
        if in_cookie:
            info.context.cookie.set(session.refresh_token)
        elif info.context.cookie.used:
            info.context.cookie.clear()
        return cls(
            access_token=session.access_token,
            expires_at=session.expires_at,
            refresh_token=None if in_cookie else session.refresh_token,
            user=User.of(session.user, session.session_id),
        )
