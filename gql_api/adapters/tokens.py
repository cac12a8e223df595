"""Access tokens as signed JWTs (RFC 7519, with the practices of RFC 8725).

python-jose signs them; this module verifies them. python-jose is too lenient (it accepts tokens
without `aud`, with `crit` headers or with times as text, and raises OverflowError and TypeError),
and importing it takes a twentieth of a cold start, for algorithms that this service does not use.
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
_CACHED_TOKENS = 1024  # About 500 bytes each.
_CLOCK_SKEW_SECONDS = 30
_TOKEN = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")


class JwtTokens:
    """Issues and reads access tokens of one algorithm.

    `keys` maps key ids to secrets. The first key signs; all keys verify, so that a key can be
    replaced without invalidating the tokens that the old one signed.
    """

    def __init__(self, keys: Mapping[str, str], algorithm: str) -> None:
        self._secrets = dict(keys)
        self._algorithm = algorithm
        self._kid = next(iter(keys))
        # Each key has exactly one valid header, so headers are compared and never parsed: another
        # `alg`, or a `crit`, `jku` or `jwk`, cannot have an effect.
        self._kids = {_encode(_header(algorithm, kid)): kid for kid in keys}
        # Clients send the same token for minutes, and the validity of its signature cannot change.
        self._verify_cached = functools.lru_cache(_CACHED_TOKENS)(self._verify)

    def issue(self, claims: AccessClaims, *, now: datetime, ttl_seconds: int) -> str:
        """Return a signed token with `claims`, valid for `ttl_seconds` from `now`."""
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
        payload = self._verify_cached(token) if len(token) <= _MAX_LENGTH else None
        if payload is None:
            return None
        try:
            claims = json.loads(payload, object_pairs_hook=_without_duplicates)
        except (ValueError, RecursionError):
            return None
        return _access_claims(claims, now.timestamp())

    def _verify(self, token: str) -> bytes | None:
        """Return the payload if one of the keys signed the token, else None (RFC 7515, 5.2)."""
        match = _TOKEN.fullmatch(token)
        kid = self._kids.get(match[1]) if match else None
        if match is None or kid is None:
            return None
        header, payload, signature = match.groups()
        secret, algorithm = self._secrets[kid].encode(), _HASHES[self._algorithm]
        digest = hmac.new(secret, f"{header}.{payload}".encode(), algorithm).digest()
        # Compare the encoded text, which accepts only the canonical encoding: the last character
        # has unused bits, so several texts decode to the same bytes.
        if not hmac.compare_digest(_encode(digest), signature):
            return None
        try:
            return base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        except ValueError:
            return None


@functools.lru_cache(maxsize=32)
def _key(secret: str, algorithm: str) -> Key:
    """Return a key object. python-jose would guess the meaning of a string, such as a JWK set."""
    from jose import jwk

    return jwk.construct(secret, algorithm)


def _header(algorithm: str, kid: str) -> bytes:
    """Return the header as python-jose serializes it; a test compares the two."""
    header = {"alg": algorithm, "kid": kid, "typ": "JWT"}
    return json.dumps(header, separators=(",", ":"), sort_keys=True).encode()


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    claims = dict(pairs)
    if len(claims) != len(pairs):
        raise ValueError("A claim occurs twice.")
    return claims


def _access_claims(claims: object, now: float) -> AccessClaims | None:
    """Return the validated claims, or None if any is missing, malformed, early or expired."""
    if not isinstance(claims, dict) or not claims.keys() >= _CLAIMS:
        return None
    if (claims["iss"], claims["aud"], claims["use"]) != (ISSUER, AUDIENCE, USE):
        return None
    # Accept int only: `bool` is a subclass of it, and every comparison with a NaN is false.
    if any(type(claims[name]) is not int for name in ("iat", "nbf", "exp")):
        return None
    if max(claims["iat"], claims["nbf"]) > now + _CLOCK_SKEW_SECONDS or claims["exp"] <= now:
        return None
    if not all(isinstance(claims[name], str) for name in ("sub", "sid", "jti")):
        return None
    if not claims["jti"] or not is_id(claims["sub"]) or not is_id(claims["sid"]):
        return None
    return AccessClaims(user_id=claims["sub"], session_id=claims["sid"])
