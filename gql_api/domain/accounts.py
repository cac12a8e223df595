"""Users, how they sign in, and the rules for names and passwords."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from gql_api.domain.common_passwords import is_common
from gql_api.domain.text import flaw

USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{2,63}")
PASSWORD_MIN_LENGTH = 8
PASSWORD_MAX_LENGTH = 1024
EMAIL_MAX_LENGTH = 254
FULL_NAME_MAX_LENGTH = 200
API_KEY_NAME_MAX_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Usage:
    """What counts against the quota: pending and stored uploads, and their bytes."""

    bytes: int
    uploads: int


@dataclass(frozen=True, slots=True)
class User:
    """An account. The password hash stays in the store: see `Credentials`."""

    id: str
    username: str
    email: str | None
    full_name: str | None
    created_at: datetime
    usage: Usage
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who sends a request: the user, and the session or the API key he is known by."""

    user: User
    session_id: str | None = None
    api_key_id: str | None = None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A long-lived token for scripts, without its secret."""

    id: str
    owner_id: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What an access token says: whose it is, and of which session (both ids)."""

    user_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class IssuedSession:
    """What a caller gets on signing in. The tokens are secrets."""

    access_token: str
    expires_at: datetime
    refresh_token: str
    user: User


def fold_username(username: str) -> str:
    """The form in which usernames are unique."""
    return username.lower()


def username_flaw(username: str) -> str | None:
    """Why this can't be a username, or None."""
    if USERNAME.fullmatch(username):
        return None
    return (
        "must have 3 to 64 characters, letters A-Z, digits and . _ @ + - only, "
        "and begin with a letter or digit"
    )


def password_flaw(password: str, username: str, email: str | None) -> str | None:
    """Why this user can't have this password, or None.

    No composition rules (OWASP ASVS 5.0, 6.2.5), but nothing that is tried first (6.2.4).
    """
    if len(password) < PASSWORD_MIN_LENGTH:
        return f"must have at least {PASSWORD_MIN_LENGTH} characters"
    if problem := flaw(password, PASSWORD_MAX_LENGTH):
        return problem
    address = (email or "").lower()
    if password.lower() in (username.lower(), address, address.partition("@")[0]):
        return "must not be the username or the e-mail address"
    if is_common(password):
        return "is one of the passwords that are tried first; choose another one"
    return None


def email_flaw(email: str) -> str | None:
    """Why this can't be an e-mail address, or None. Whether it exists only a mail can tell."""
    problem = flaw(email, EMAIL_MAX_LENGTH)
    if problem is None and not re.fullmatch(r"[^\s@]+@[^\s@]+", email):
        return "is not an e-mail address such as ada@example.com"
    return problem
