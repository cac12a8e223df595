"""Verifies the signatures of tokens with joserfc, on OpenSSL through `cryptography`.

docs/security.md says why it is not python-jose.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Mapping

from joserfc import jwk, jws
from joserfc.errors import JoseError


class JoseSignatures:
    """Implements `Signatures`."""

    def match(self, token: str, key: Mapping[str, str], algorithm: str) -> bool:
        """See `Signatures.match`. A key for another algorithm matches nothing."""
        if key.get("alg", algorithm) != algorithm:
            return False
        # Unknown headers have no effect (RFC 7515, 4). `parse_token` refuses those that have one.
        registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
        try:
            jws.deserialize_compact(token, _key(tuple(sorted(key.items()))), registry=registry)
        except (JoseError, ValueError):
            return False
        return True


@functools.lru_cache(maxsize=64)
def _key(members: tuple[tuple[str, str], ...]) -> jwk.Key:
    """Return the key object; making one takes longer than verifying a signature.

    Raises:
        ValueError: the key is malformed.
    """
    with warnings.catch_warnings():
        # About keys that are too short, which `keys.usable_keys` has left out.
        warnings.simplefilter("ignore")
        return jwk.import_key(dict(members))
