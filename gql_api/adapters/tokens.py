"""Access tokens as signed JWTs (RFC 7519, with the practices of RFC 8725).

python-jose signs them. They are checked here, because it lets too much through (tokens without
`aud`, `crit` headers, times as text, OverflowError and TypeError), and because its import takes a
twentieth of a Lambda function's cold start, for algorithms that are not ours.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gql_api.domain.accounts import AccessClaims
from gql_api.domain.ids import is_id

if TYPE_CHECKING:
    from jose.backends.base import Key

ISSUER = "media-upload-service"
AUDIENCE = "media-upload-service/api"
USE = "access"
_HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}
_CLAIMS = frozenset({"iss", "aud", "sub", "sid", "iat", "nbf", "exp", "jti", "use"})
_MAX_LENGTH = 2048
_TOKENS_KEPT = 1024  # Of 500 bytes each.
_CLOCK_SKEW_SECONDS = 30
_TOKEN = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")


class JwtTokens:
    """Issues and reads access tokens of one algorithm.

    `keys` maps key ids to secrets: the first signs, all are accepted, so that a key can be
    replaced while tokens of the old one are still around.
    """

    def __init__(self, keys: Mapping[str, str], algorithm: str) -> None:
        self._secrets = dict(keys)
        self._algorithm = algorithm
        self._kid = next(iter(keys))
        # Our tokens have one header for each key, so headers are compared, never interpreted:
        # no other `alg`, no `crit`, `jku` or `jwk` gets as far as a parser.
        self._kids = {_encode(_header(algorithm, kid)): kid for kid in keys}
        # A client sends the same token for minutes, and whether it is signed stays as it is.
        self._verified = functools.lru_cache(_TOKENS_KEPT)(self._verify)

    def issue(self, claims: AccessClaims, *, now: datetime, ttl_seconds: int) -> str:
        """A token that says `claims` from `now` on, for `ttl_seconds`."""
        from jose import jws

        issued_at = int(now.timestamp())
        payload = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": claims.user_id,
            "sid": claims.session_id,
            "iat": issued_at,
            "nbf": issued_at,
            "exp": issued_at + ttl_seconds,
            "jti": secrets.token_urlsafe(16),
            "use": USE,
        }
        key = _key(self._secrets[self._kid], self._algorithm)
        return jws.sign(payload, key, {"kid": self._kid}, self._algorithm)

    def read(self, token: str, now: datetime) -> AccessClaims | None:
        """See `AccessTokens.read`."""
        payload = self._verified(token) if len(token) <= _MAX_LENGTH else None
        if payload is None:
            return None
        try:
            claims = json.loads(payload, object_pairs_hook=_without_duplicates)
        except (ValueError, RecursionError):
            return None
        return _checked(claims, now.timestamp())

    def _verify(self, token: str) -> bytes | None:
        """The payload of a token that was signed with one of the keys (RFC 7515, 5.2)."""
        match = _TOKEN.fullmatch(token)
        kid = self._kids.get(match[1]) if match else None
        if match is None or kid is None:
            return None
        header, payload, signature = match.groups()
        secret, algorithm = self._secrets[kid].encode(), _HASHES[self._algorithm]
        digest = hmac.new(secret, f"{header}.{payload}".encode(), algorithm).digest()
        # As text: a signature has one spelling, though the last character may have unused bits.
        if not hmac.compare_digest(_encode(digest), signature):
            return None
        try:
            return base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        except ValueError:
            return None


@functools.lru_cache(maxsize=32)
def _key(secret: str, algorithm: str) -> Key:
    """The key object. Given a string, python-jose would guess: JSON could become a set of keys."""
    from jose import jwk

    return jwk.construct(secret, algorithm)


def _header(algorithm: str, kid: str) -> bytes:
    """The header as python-jose writes it; a test compares."""
    header = {"alg": algorithm, "kid": kid, "typ": "JWT"}
    return json.dumps(header, separators=(",", ":"), sort_keys=True).encode()


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    claims = dict(pairs)
    if len(claims) != len(pairs):
        raise ValueError("a claim is there twice")
    return claims


def _checked(claims: object, now: float) -> AccessClaims | None:
    if not isinstance(claims, dict) or not claims.keys() >= _CLAIMS:
        return None
    if (claims["iss"], claims["aud"], claims["use"]) != (ISSUER, AUDIENCE, USE):
        return None
    # True is an int to Python, and NaN compares as False to everything: only int itself will do.
    if any(type(claims[name]) is not int for name in ("iat", "nbf", "exp")):
        return None
    if max(claims["iat"], claims["nbf"]) > now + _CLOCK_SKEW_SECONDS or claims["exp"] <= now:
        return None
    if not all(isinstance(claims[name], str) for name in ("sub", "sid", "jti")):
        return None
    if not claims["jti"] or not is_id(claims["sub"]) or not is_id(claims["sid"]):
        return None
    return AccessClaims(user_id=claims["sub"], session_id=claims["sid"])
