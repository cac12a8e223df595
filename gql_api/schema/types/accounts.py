"""Users, sessions and API keys as clients see them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import strawberry

from gql_api.domain import accounts as domain
from gql_api.schema.context import Info
from gql_api.schema.scalars import ByteCount, enum_member


@strawberry.enum(description="Where a session's refresh token goes.")
class TokenDelivery(Enum):
    """Scripts take it from the answer; browsers keep it where no script can read it."""

    BODY = enum_member("BODY", "Into the answer, for scripts and native apps.")
    COOKIE = enum_member(
        "COOKIE", "Into a cookie that page scripts can't read and other sites can't send."
    )


@strawberry.type(description="What counts against the quota: uploads that are stored or pending.")
class Usage:
    """See `domain.accounts.Usage`."""

    bytes: ByteCount = strawberry.field(description="The bytes of these uploads, as declared.")
    uploads: int = strawberry.field(description="How many uploads these are.")
    quota_bytes: ByteCount | None = strawberry.field(
        description="The most bytes the user may have; null where there is no limit."
    )


@strawberry.type(description="A long-lived token for scripts, without its secret.")
class ApiKey:
    """See `domain.accounts.ApiKey`."""

    id: strawberry.ID = strawberry.field(description="The key's id, which revokeApiKey takes.")
    name: str = strawberry.field(description="What the user calls it.")
    created_at: datetime = strawberry.field(description="When it was created.")
    expires_at: datetime | None = strawberry.field(
        description="When it stops working; null for never."
    )
    last_used_at: datetime | None = strawberry.field(
        description="When it was last used, to the minute; null for not yet."
    )

    @classmethod
    def of(cls, key: domain.ApiKey) -> ApiKey:
        """The key as clients see it."""
        return cls(
            id=strawberry.ID(key.id),
            name=key.name,
            created_at=key.created_at,
            expires_at=key.expires_at,
            last_used_at=key.last_used_at,
        )


@strawberry.type(description="An account. Everybody sees only his own.")
class User:
    """See `domain.accounts.User`."""

    record: strawberry.Private[domain.User]
    id: strawberry.ID = strawberry.field(description="The user's id.")
    username: str = strawberry.field(description="The name he logs in with.")
    email: str | None = strawberry.field(description="His e-mail address, if he gave one.")
    full_name: str | None = strawberry.field(description="His full name, if he gave one.")
    created_at: datetime = strawberry.field(description="When he signed up.")

    @strawberry.field(description="What he uses of his quota.")
    def usage(self, info: Info) -> Usage:
        """What counts against the quota, and the quota."""
        quota_bytes = info.context.services.upload_policy.quota_bytes
        return Usage(
            bytes=ByteCount(self.record.usage.bytes),
            uploads=self.record.usage.uploads,
            quota_bytes=None if quota_bytes is None else ByteCount(quota_bytes),
        )

    @strawberry.field(description="His API keys, newest first.")
    async def api_keys(self, info: Info) -> list[ApiKey]:
        """All keys of the user, expired ones included."""
        keys = await info.context.services.api_keys.list(self.record.id)
        return [ApiKey.of(key) for key in keys]

    @classmethod
    def of(cls, user: domain.User) -> User:
        """The user as he sees himself."""
        return cls(
            record=user,
            id=strawberry.ID(user.id),
            username=user.username,
            email=user.email,
            full_name=user.full_name,
            created_at=user.created_at,
        )


@strawberry.type(description="Somebody is signed in. The tokens are secrets.")
class Session:
    """See `domain.accounts.IssuedSession`."""

    access_token: str = strawberry.field(
        description="Send it with each request, as `Authorization: Bearer …`."
    )
    expires_at: datetime = strawberry.field(
        description="When the access token stops working; refreshSession gives another."
    )
    refresh_token: str | None = strawberry.field(
        description="What refreshSession takes, once; null where a cookie carries it."
    )
    user: User = strawberry.field(description="Who is signed in.")

    @classmethod
    def deliver(cls, session: domain.IssuedSession, delivery: TokenDelivery, info: Info) -> Session:
        """The session as the client gets it, its refresh token put where it is wanted.

        A cookie that was traded in for a token in the answer is cleared, since it works no more.
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
            user=User.of(session.user),
        )
