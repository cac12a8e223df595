"""Refresh tokens, API keys and operators' keys: random bits without content.

Stores keep only their hashes.

A fast hash suffices: nobody can guess 256 random bits, so a slow hash gains nothing
(OWASP ASVS 5.0, 11.4.2 requires slow hashes for secrets that people choose).
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from typing import NamedTuple

API_KEY_PREFIX = "mus_"
OPERATOR_KEY_PREFIX = "muo_"
REFRESH_TOKEN_PREFIX = "mur_"
_FAMILY_BYTES = 16
_SECRET_BYTES = 32
_API_KEY = re.compile(API_KEY_PREFIX + "[A-Za-z0-9_-]{43}")
_OPERATOR_KEY = re.compile(OPERATOR_KEY_PREFIX + "[A-Za-z0-9_-]{43}")
_REFRESH_TOKEN = re.compile(REFRESH_TOKEN_PREFIX + "[A-Za-z0-9_-]{64}")


class RefreshToken(NamedTuple):
    """A refresh token: 16 bytes that are constant for a session, and 32 that change."""

    text: str

    @property
    def family(self) -> str:
        """The hash of the bytes that all refresh tokens of the session share."""
        return _sha256(self._bytes()[:_FAMILY_BYTES])

    @property
    def hash(self) -> str:
        """The hash of this token alone."""
        return _sha256(self._bytes())

    def successor(self) -> RefreshToken:
        """Return a new token of the same session."""
        return _refresh_token(self._bytes()[:_FAMILY_BYTES])

    def _bytes(self) -> bytes:
        return base64.urlsafe_b64decode(self.text.removeprefix(REFRESH_TOKEN_PREFIX))


def new_refresh_token() -> RefreshToken:
    """Return the first refresh token of a new session."""
    return _refresh_token(secrets.token_bytes(_FAMILY_BYTES))


def parse_refresh_token(text: str) -> RefreshToken | None:
    """Return the token, or None if `text` is malformed."""
    return RefreshToken(text) if _REFRESH_TOKEN.fullmatch(text) else None


def new_api_key() -> str:
    """Return a new API key, which is shown once and never stored."""
    return API_KEY_PREFIX + secrets.token_urlsafe(_SECRET_BYTES)


def is_api_key(text: str) -> bool:
    """Return whether `text` has the form of an API key."""
    return _API_KEY.fullmatch(text) is not None


def new_operator_key() -> str:
    """Return a new operator's key, which is shown once and never stored."""
    return OPERATOR_KEY_PREFIX + secrets.token_urlsafe(_SECRET_BYTES)


def is_operator_key(text: str) -> bool:
    """Return whether `text` has the form of an operator's key."""
    return _OPERATOR_KEY.fullmatch(text) is not None


def key_hash(text: str) -> str:
    """Return the hash by which an API key or an operator's key is looked up."""
    return _sha256(text.encode())


def _refresh_token(family: bytes) -> RefreshToken:
    # 48 bytes are exactly 64 characters of Base64, so each token has only one spelling.
    secret = secrets.token_bytes(_SECRET_BYTES)
    return RefreshToken(REFRESH_TOKEN_PREFIX + base64.urlsafe_b64encode(family + secret).decode())


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
