"""OpenID Connect issuers: the setting OIDC_ISSUERS, and the key sets that they publish."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol

ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
)
"""The algorithms of signatures. HMAC is none of them: its key would be a shared secret."""
ISSUERS_MAX = 10
FIELD_MAX_LENGTH = 255
KEY_ID_MAX_LENGTH = 255

_LOOPBACK = r"http://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?"
_URL = re.compile(rf"(https://[A-Za-z0-9.-]+(:\d{{1,5}})?|{_LOOPBACK})(/[A-Za-z0-9._~%/+:-]*)?")
_CLAIM = re.compile(r"[!-~]+")
_LINE = re.compile(r"[^\x00-\x1f\x7f]+")
_TEXT = f"a text of 1 to {FIELD_MAX_LENGTH} characters"
_CLAIM_NAME = "the name of a claim"
# The fields of the setting, apart from `algorithms`: the attribute, a pattern and its description.
_FIELDS: Mapping[str, tuple[str, re.Pattern[str], str]] = {
    "name": ("name", _LINE, _TEXT),
    "issuer": (
        "issuer",
        _URL,
        "the issuer's https URL, exactly as in its tokens; http on this machine only",
    ),
    "audience": ("audience", _LINE, _TEXT),
    "audienceClaim": ("audience_claim", _CLAIM, _CLAIM_NAME),
    "nameClaim": ("name_claim", _CLAIM, _CLAIM_NAME),
    "emailClaim": ("email_claim", _CLAIM, _CLAIM_NAME),
    "clientId": ("client_id", _LINE, _TEXT),
}
_REQUIRED = ("name", "issuer", "audience")


class Issuer(NamedTuple):
    """An issuer whose tokens are accepted. `issuer` is its URL, and `name` is shown to people.

    A token is meant for this service if its claim `audience_claim` is `audience`, or a list with
    it. `client_id` is that of the web client; None if it does not sign in here.
    """

    name: str
    issuer: str
    audience: str
    audience_claim: str = "aud"
    algorithms: tuple[str, ...] = ("RS256",)
    name_claim: str = "name"
    email_claim: str = "email"
    client_id: str | None = None


class SignInMethods(NamedTuple):
    """How people sign in."""

    passwords: bool
    sign_up: bool
    issuers: tuple[Issuer, ...]


Key = Mapping[str, str]
"""A public key, as the members of a JSON Web Key (RFC 7517)."""


class KeySet(NamedTuple):
    """The public keys of an issuer by their ids, and when it was asked for them."""

    keys: Mapping[str, Key]
    fetched_at: datetime


class KeySetSource(Protocol):
    """Asks issuers for their keys."""

    async def fetch(self, issuer: str) -> Mapping[str, Key]:
        """Return the keys that verify signatures, by their ids; there is at least one.

        Raises:
            IssuerUnavailable: the issuer does not answer, or its answer is unusable.
        """
        ...


class KeySetStore(Protocol):
    """Keeps the key sets for all processes, and for those that start while the issuer is down."""

    async def find(self, issuer: str) -> KeySet | None:
        """Return the newest key set."""
        ...

    async def claim(self, issuer: str, now: datetime, since: datetime) -> bool:
        """Record that the issuer is asked now; returns False if it was asked after `since`."""
        ...

    async def save(self, issuer: str, key_set: KeySet) -> None:
        """Replace the key set, unless the stored one is newer."""
        ...


class Signatures(Protocol):
    """Verifies signatures."""

    def match(self, token: str, key: Key, algorithm: str) -> bool:
        """Return whether this key signed the token (RFC 7515, compact) by this algorithm."""
        ...


def parse_issuers(text: str) -> tuple[tuple[Issuer, ...], list[str]]:
    """Return the issuers of the setting, a JSON list, and what is wrong with it."""
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        entries = None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return (), ["must be a JSON list of objects, such as [{…}]."]
    problems = [
        f"[{index}]{problem}" for index, entry in enumerate(entries) for problem in _flaws(entry)
    ]
    for field in ("issuer", "name"):
        values = [str(entry[field]) for entry in entries if field in entry]
        if len(set(values)) < len(values):
            problems.append(f" names two issuers with the same {field}.")
    if len(entries) > ISSUERS_MAX:
        problems.append(f" has more than {ISSUERS_MAX} issuers.")
    return ((), problems) if problems else (tuple(map(_issuer, entries)), [])


def is_issuer_url(text: str) -> bool:
    """Return whether this can be the URL of an issuer."""
    return len(text) <= FIELD_MAX_LENGTH and _URL.fullmatch(text) is not None


def is_safe_url(url: object, *, like: str) -> bool:
    """Return whether the service may ask this URL for what an issuer at the URL `like` refers to.

    It must be encrypted, unless the issuer is on this machine: then it may be on it, too.
    """
    if not isinstance(url, str) or len(url) > 2048 or not url.isascii() or not url.isprintable():
        return False
    return url.startswith("https://") or (
        is_loopback(like) and re.match(rf"{_LOOPBACK}(/|$)", url) is not None
    )


def is_loopback(url: str) -> bool:
    """Return whether the issuer is on this machine and not encrypted."""
    return url.startswith("http://")


def _flaws(entry: Mapping[str, Any]) -> Iterator[str]:
    for name in _REQUIRED:
        if name not in entry:
            yield f".{name} is missing."
    for name, value in entry.items():
        if name == "algorithms":
            if not isinstance(value, list) or not value or not set(map(str, value)) <= _KNOWN:
                yield f".algorithms must be a list of {', '.join(ALGORITHMS)}."
        elif name not in _FIELDS:
            yield f" has the unknown field {name[:50]!r}."
        else:
            _, pattern, expected = _FIELDS[name]
            if (
                not isinstance(value, str)
                or len(value) > FIELD_MAX_LENGTH
                or not pattern.fullmatch(value)
            ):
                yield f".{name} must be {expected}."


_KNOWN = frozenset(ALGORITHMS)


def _issuer(entry: Mapping[str, Any]) -> Issuer:
    fields = {_FIELDS[name][0]: value for name, value in entry.items() if name in _FIELDS}
    algorithms = entry.get("algorithms", ["RS256"])
    return Issuer(**fields, algorithms=tuple(algorithms))
