"""Users, their credentials, and the rules for usernames, passwords and e-mail addresses."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from gql_api.domain.common_passwords import bare, is_common
from gql_api.domain.errors import FieldError, Forbidden, InvalidInput
from gql_api.domain.text import flaw

USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{2,63}")
PASSWORD_MIN_LENGTH = 8
PASSWORD_MAX_LENGTH = 1024
EMAIL_MAX_LENGTH = 254
FULL_NAME_MAX_LENGTH = 200
API_KEY_NAME_MAX_LENGTH = 100
SUBJECT_MAX_LENGTH = 255
SESSIONS_MAX = 50
USER_AGENT_MAX_LENGTH = 200
# How long after a login an API key can be created without the password. For the users of an
# issuer, this is the time since `auth_time`: a renewed token is no new login.
RECENT_LOGIN = timedelta(minutes=15)


class Usage(NamedTuple):
    """What counts against the quota: the number and bytes of pending and stored uploads."""

    bytes: int
    uploads: int


class Quota(NamedTuple):
    """A quota that an operator has set for one user; None means no limit."""

    bytes: int | None


class Identity(NamedTuple):
    """A user of another service, which signs them in: its issuer and the subject there."""

    issuer: str
    subject: str


class User(NamedTuple):
    """An account. The password hash is not part of it; see `Credentials`.

    `quota` is None if the service's quota applies to the user. `identity` is None for an account
    with a password; the username of any other is the subject, and need not be unique.
    """

    id: str
    username: str
    email: str | None
    full_name: str | None
    created_at: datetime
    usage: Usage
    disabled: bool = False
    quota: Quota | None = None
    identity: Identity | None = None

    def quota_bytes(self, default: int | None) -> int | None:
        """Return the user's quota in bytes, or None for no limit; `default` is the service's."""
        return default if self.quota is None else self.quota.bytes


class ApiKeyScope(StrEnum):
    """What an API key may do; `schema.scopes` lists the fields."""

    ALL = "ALL"
    READ = "READ"
    UPLOAD = "UPLOAD"


class Viewer(NamedTuple):
    """The sender of a request: the user, and the session or API key that authenticated them.

    Neither of the two: an issuer's token did. `logged_in_at` is when the user proved who they are:
    the session began then, or the token says so; None for an API key, or if unknown. `scope` is
    None for those who are signed in, who may do everything.
    """

    user: User
    session_id: str | None = None
    logged_in_at: datetime | None = None
    api_key_id: str | None = None
    scope: ApiKeyScope | None = None

    def require_sign_in(self, purpose: str) -> None:
        """Check that the viewer is signed in.

        Raises:
            Forbidden: the viewer uses an API key. A stolen key must not change the account.
        """
        if self.api_key_id is not None:
            raise Forbidden(f"An API key can't {purpose}. Log in with your password.")


class UserSession(NamedTuple):
    """A session as its user sees it. `last_used_at` is the last login or refresh."""

    id: str
    created_at: datetime
    last_used_at: datetime
    user_agent: str | None


class NewSession(NamedTuple):
    """A session to begin. `family` and `token` are hashes: see `account_stores.SessionStore`.

    It expires at `expires_at` if unused, and at `ends_at` in any case.
    """

    id: str
    family: str
    token: str
    created_at: datetime
    expires_at: datetime
    ends_at: datetime
    user_agent: str | None = None


class ApiKey(NamedTuple):
    """A long-lived token for scripts, without its secret."""

    id: str
    owner_id: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    scope: ApiKeyScope = ApiKeyScope.ALL


class AccessClaims(NamedTuple):
    """The claims of an access token: the ids of its user and its session."""

    user_id: str
    session_id: str


class SessionCheck(NamedTuple):
    """A condition of a change: this session must be live at this time."""

    session_id: str
    at: datetime


class IssuedSession(NamedTuple):
    """The tokens of a session and its user. The tokens are secrets."""

    session_id: str
    access_token: str
    expires_at: datetime
    refresh_token: str
    user: User


def shown_user_agent(user_agent: str | None) -> str | None:
    """Return the part of a User-Agent header that is stored: printable and short, or None."""
    printable = "".join(filter(str.isprintable, user_agent or "")).strip()
    return printable[:USER_AGENT_MAX_LENGTH] or None


def fold_username(username: str) -> str:
    """Return the form of a username that must be unique."""
    return username.lower()


def username_flaw(username: str) -> str | None:
    """Return why this is not a valid username, or None."""
    if USERNAME.fullmatch(username):
        return None
    return (
        "must have 3 to 64 characters, only letters A-Z, digits and . _ @ + -, "
        "and begin with a letter or digit"
    )


def password_flaw(
    password: str, username: str, email: str | None, full_name: str | None = None
) -> str | None:
    """Return why this is not a valid password for this user, or None.

    There are no composition rules (OWASP ASVS 5.0, 6.2.5), but the most common passwords are
    rejected (6.2.4). The length is that of the form that is hashed, NFKC, and of what was typed.
    """
    too_short = f"must have at least {PASSWORD_MIN_LENGTH} characters"
    if len(password) < PASSWORD_MIN_LENGTH:
        return too_short
    if problem := flaw(password, PASSWORD_MAX_LENGTH):
        return problem
    if len(unicodedata.normalize("NFKC", password)) < PASSWORD_MIN_LENGTH:
        return too_short
    names = (username, email or "", (email or "").partition("@")[0], full_name or "")
    if _without_spaces(password) in map(_without_spaces, filter(None, names)):
        return "must not be the username, the e-mail address or the user's name"
    if is_common(password):
        return "is one of the most common passwords; choose another one"
    return None


def _without_spaces(text: str) -> str:
    return "".join(bare(text).split())


def email_flaw(email: str) -> str | None:
    """Return why this is not an e-mail address, or None. Does not check that it exists."""
    problem = flaw(email, EMAIL_MAX_LENGTH)
    if problem is None and not re.fullmatch(r"[^\s@]+@[^\s@]+", email):
        return "is not an e-mail address such as ada@example.com"
    return problem


def check_account(username: str, password: str, email: str | None, full_name: str | None) -> None:
    """Check the fields of a new account.

    Raises:
        InvalidInput: lists all invalid fields.
    """
    flaws = {
        "username": username_flaw(username),
        "password": password_flaw(password, username, email, full_name),
        "email": None if email is None else email_flaw(email),
        "fullName": None if full_name is None else flaw(full_name, FULL_NAME_MAX_LENGTH),
    }
    fields = [FieldError((name,), problem) for name, problem in flaws.items() if problem]
    if fields:
        raise InvalidInput(fields)
