"""The keys in a JSON Web Key Set (RFC 7517) that may verify tokens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from gql_api.domain.issuers import KEY_ID_MAX_LENGTH

KEYS_MAX = 100
# The public members of each type of key (RFC 7518, 6; RFC 8037). Symmetric keys are not among
# them: a key that the issuer publishes must not be a secret that signs.
_MEMBERS = {"RSA": ("n", "e"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x")}
_CURVES = frozenset({"P-256", "P-384", "P-521", "Ed25519"})
# Base64 of 2048 to 8192 bits. Shorter ones are too weak (RFC 7518, 3.3), longer ones take long.
_MODULUS_LENGTHS = range(-(-2048 * 4 // 24), -(-8192 * 4 // 24) + 2)
_EXPONENT_MAX_LENGTH = 8
_MEMBER_MAX_LENGTH = 2048


def usable_keys(key_set: object) -> dict[str, dict[str, str]]:
    """Return the keys of a set that may verify signatures, by their ids, with public members only.

    Others are left out: without an id or with one that is not unique, for encryption, too short,
    or of an unknown type.
    """
    entries = key_set.get("keys") if isinstance(key_set, dict) else None
    found = list(_usable(entries[:KEYS_MAX])) if isinstance(entries, list) else []
    counts = Counter(key_id for key_id, _ in found)
    return {key_id: key for key_id, key in found if counts[key_id] == 1}


def _usable(entries: list[Any]) -> Iterator[tuple[str, dict[str, str]]]:
    for entry in entries:
        if not isinstance(entry, dict):
            continue
        key_id, members = entry.get("kid"), _members(entry)
        if isinstance(key_id, str) and 0 < len(key_id) <= KEY_ID_MAX_LENGTH and members:
            yield key_id, members


def _members(entry: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the public members of a key for signatures, else None."""
    operations = entry.get("key_ops", ["verify"])
    if entry.get("use", "sig") != "sig" or not isinstance(operations, list):
        return None
    names = _MEMBERS.get(str(entry.get("kty")))
    if names is None or "verify" not in operations:
        return None
    algorithm = ("alg",) if "alg" in entry else ()
    members = {name: entry.get(name) for name in ("kty", *names, *algorithm)}
    texts = {name: value for name, value in members.items() if isinstance(value, str)}
    if len(texts) < len(members) or max(map(len, texts.values())) > _MEMBER_MAX_LENGTH:
        return None
    return texts if _is_strong(texts) else None


def _is_strong(key: Mapping[str, str]) -> bool:
    if key["kty"] == "RSA":
        return len(key["n"]) in _MODULUS_LENGTHS and len(key["e"]) <= _EXPONENT_MAX_LENGTH
    return key["crv"] in _CURVES
