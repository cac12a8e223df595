"""Keys of operators, with which a team's backend acts for its users."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from gql_api.domain.accounts import SUBJECT_MAX_LENGTH
from gql_api.domain.issuers import is_issuer_url

OWN_ISSUER = "act-as"
"""The issuer of users whom only backends know. No URL is equal to it."""

# Visible ASCII without a comma: gateways join the fields of a header that is sent twice with one.
_SUBJECT = re.compile(rf"[!-+\--~]{{1,{SUBJECT_MAX_LENGTH}}}")


class OperatorKey(NamedTuple):
    """A key that acts for the users of one issuer, without its secret."""

    id: str
    name: str
    issuer: str
    created_at: datetime
    last_used_at: datetime | None


class OperatorKeyStore(Protocol):
    """Stores operators' keys, which are looked up by the hash of their token."""

    async def insert(self, key: OperatorKey, token: str) -> None:
        """Insert a new key."""
        ...

    async def list(self) -> Sequence[OperatorKey]:
        """Return all keys, newest first."""
        ...

    async def delete(self, key_id: str) -> bool:
        """Delete a key; returns False if there is none with this id."""
        ...

    async def find(self, token: str, now: datetime) -> OperatorKey | None:
        """Return the key. Records its use, at most once per minute."""
        ...


def is_acting_subject(text: str) -> bool:
    """Return whether the header Act-As may have this value: 1 to 255 visible ASCII characters.

    A subject with a space or a comma cannot be acted for.
    """
    return _SUBJECT.fullmatch(text) is not None


def is_acting_issuer(text: str) -> bool:
    """Return whether a key can act for the users of this issuer, configured or not."""
    return text == OWN_ISSUER or is_issuer_url(text)
