"""People whom another service signs in: an OpenID Connect issuer, or a team's own backend.

A user of an issuer is known by the issuer and the subject, never by an e-mail address or a name:
those change, and issuers differ in whether they verify them (OpenID Connect Core 1.0, 5.7).
"""

from __future__ import annotations

import re
from typing import NamedTuple, Protocol

from gql_api.domain.accounts import (
    FULL_NAME_MAX_LENGTH,
    SUBJECT_MAX_LENGTH,
    Identity,
    User,
    email_flaw,
)
from gql_api.domain.text import flaw

_SUBJECT = re.compile(rf"(?! )[ -~]{{1,{SUBJECT_MAX_LENGTH}}}(?<! )")


class Profile(NamedTuple):
    """What an issuer says about a user; None for what it does not say."""

    email: str | None = None
    full_name: str | None = None


NO_PROFILE = Profile()


class ExternalUserStore(Protocol):
    """Stores users that have no password."""

    async def find(self, identity: Identity) -> User | None:
        """Return the user of this identity, even if disabled."""
        ...

    async def insert(self, user: User) -> bool:
        """Insert a new user; returns False if there is one of the same identity."""
        ...

    async def set_profile(self, user_id: str, profile: Profile) -> None:
        """Replace what the profile says; what it does not say stays as it is."""
        ...


def is_subject(text: str) -> bool:
    """Return whether `text` is a subject: up to 255 ASCII characters (OIDC Core 1.0, 2).

    Only printable ones, without a space at either end.
    """
    return _SUBJECT.fullmatch(text) is not None


def usable_profile(email: object, full_name: object) -> Profile:
    """Return what is stored of these claims: valid texts only. They are only for display."""
    return Profile(
        email if isinstance(email, str) and email_flaw(email) is None else None,
        full_name
        if isinstance(full_name, str) and flaw(full_name, FULL_NAME_MAX_LENGTH) is None
        else None,
    )
