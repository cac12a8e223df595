"""The tokens of issuers: JSON Web Tokens (RFC 7519), read before their signature is verified.

The practices are those of RFC 8725 and, for access tokens, RFC 9068. Nothing in a token chooses
where its key comes from: `kid` is looked up among the keys of the issuer that the settings name.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from gql_api.domain.accounts import Identity
from gql_api.domain.identities import Profile, is_subject, usable_profile
from gql_api.domain.issuers import KEY_ID_MAX_LENGTH, Issuer

TOKEN_MAX_LENGTH = 16 * 1024
CLOCK_SKEW_SECONDS = 30

_TOKEN = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+")
# RFC 9068, 2.1. Logout tokens and proofs of possession have types of their own, and are not for
# access although the same key may sign them (RFC 8725, 3.11).
_TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt", "application/jwt"})
# They would choose another key, or change what is signed (RFC 7515, 4.1; RFC 7797).
_FORBIDDEN_HEADERS = frozenset({"crit", "b64", "jku", "jwk", "x5u", "x5c"})
# A token with `cnf` needs a proof of possession, which is not verified here (RFC 7800; RFC 9449,
# 7.2), and one with `events` reports something, such as a logout (RFC 8417).
_FORBIDDEN_CLAIMS = frozenset({"cnf", "events"})


class SignIn(NamedTuple):
    """What a valid token says. `authenticated_at`: when the user proved who they are, if known."""

    identity: Identity
    profile: Profile
    authenticated_at: datetime | None


class UnverifiedToken(NamedTuple):
    """A token whose claims are acceptable, if its signature is."""

    issuer: Issuer
    key_id: str
    algorithm: str
    sign_in: SignIn


def parse_token(token: str, issuers: Sequence[Issuer], now: datetime) -> UnverifiedToken | None:
    """Return the token if one of the issuers may have issued it for this service, else None."""
    match = _TOKEN.fullmatch(token) if len(token) <= TOKEN_MAX_LENGTH else None
    if match is None:
        return None
    header, claims = _json_object(match[1]), _json_object(match[2])
    if header is None or claims is None:
        return None
    issuer = next((it for it in issuers if it.issuer == claims.get("iss")), None)
    if issuer is None or not _acceptable_header(header, issuer):
        return None
    sign_in = _sign_in(claims, issuer, now.timestamp())
    return sign_in and UnverifiedToken(issuer, header["kid"], header["alg"], sign_in)


def _json_object(part: str) -> dict[str, Any] | None:
    """Decode one part; None unless it is a JSON object with each name once, and no NaN."""
    try:
        data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        value = json.loads(data, object_pairs_hook=_without_duplicates, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("A name occurs twice.")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON.")


def _acceptable_header(header: Mapping[str, Any], issuer: Issuer) -> bool:
    algorithm, key_id, type_ = header.get("alg"), header.get("kid"), header.get("typ", "JWT")
    return (
        algorithm in issuer.algorithms
        and isinstance(key_id, str)
        and 0 < len(key_id) <= KEY_ID_MAX_LENGTH
        and isinstance(type_, str)
        and type_.lower() in _TYPES
        and _FORBIDDEN_HEADERS.isdisjoint(header)
    )


def _sign_in(claims: Mapping[str, Any], issuer: Issuer, now: float) -> SignIn | None:
    subject = claims.get("sub")
    if (
        not isinstance(subject, str)
        or not is_subject(subject)
        or not _is_for(claims.get(issuer.audience_claim), issuer.audience)
        or not _is_current(claims, now)
        or not _FORBIDDEN_CLAIMS.isdisjoint(claims)
    ):
        return None
    authenticated_at: Any = claims.get("auth_time")
    return SignIn(
        identity=Identity(issuer.issuer, subject),
        profile=usable_profile(claims.get(issuer.email_claim), claims.get(issuer.name_claim)),
        authenticated_at=datetime.fromtimestamp(authenticated_at, UTC)
        if _is_time(authenticated_at) and 0 < authenticated_at <= now + CLOCK_SKEW_SECONDS
        else None,
    )


def _is_for(claim: object, audience: str) -> bool:
    """Return whether the claim is the audience or contains it (RFC 7519, 4.1.3)."""
    return audience in claim if isinstance(claim, list) else claim == audience


def _is_current(claims: Mapping[str, Any], now: float) -> bool:
    """Return whether the token is valid at this time. `exp` and `iat` are required."""
    times: tuple[Any, Any, Any] = claims.get("iat"), claims.get("nbf", 0), claims.get("exp")
    issued, begins, ends = times
    if not (_is_time(issued) and _is_time(begins) and _is_time(ends)):
        return False
    begin = max(issued, begins) - CLOCK_SKEW_SECONDS
    return bool(begin <= now < ends)


def _is_time(value: Any) -> bool:
    """Return whether this is a NumericDate (RFC 7519, 2); a bool is an int in Python."""
    return type(value) is int or (type(value) is float and math.isfinite(value))
