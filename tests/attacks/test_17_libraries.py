"""Forged access tokens, and what the libraries that sign tokens and hash passwords can reach."""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import ecdsa  # type: ignore[import-untyped]
import httpx
import jose
import passlib
import pyasn1
import pytest
import rsa

from gql_api.adapters import passwords, tokens
from gql_api.adapters.oidc import signatures
from gql_api.adapters.passwords import Argon2Hasher
from gql_api.container import Container
from tests.api import PASSWORD, Api, Json, new_username

VIEWER = "{ viewer { username } }"
ASYMMETRIC = (ecdsa, rsa, pyasn1)


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token_of(header: Json, payload: str, sign: Callable[[bytes], bytes]) -> str:
    signed = f"{encode(json.dumps(header).encode())}.{payload}"
    return f"{signed}.{encode(sign(signed.encode()))}"


def forgeries(valid: str, secret: str) -> Mapping[str, str]:
    """Return tokens with the claims of a valid one, each of which some library has accepted.

    The forger of the first group knows no secret; the second has the service's own, so that only
    the header can be the reason for the refusal.
    """
    kid = json.loads(base64.urlsafe_b64decode(valid.split(".")[0] + "=="))["kid"]
    payload = valid.split(".")[1]
    rsa_public, rsa_private = rsa.newkeys(512)
    curve_key = ecdsa.SigningKey.generate(ecdsa.NIST256p, hashfunc=hashlib.sha256)
    point = curve_key.verifying_key.to_string()
    curve_jwk = {
        "kty": "EC",
        "crv": "P-256",
        "x": encode(point[:32]),
        "y": encode(point[32:]),
    }
    rsa_jwk = {
        "kty": "RSA",
        "n": encode(rsa_public.n.to_bytes(64, "big")),
        "e": encode(rsa_public.e.to_bytes(3, "big")),
    }

    def by_rsa(data: bytes) -> bytes:
        return rsa.sign(data, rsa_private, "SHA-256")

    def by_curve(data: bytes) -> bytes:
        return bytes(curve_key.sign(data))

    def by_hmac(key: bytes, name: str = "sha256") -> Callable[[bytes], bytes]:
        return lambda data: hmac.digest(key, data, name)

    def nothing(_data: bytes) -> bytes:
        return b""

    base = {"kid": kid, "typ": "JWT"}
    own = by_hmac(secret.encode())
    forged: dict[str, tuple[Json, Callable[[bytes], bytes]]] = {
        **{name: ({**base, "alg": name}, nothing) for name in ("none", "None", "NONE", "nOnE", "")},
        "HS256, unsigned": ({**base, "alg": "HS256"}, nothing),
        "HS256 with an empty key": ({**base, "alg": "HS256"}, by_hmac(b"")),
        "HS256 with its kid as the key": ({**base, "alg": "HS256"}, by_hmac(kid.encode())),
        "HS256 with a public key": (
            {**base, "alg": "HS256"},
            by_hmac(rsa_public.save_pkcs1("PEM")),
        ),
        "HS256 with an embedded key": (
            {**base, "alg": "HS256", "jwk": {"kty": "oct", "k": encode(b"k" * 32)}},
            by_hmac(b"k" * 32),
        ),
        "RS256": ({**base, "alg": "RS256"}, by_rsa),
        "RS256 with an embedded key": ({**base, "alg": "RS256", "jwk": rsa_jwk}, by_rsa),
        "RS256 with a key's address": (
            {**base, "alg": "RS256", "jku": "https://example.com/keys"},
            by_rsa,
        ),
        "ES256": ({**base, "alg": "ES256"}, by_curve),
        "ES256 with an embedded key": ({**base, "alg": "ES256", "jwk": curve_jwk}, by_curve),
        "ES256 of zeros": ({**base, "alg": "ES256"}, lambda _data: bytes(64)),
        "the service's key, alg none": ({**base, "alg": "none"}, own),
        "the service's key, alg RS256": ({**base, "alg": "RS256"}, own),
        "the service's key, alg ES256": ({**base, "alg": "ES256"}, own),
        "the service's key, alg HS512": (
            {**base, "alg": "HS512"},
            by_hmac(secret.encode(), "sha512"),
        ),
        "the service's key, another kid": ({"alg": "HS256", "kid": "/dev/null"}, own),
        "the service's key, crit": ({**base, "alg": "HS256", "crit": ["b64"], "b64": False}, own),
    }
    return {name: token_of(header, payload, sign) for name, (header, sign) in forged.items()}


async def test_forged_tokens_are_refused(client: httpx.AsyncClient, container: Container) -> None:
    [secret] = container.settings.jwt_keys.values()
    username = new_username()
    session = await Api(client).sign_up(username)
    valid = session["accessToken"]
    assert (await Api(client, valid).data(VIEWER))["viewer"]["username"] == username
    for name, token in forgeries(valid, secret).items():
        answer = (await Api(client, token).post(VIEWER)).json()
        assert answer == {"data": {"viewer": None}}, name


class Calls:
    """Records the files whose functions are called in this thread, apart from those at import."""

    def __init__(self) -> None:
        self.files: dict[str, set[str]] = {}

    def __enter__(self) -> Calls:
        sys.setprofile(self._called)
        return self

    def __exit__(self, *_exception: object) -> None:
        sys.setprofile(None)

    def _called(self, frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            code = frame.f_code
            self.files.setdefault(code.co_filename, set()).add(code.co_name)

    def of(self, package: Any) -> set[str]:
        """Return the names of the functions of a package that were called."""
        [folder] = package.__path__
        return {
            name
            for file, names in self.files.items()
            if file.startswith(f"{folder}/")
            for name in names
        }


async def test_only_signing_with_hmac_is_reached(
    client: httpx.AsyncClient, container: Container
) -> None:
    """ecdsa leaks the key's bits by its timing; rsa and pyasn1 parse what others may have sent."""
    [secret] = container.settings.jwt_keys.values()
    username = new_username()
    valid = (await Api(client).sign_up(username))["accessToken"]
    forged = forgeries(valid, secret)
    with Calls() as calls:
        session = await Api(client).login(username)
        refreshed = await Api(client).refresh_session(refreshToken=session["refreshToken"])
        await Api(client, refreshed["accessToken"]).change_password(PASSWORD, "another of these")
        await Api(client, refreshed["accessToken"]).data(VIEWER)
        for token in forged.values():
            await Api(client, token).post(VIEWER)
        await Api(client).refresh_session(refreshToken=next(iter(forged.values())))
    for package in ASYMMETRIC:
        assert calls.of(package) == set(), package.__name__
    assert "sign" in calls.of(jose)
    assert not {name for name in calls.of(jose) if "verify" in name or "decode" in name}


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_signing_works_without_rsa_and_pyasn1(algorithm: str) -> None:
    """ecdsa alone is imported, because python-jose always imports one of its functions."""
    code = (
        "import sys; sys.modules.update(rsa=None, pyasn1=None, cryptography=None)\n"
        "from datetime import UTC, datetime\n"
        "from gql_api.adapters.tokens import AccessClaims, JwtTokens\n"
        "from gql_api.domain.ids import new_id\n"
        f"now, tokens = datetime.now(UTC), JwtTokens({{'k': 's' * 64}}, {algorithm!r})\n"
        "claims = AccessClaims(new_id(now), new_id(now))\n"
        "assert tokens.read(tokens.issue(claims, now=now, ttl_seconds=9), now) == claims\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)


def test_the_other_libraries_of_python_jose_are_not_imported() -> None:
    """With `cryptography`, python-jose needs none of them; `requirements.lock` has it."""
    code = (
        "import sys; from jose import jwk, jws\n"
        "assert not {'ecdsa', 'rsa', 'pyasn1'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)
    lock = (Path(tokens.__file__).parents[2] / "requirements.lock").read_text(encoding="utf-8")
    assert "\ncryptography==" in lock


def test_each_library_has_one_importer() -> None:
    """python-jose signs tokens, joserfc verifies those of issuers, passlib hashes passwords."""
    root = Path(tokens.__file__).parents[1]
    importers: dict[str, list[str]] = {"jose": [], "joserfc": [], "passlib": []}
    for path in sorted(root.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        assert not any(f"import {it.__name__}" in source for it in ASYMMETRIC), path
        for name, found in importers.items():
            if re.search(rf"^\s*(from|import) {name}\b", source, re.MULTILINE):
                found.append(path.name)
    assert importers == {
        "jose": [Path(tokens.__file__).name],
        "joserfc": [Path(signatures.__file__).name],
        "passlib": [Path(passwords.__file__).name],
    }


def test_passlib_is_the_maintained_fork() -> None:
    lock = Path(tokens.__file__).parents[2] / "requirements.lock"
    assert f"\nlibpass=={passlib.__version__} " in lock.read_text(encoding="utf-8")
    importlib.import_module("passlib.context")


async def test_a_hash_of_passlib_is_still_accepted() -> None:
    """These were made by passlib 1.7.4, with the parameters of a deployment and with older ones."""
    hasher = Argon2Hasher()
    current = (
        "$argon2id$v=19$m=19456,t=2,p=1$6x3DmNOaMyYkRCgFoBRi7A"
        "$vU/J33wscuXBmxiHw0Wobb9MtntlfcN0PDDSaf7Pg94"
    )
    older = (
        "$argon2id$v=19$m=9216,t=4,p=1$fq/1vre2VoqRsvZ+j7E2pg"
        "$Rz50/n9HCZQQbbGzSSr3igtwudghH4+we2G1x3eYs3g"
    )
    assert await hasher.verify(PASSWORD, current) == (True, None)
    assert await hasher.verify(PASSWORD + "!", current) == (False, None)
    matches, renewed = await hasher.verify(PASSWORD, older)
    assert matches
    assert renewed is not None


def test_loading_passlib_warns_of_nothing() -> None:
    code = (
        "import asyncio; from gql_api.adapters.passwords import Argon2Hasher\n"
        "asyncio.run(Argon2Hasher(memory_kib=64, passes=1).hash('a password'))"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)
