"""This app's own issuer: it signs the tokens with which its users reach the media service.

The service needs no more of an issuer than the address of its keys (OpenID Connect Discovery 1.0)
and access tokens signed by one of them (RFC 9068). If you use Auth0, Keycloak or another provider,
it does this for you.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from joserfc import jwt
from joserfc.jwk import ECKey

from album.accounts import User

AUDIENCE = "media"
_ALGORITHM = "ES256"
_TTL_SECONDS = 300


class Issuer:
    """Signs tokens with the key in `file`, which is created if it is missing."""

    def __init__(self, url: str, file: Path) -> None:
        self._url = url
        self._key = _load_key(file)

    def metadata(self) -> dict[str, Any]:
        """The document that names the address of the keys."""
        return {"issuer": self._url, "jwks_uri": f"{self._url}/keys"}

    def keys(self) -> dict[str, Any]:
        """The public keys."""
        key = self._key.as_dict(private=False)
        return {"keys": [{**key, "kid": self._key.kid, "use": "sig", "alg": _ALGORITHM}]}

    def token(self, user: str) -> str:
        """Return an access token for this user, which lasts five minutes."""
        now = int(time.time())
        header = {"alg": _ALGORITHM, "kid": self._key.kid, "typ": "at+jwt"}
        claims = {
            "iss": self._url,
            "aud": AUDIENCE,
            "sub": user,
            "iat": now,
            "exp": now + _TTL_SECONDS,
        }
        return jwt.encode(header, claims, self._key)


def router(issuer: Issuer) -> APIRouter:
    """Return the routes of the issuer, and that of the token for a user's page."""
    routes = APIRouter()

    @routes.get("/.well-known/openid-configuration")
    def metadata() -> dict[str, Any]:
        return issuer.metadata()

    @routes.get("/keys")
    def keys() -> dict[str, Any]:
        return issuer.keys()

    @routes.post("/media-token", response_class=PlainTextResponse)
    def media_token(user: User) -> str:
        return issuer.token(user)

    return routes


def _load_key(file: Path) -> ECKey:
    try:
        return ECKey.import_key(json.loads(file.read_text()))
    except FileNotFoundError:
        key = ECKey.generate_key("P-256", {"kid": secrets.token_hex(8)})
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w") as stream:
            json.dump({**key.as_dict(private=True), "kid": key.kid}, stream)
        return key
