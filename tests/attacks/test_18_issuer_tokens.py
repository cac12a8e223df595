"""Tokens of OpenID Connect issuers: forged, stolen from elsewhere, or not meant for access."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gql_api import operators
from gql_api.container import Container
from gql_api.domain.accounts import Identity
from tests.api import PASSWORD, Api, Json, new_username
from tests.clock import SettableClock
from tests.issuer import AUDIENCE, EcKey, Issuer, RsaKey, encode, encode_json, rsa_key, signed

VIEWER = "{ viewer { id username externalId email fullName } }"
HOUR = 3600


@pytest.fixture
def environment(environment: dict[str, str], issuer: Issuer) -> dict[str, str]:
    """A service that accepts the tokens of the issuer."""
    return {**environment, "OIDC_ISSUERS": issuer.settings(algorithms=["RS256", "ES256"])}


async def viewer(client: httpx.AsyncClient, token: str) -> Json | None:
    data = await Api(client, token).data(VIEWER)
    found: Json | None = data["viewer"]
    return found


async def test_a_valid_token_is_its_user(
    client: httpx.AsyncClient, issuer: Issuer, clock: SettableClock
) -> None:
    token = issuer.token("user-42", clock(), email="ada@example.com", name="Ada Lovelace")
    found = await viewer(client, token)
    assert found is not None
    assert {**found, "id": ""} == {
        **{"id": "", "username": "user-42", "externalId": "user-42"},
        **{"email": "ada@example.com", "fullName": "Ada Lovelace"},
    }
    assert (await viewer(client, issuer.token("user-42", clock()))) == found
    upload = await Api(client, token).store(b"hello")
    other = Api(client, issuer.token("user-43", clock()))
    assert await other.upload(upload["id"]) is None


# ------------------------------------------------------------------ forged


def by_hmac(secret: bytes, claims: Json, key_id: str, algorithm: str = "HS256") -> str:
    data = f"{encode_json({'alg': algorithm, 'kid': key_id, 'typ': 'JWT'})}.{encode_json(claims)}"
    name = algorithm.replace("HS", "sha")
    return f"{data}.{encode(hmac.digest(secret, data.encode(), name))}"


def forgeries(issuer: Issuer, claims: Json) -> Iterator[tuple[str, str]]:
    """Yield tokens whose claims are perfect, and whose signatures are not the issuer's."""
    own = issuer.keys[0]
    assert isinstance(own, RsaKey)
    public = own.private.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    strange = RsaKey(own.key_id)
    curve = EcKey(own.key_id)
    valid = signed(claims, own)
    header, payload, signature = valid.split(".")
    for name in ("none", "None", "NONE", "nOnE", ""):
        yield f"alg {name!r}", f"{encode_json({'alg': name, 'kid': own.key_id})}.{payload}."
        yield f"alg {name!r}, signed", signed(claims, own, alg=name)
    for label, secret in {
        "PEM": pem,
        "PEM without the line's end": pem.strip(),
        "DER": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "JWK": json.dumps(own.public).encode(),
        "modulus": own.public["n"].encode(),
        "nothing": b"",
    }.items():
        for algorithm in ("HS256", "HS384", "HS512"):
            yield f"{algorithm} with {label}", by_hmac(secret, claims, own.key_id, algorithm)
    yield "no signature", f"{header}.{payload}."
    yield "no third part", f"{header}.{payload}"
    yield "another key", signed(claims, strange)
    yield "another key, in the header", signed(claims, strange, jwk=strange.public)
    yield "another key, at an address", signed(claims, strange, jku=f"{issuer.url}/strange")
    yield "another key, in a certificate", signed(claims, strange, x5u=f"{issuer.url}/strange")
    yield "a key of another type", signed(claims, curve)
    yield "zeros", f"{signed(claims, curve).rpartition('.')[0]}.{encode(bytes(64))}"
    yield "another algorithm", signed(claims, own, alg="RS512")
    yield "one that is not allowed", signed(claims, own, alg="PS256")
    yield "other claims", f"{header}.{encode_json({**claims, 'sub': 'admin'})}.{signature}"
    yield "junk in the signature", f"{header}.{payload}.{signature[:9]}!{signature[9:]}"
    yield "a longer signature", f"{valid}AAAA"
    yield "padding", f"{valid}=="
    last = signature[-1]
    other = chr(ord(last) + 1) if last.isalnum() and last not in "zZ9" else "A"
    yield "another spelling", f"{valid[:-1]}{other}"


async def test_forged_tokens_are_refused(
    client: httpx.AsyncClient, issuer: Issuer, clock: SettableClock
) -> None:
    claims = issuer.claims("user-42", clock())
    assert await viewer(client, signed(claims, issuer.keys[0])) is not None
    for name, token in forgeries(issuer, claims):
        assert await viewer(client, token) is None, name
    assert set(issuer.asked) == {"/.well-known/openid-configuration", "/keys"}
    assert issuer.times_asked() == 1


async def test_no_header_chooses_a_key(
    client: httpx.AsyncClient, issuer: Issuer, clock: SettableClock
) -> None:
    """The issuer's own key signs, so that the header alone is the reason."""
    claims, key = issuer.claims("user-42", clock()), issuer.keys[0]
    address = f"{issuer.url}/strange"
    forbidden: list[Json] = [
        {"jku": address},
        {"x5u": address},
        {"jwk": key.public},
        {"x5c": ["MIIB"]},
        {"crit": ["exp"]},
        {"crit": []},
        {"crit": ["b64"], "b64": False},
        {"b64": False},
        *({"kid": it} for it in (None, "", address, ["key 1"], {"$ne": ""}, 1, "x" * 256)),
        *({"kid": it} for it in ("../../dev/null", "key 1' OR '1'='1", "key 1\0", "KEY 1")),
        *({"typ": it} for it in ("logout+jwt", "dpop+jwt", "secevent+jwt", "", None, 1, ["JWT"])),
        *({"alg": it} for it in (None, ["RS256"], {"RS256": 1}, 256, "rs256")),
    ]
    allowed: list[Json] = [{}, {"typ": "at+jwt"}, {"typ": "jwt"}, {"x5t": "thumb"}, {"cat": "c"}]
    for header in allowed:
        assert await viewer(client, signed(claims, key, **header)) is not None, header
    for header in forbidden:
        if header == {"typ": None}:
            continue  # `signed` leaves it out, which is allowed.
        assert await viewer(client, signed(claims, key, **header)) is None, header
    assert f"{issuer.url}/strange" not in {f"{issuer.url}{path}" for path in issuer.asked}


async def test_tokens_that_are_not_meant_for_access_here(
    client: httpx.AsyncClient, issuer: Issuer, clock: SettableClock
) -> None:
    now = int(clock().timestamp())
    await viewer(client, issuer.token("user-42", clock()))
    wrong: list[Json] = [
        *({"aud": it} for it in (None, "", "https://other.test", [], ["https://other.test"], 1)),
        *({"aud": it} for it in (f"{AUDIENCE}/", AUDIENCE.upper(), [[AUDIENCE]], {AUDIENCE: 1})),
        *({"iss": it} for it in (None, "", f"{issuer.url}/", "https://other.test", [issuer.url])),
        {"iss": "media-upload-service", "aud": "media-upload-service/api"},
        *({"exp": it} for it in (None, now, now - 1, 0, -1, str(now + 300), True, [now + 300])),
        *({"iat": it} for it in (None, now + 31, now + HOUR, str(now), True, "x")),
        *({"nbf": it} for it in (now + 31, now + HOUR, str(now), True, "")),
        *({"exp": it} for it in (float("inf"), float("nan"))),
        *({"iat": 10**400}, {"nbf": 10**400}, {"exp": -(10**400)}),
        *({"sub": it} for it in (None, "", 42, ["user-42"], {"$ne": ""}, "x" * 256, "a\0", " a")),
        {"cnf": {"jkt": "x"}},
        {"events": {"http://schemas.openid.net/event/backchannel-logout": {}}},
    ]
    right: list[Json] = [
        {"aud": [AUDIENCE, "https://other.test"]},
        {"exp": now + 1},
        {"iat": now + 30, "nbf": now + 30},
        {"exp": now + 1.5},
        {"exp": 10**400, "iat": -(10**400), "nbf": 0},
    ]
    for claims in right:
        assert await viewer(client, issuer.token("user-42", clock(), **claims)), claims
    for claims in wrong:
        assert await viewer(client, issuer.token("user-42", clock(), **claims)) is None, claims


async def test_what_is_parsed_in_two_ways_is_refused(
    client: httpx.AsyncClient, issuer: Issuer, clock: SettableClock
) -> None:
    """A name that occurs twice could mean one thing here and another to the issuer."""
    key = issuer.keys[0]
    claims = json.dumps(issuer.claims("user-42", clock()))
    header = json.dumps({"alg": key.algorithm, "kid": key.key_id})

    def token(header: str, claims: str) -> str:
        data = f"{encode(header.encode())}.{encode(claims.encode())}"
        return f"{data}.{encode(key.sign(data.encode()))}"

    assert await viewer(client, token(header, claims)) is not None
    for bad in (
        token(header, f'{{"sub": "admin", {claims[1:]}'),
        token(f'{{"alg": "none", {header[1:]}', claims),
        token(header, f"[{claims}]"),
        token(header, "[" * 5000),
        token("[" * 5000, claims),
        token(header, f'{{"a": 1{"0" * 5000}, {claims[1:]}'),
        token(header, f'{{"a": NaN, {claims[1:]}'),
        token(header, '"claims"'),
        token("null", claims),
        token(header, f'{{"a": "{"x" * 20_000}", {claims[1:]}'),
        f"{token(header, claims)}.AAAA.AAAA",
        token(header, claims).replace(".", ".."),
    ):
        assert await viewer(client, bad) is None, bad[:80]


async def test_the_service_and_the_issuer_cannot_sign_for_each_other(
    client: httpx.AsyncClient, container: Container, issuer: Issuer, clock: SettableClock
) -> None:
    session = await Api(client).sign_up(new_username())
    own = session["accessToken"]
    assert await viewer(client, own) is not None
    header, payload, _ = own.split(".")
    data = f"{header}.{payload}"
    assert await viewer(client, f"{data}.{encode(issuer.keys[0].sign(data.encode()))}") is None
    [secret] = container.settings.jwt_keys.values()
    claims = issuer.claims("user-42", clock())
    kid = next(iter(container.settings.jwt_keys))
    for key_id in (kid, issuer.keys[0].key_id):
        assert await viewer(client, by_hmac(secret.encode(), claims, key_id)) is None


# ------------------------------------------------------------------ accounts


async def test_no_token_reaches_an_account_with_a_password(
    client: httpx.AsyncClient, issuer: Issuer, clock: SettableClock
) -> None:
    """Neither its username, nor its id, nor its e-mail address makes somebody its user."""
    username = new_username()
    session = await Api(client).sign_up(username, email="ada@example.com")
    ada = session["user"]["id"]
    for subject in (username, ada, f"#{ada}", "ada@example.com"):
        found = await viewer(client, issuer.token(subject, clock(), email="ada@example.com"))
        assert found is not None
        assert found["id"] != ada
    assert (await Api(client).login(username))["user"]["id"] == ada


async def test_a_token_proves_no_password(
    client: httpx.AsyncClient, issuer: Issuer, clock: SettableClock
) -> None:
    """Its user may have the name of an account: the account's password is not theirs to try."""
    username = new_username()
    await Api(client).sign_up(username)
    stranger = Api(client, issuer.token(username, clock()))
    for password in (PASSWORD, "a wrong password"):
        for _ in range(6):
            refused = await stranger.create_api_key("x", currentPassword=password)
            assert refused["__typename"] == "InvalidCredentials"
    change = (
        "mutation ($old: String!, $new: String!) { changePassword(input: "
        "{currentPassword: $old, newPassword: $new}) { __typename } }"
    )
    code, _ = await stranger.error(change, old=PASSWORD, new="staple battery horse correct")
    assert code == "FORBIDDEN"
    assert (await Api(client).login(username))["__typename"] == "Session"


async def test_a_key_needs_a_recent_sign_in(
    client: httpx.AsyncClient, issuer: Issuer, clock: SettableClock
) -> None:
    """A token may be an hour old, and a renewed one is no new sign-in."""
    now = int(clock().timestamp())
    for auth_time in (None, now - 900, 0, -1, now + HOUR, str(now), True, [now], 10**400):
        api = Api(client, issuer.token("user-42", clock(), auth_time=auth_time))
        refused = await api.create_api_key("x")
        assert refused["__typename"] == "InvalidCredentials", auth_time
        assert "auth_time" in refused["message"]
    api = Api(client, issuer.token("user-42", clock(), auth_time=now - 899))
    key = await api.create_api_key("backup")
    assert key["__typename"] == "ApiKeyCreated"
    script = Api(client, key["token"])
    assert (await script.data(VIEWER))["viewer"]["externalId"] == "user-42"
    code, _ = await script.error('mutation { endSession(id: "x") { sessionsEnded } }')
    assert code == "FORBIDDEN"
    assert (await api.revoke_api_key(key["apiKey"]["id"]))["__typename"] == "ApiKeyRevoked"
    assert await viewer(client, key["token"]) is None


async def test_there_is_no_session_to_list_or_end(
    client: httpx.AsyncClient, issuer: Issuer, clock: SettableClock
) -> None:
    api = Api(client, issuer.token("user-42", clock()))
    assert (await api.data("{ viewer { sessions { id } } }"))["viewer"] == {"sessions": []}
    ended = await api.data('mutation { endSession(id: "x") { sessionsEnded } }')
    assert ended["endSession"] == {"sessionsEnded": 0}
    assert await api.logout(everywhere=True) == 0


async def test_disabling_works_at_once(
    client: httpx.AsyncClient, container: Container, issuer: Issuer, clock: SettableClock
) -> None:
    accounts = operators.administration(container, clock).accounts
    token = issuer.token("user-42", clock())
    api, identity = Api(client, token), Identity(issuer.url, "user-42")
    upload = await api.store(b"hello")
    await accounts.disable(identity)
    assert await viewer(client, token) is None
    assert await viewer(client, issuer.token("user-42", clock(), email="a@b.test")) is None
    code, _ = await api.error('{ upload(id: "x") { id } }')
    assert code == "UNAUTHENTICATED"
    await accounts.enable(identity)
    assert (await api.upload(upload["id"]) or {})["id"] == upload["id"]


async def test_what_the_security_log_says(
    client: httpx.AsyncClient,
    issuer: Issuer,
    clock: SettableClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """First sight and refused tokens; never a token, a claim or a header of one."""
    caplog.set_level(logging.DEBUG)
    token = issuer.token("subject-in-no-log", clock(), email="mail-in-no-log@b.test")
    assert await viewer(client, token) is not None
    forged = signed(issuer.claims("subject-in-no-log", clock()), rsa_key("kid-in-no-log"))
    assert await viewer(client, forged) is None
    lines = [json.loads(it.message) for it in caplog.records if it.name == "gql_api.security"]
    assert [(line["event"], line["outcome"]) for line in lines] == [
        ("sign_up", "success"),
        ("access", "refused"),
    ]
    assert "in-no-log" not in caplog.text
    assert not any(part in caplog.text for it in (token, forged) for part in it.split("."))


async def test_a_token_ends(
    client: httpx.AsyncClient, issuer: Issuer, clock: SettableClock
) -> None:
    token = issuer.token("user-42", clock())
    assert await viewer(client, token) is not None
    clock.advance(seconds=300 + timedelta(milliseconds=1).total_seconds())
    assert await viewer(client, token) is None
