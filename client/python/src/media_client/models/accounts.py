"""Accounts, sessions and API keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from media_client.models.fields import Fields, time_of


class ApiKeyScope(StrEnum):
    """What an API key may do. No key may change the account itself.

    READ lists and downloads. UPLOAD requests, sends, completes and cancels uploads.
    """

    ALL = "ALL"
    READ = "READ"
    UPLOAD = "UPLOAD"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key, without its secret."""

    id: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    scope: ApiKeyScope

    @classmethod
    def of(cls, fields: Fields) -> ApiKey:
        """Read a value from the fields of a response."""
        return cls(
            fields["id"],
            fields["name"],
            datetime.fromisoformat(fields["createdAt"]),
            time_of(fields["expiresAt"]),
            time_of(fields["lastUsedAt"]),
            ApiKeyScope(fields["scope"]),
        )


@dataclass(frozen=True, slots=True)
class CreatedApiKey:
    """A new API key with its secret, which the service shows only once."""

    token: str = field(repr=False)
    api_key: ApiKey


@dataclass(frozen=True, slots=True)
class UserSession:
    """Where a user is signed in. `current`: this client uses the session."""

    id: str
    current: bool
    created_at: datetime
    last_used_at: datetime
    user_agent: str | None

    @classmethod
    def of(cls, fields: Fields) -> UserSession:
        """Read a value from the fields of a response."""
        return cls(
            fields["id"],
            fields["current"],
            datetime.fromisoformat(fields["createdAt"]),
            datetime.fromisoformat(fields["lastUsedAt"]),
            fields["userAgent"],
        )


@dataclass(frozen=True, slots=True)
class User:
    """An account and its usage. `quota_bytes` is None if there is no limit."""

    id: str
    username: str
    email: str | None
    full_name: str | None
    created_at: datetime
    usage_bytes: int
    usage_uploads: int
    quota_bytes: int | None

    @classmethod
    def of(cls, fields: Fields) -> User:
        """Read a value from the fields of a response."""
        return cls(
            fields["id"],
            fields["username"],
            fields["email"],
            fields["fullName"],
            datetime.fromisoformat(fields["createdAt"]),
            fields["usage"]["bytes"],
            fields["usage"]["uploads"],
            fields["usage"]["quotaBytes"],
        )


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in session. The tokens are secrets."""

    access_token: str = field(repr=False)
    expires_at: datetime
    refresh_token: str = field(repr=False)
    user: User

    @classmethod
    def of(cls, fields: Fields) -> Session:
        """Read a value from the fields of a response."""
        return cls(
            fields["accessToken"],
            datetime.fromisoformat(fields["expiresAt"]),
            fields["refreshToken"],
            User.of(fields["user"]),
        )


@dataclass(frozen=True, slots=True)
class SignInIssuer:
    """An OpenID Connect issuer at which the web client signs people in."""

    name: str
    issuer: str
    client_id: str


@dataclass(frozen=True, slots=True)
class SignInMethods:
    """How people sign in. `sign_up`: whether everyone may."""

    passwords: bool
    sign_up: bool
    issuers: Sequence[SignInIssuer]

    @classmethod
    def of(cls, fields: Fields) -> SignInMethods:
        """Read a value from the fields of a response."""
        issuers = (
            SignInIssuer(it["name"], it["issuer"], it["clientId"]) for it in fields["issuers"]
        )
        return cls(fields["passwords"], fields["signUp"], tuple(issuers))
