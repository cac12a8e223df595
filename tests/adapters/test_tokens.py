import base64
import hmac
import json
import string
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jose import jwt

from gql_api.adapters.tokens import AUDIENCE, ISSUER, JwtTokens
from gql_api.domain.accounts import AccessClaims
from gql_api.domain.ids import new_id

NOW = datetime(2030, 1, 31, 12, 0, 0, 900_000, tzinfo=UTC)
AT = int(NOW.timestamp())
SECRET = "s" * 32
CLAIMS = AccessClaims(user_id=new_id(NOW), session_id=new_id(NOW))
HEADER = {"alg": "HS256", "kid": "k1", "typ": "JWT"}
PAYLOAD: dict[str, Any] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": CLAIMS.user_id,
    "sid": CLAIMS.session_id,
    "iat": AT,
    "nbf": AT,
    "exp": AT + 900,
    "jti": "once",
    "use": "access",
}

tokens = JwtTokens({"k1": SECRET}, "HS256")


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def craft(header: object, payload: object, secret: str = SECRET, digest: str = "sha256") -> str:
    """Return a token signed with the standard library alone. A str is used as JSON verbatim."""
    parts = (part if isinstance(part, str) else dump(part) for part in (header, payload))
    signed = ".".join(encode(part.encode()) for part in parts)
    return f"{signed}.{encode(hmac.new(secret.encode(), signed.encode(), digest).digest())}"


def dump(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in PAYLOAD.items() if key != name}


def test_what_is_issued_can_be_read() -> None:
    token = tokens.issue(CLAIMS, now=NOW, ttl_seconds=900)
    assert tokens.read(token, NOW) == CLAIMS


def test_an_issued_token_is_a_standard_jwt() -> None:
    token = tokens.issue(CLAIMS, now=NOW, ttl_seconds=900)
    header, payload, _ = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    assert json.loads(base64.urlsafe_b64decode(header + "==")) == HEADER
    assert claims == {**PAYLOAD, "jti": claims["jti"]}
    assert tokens.issue(CLAIMS, now=NOW, ttl_seconds=900) != token


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_algorithms_read_their_own_only(algorithm: str) -> None:
    secret = "s" * 64
    issuer = JwtTokens({"k1": secret}, algorithm)
    token = issuer.issue(CLAIMS, now=NOW, ttl_seconds=900)
    for other in ("HS256", "HS384", "HS512"):
        read = JwtTokens({"k1": secret}, other).read(token, NOW)
        assert read == (CLAIMS if other == algorithm else None)


def test_a_token_made_elsewhere_with_the_same_key_is_read() -> None:
    assert tokens.read(craft(HEADER, PAYLOAD), NOW) == CLAIMS
    made_by_jose = jwt.encode(PAYLOAD, SECRET, algorithm="HS256", headers={"kid": "k1"})
    assert tokens.read(made_by_jose, NOW) == CLAIMS


def test_keys_can_be_replaced_without_signing_everybody_out() -> None:
    old = tokens.issue(CLAIMS, now=NOW, ttl_seconds=900)
    both = JwtTokens({"k2": "t" * 32, "k1": SECRET}, "HS256")
    new = both.issue(CLAIMS, now=NOW, ttl_seconds=900)
    assert both.read(old, NOW) == both.read(new, NOW) == CLAIMS
    only_new = JwtTokens({"k2": "t" * 32}, "HS256")
    assert only_new.read(new, NOW) == CLAIMS
    assert only_new.read(old, NOW) is None


def test_a_secret_that_looks_like_json_is_a_secret() -> None:
    odd = JwtTokens({"k1": json.dumps({"keys": ["a" * 32, "b" * 32]})}, "HS256")
    assert odd.read(odd.issue(CLAIMS, now=NOW, ttl_seconds=9), NOW) == CLAIMS
    assert odd.read(craft(HEADER, PAYLOAD, "a" * 32), NOW) is None


@pytest.mark.parametrize(
    ("seconds", "valid"),
    [(-31, False), (-29, True), (0, True), (899, True), (900, False), (10**8, False)],
)
def test_a_token_is_valid_from_its_time_to_its_expiry(seconds: int, valid: bool) -> None:
    token = tokens.issue(CLAIMS, now=NOW, ttl_seconds=900)
    at = NOW.replace(microsecond=0) + timedelta(seconds=seconds)
    assert (tokens.read(token, at) is not None) == valid


REFUSED: dict[str, str] = {
    "alg none": craft({**HEADER, "alg": "none"}, PAYLOAD),
    "alg none, no signature": (craft({**HEADER, "alg": "none"}, PAYLOAD).rpartition(".")[0] + "."),
    "alg missing": craft({"kid": "k1", "typ": "JWT"}, PAYLOAD),
    "alg with another hash": craft({**HEADER, "alg": "HS512"}, PAYLOAD, digest="sha512"),
    "alg RS256": craft({**HEADER, "alg": "RS256"}, PAYLOAD),
    "signed with another hash": craft(HEADER, PAYLOAD, digest="sha512"),
    "unknown kid": craft({**HEADER, "kid": "k2"}, PAYLOAD),
    "no kid": craft({"alg": "HS256", "typ": "JWT"}, PAYLOAD),
    "kid a list": craft({**HEADER, "kid": ["k1"]}, PAYLOAD),
    "kid a path": craft({**HEADER, "kid": "../../dev/null"}, PAYLOAD, ""),
    "crit": craft({**HEADER, "crit": ["exp"]}, PAYLOAD),
    "crit empty": craft({**HEADER, "crit": []}, PAYLOAD),
    "jku": craft({**HEADER, "jku": "https://example.com"}, PAYLOAD),
    "another typ": craft({**HEADER, "typ": "JWE"}, PAYLOAD),
    "header nested deeply": craft("[" * 1000, PAYLOAD),
    "header not an object": craft([], PAYLOAD),
    "another key": craft(HEADER, PAYLOAD, "t" * 32),
    "empty key": craft(HEADER, PAYLOAD, ""),
    "payload not an object": craft(HEADER, [PAYLOAD]),
    "payload a string": craft(HEADER, '"x"'),
    "payload not JSON": craft(HEADER, "{"),
    "payload null": craft(HEADER, None),
    "payload nested deeply": craft(HEADER, "[" * 1200),
    "payload empty": craft(HEADER, {}),
    "duplicate claim": craft(HEADER, dump(PAYLOAD)[:-1] + f',"exp":{AT + 9999}}}'),
    "padding": craft(HEADER, PAYLOAD) + "=",
    "line break": craft(HEADER, PAYLOAD) + "\n",
    "leading space": " " + craft(HEADER, PAYLOAD),
    "four segments": craft(HEADER, PAYLOAD) + ".x",
    "ignored characters": craft(HEADER, PAYLOAD) + "!!!!",
    "too long": craft(HEADER, {**PAYLOAD, "pad": "x" * 4096}),
    **{f"no {name}": craft(HEADER, without(name)) for name in PAYLOAD},
    **{f"{name} null": craft(HEADER, {**PAYLOAD, name: None}) for name in PAYLOAD},
    **{f"{name} a list": craft(HEADER, {**PAYLOAD, name: [PAYLOAD[name]]}) for name in PAYLOAD},
}


@pytest.mark.parametrize("name", REFUSED)
def test_tampered_tokens_are_refused(name: str) -> None:
    assert tokens.read(REFUSED[name], NOW) is None


@pytest.mark.parametrize(
    ("claim", "json_value"),
    [
        *(
            (name, value)
            for name in ("exp", "nbf", "iat")
            for value in (
                '"99999999999"',
                "Infinity",
                "-Infinity",
                "NaN",
                "1e400",
                "true",
                "{}",
                f"{AT + 9}.5",
            )
        ),
        ("exp", str(AT)),
        ("exp", "0"),
        ("exp", "-1"),
        ("exp", "9" * 500 + ".0"),
        ("nbf", str(AT + 32)),
        ("iat", str(AT + 32)),
        ("nbf", "9" * 500),
        ("iss", '"somebody"'),
        ("aud", '"somebody"'),
        ("aud", '["media-upload-service/api","x"]'),
        ("use", '"refresh"'),
        ("sub", '{"$ne":null}'),
        ("sub", '""'),
        ("sub", '"ada"'),
        ("sub", "1"),
        ("sid", '"{}"'),
        ("sid", '{"$gt":""}'),
        ("jti", '""'),
        ("jti", "1"),
    ],
)
def test_claims_of_other_values_are_refused(claim: str, json_value: str) -> None:
    payload = dump({**PAYLOAD, claim: "@"}).replace('"@"', json_value)
    assert tokens.read(craft(HEADER, payload), NOW) is None


def test_every_character_counts() -> None:
    token = tokens.issue(CLAIMS, now=NOW, ttl_seconds=900)
    for index, character in enumerate(token):
        for other in "AB.-":
            if other != character:
                assert tokens.read(token[:index] + other + token[index + 1 :], NOW) is None
        assert tokens.read(token[:index], NOW) is None
    # 43 Base64 characters hold two bits more than 32 bytes. Those bits must be zero.
    for other in string.ascii_letters + string.digits + "-_":
        assert (tokens.read(token[:-1] + other, NOW) is None) == (other != token[-1])


@pytest.mark.parametrize(
    "junk", ["", ".", "..", "...", "a.b.c", "\0", "\ud800.\ud800.\ud800", "é.é.é", "x" * 10**7]
)
def test_junk_is_refused(junk: str) -> None:
    assert tokens.read(junk, NOW) is None


def test_libraries_are_loaded_at_first_use_only() -> None:
    code = (
        "import sys, gql_api.adapters.tokens, gql_api.adapters.passwords as p;"
        "p.Argon2Hasher();"
        "print([m for m in ('jose', 'passlib', 'argon2') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
