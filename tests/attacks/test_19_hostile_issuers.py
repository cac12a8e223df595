"""Issuers that are slow, down, hostile or badly set up, and floods of tokens with unknown keys."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import httpx
import pytest

from gql_api.adapters.mongo.database import Database
from gql_api.adapters.mongo.key_sets import MongoKeySets
from gql_api.adapters.oidc.discovery import (
    KEY_SET_MAX_BYTES,
    METADATA_MAX_BYTES,
    HttpKeySetSource,
)
from gql_api.domain.errors import IssuerUnavailable
from gql_api.domain.issuers import KeySet
from gql_api.services.key_sets import KEEP_FOR, RENEW_AFTER, KeySets
from tests.api import Api, Json
from tests.clock import SettableClock
from tests.issuer import KEY_SET, METADATA, EcKey, Issuer, drip, rsa_key, send, send_json, signed

Spoil = Callable[[BaseHTTPRequestHandler], None]
MIB = 2**20


@pytest.fixture
def source() -> HttpKeySetSource:
    """What asks issuers, with more patience than that of a deployment, for a busy machine."""
    return HttpKeySetSource(answer_seconds=60)


@pytest.fixture
def impatient() -> HttpKeySetSource:
    """What asks issuers that are slow."""
    return HttpKeySetSource(answer_seconds=0.3)


# ------------------------------------------------------------------ one answer


async def refusal(source: HttpKeySetSource, issuer: str) -> str:
    with pytest.raises(IssuerUnavailable) as caught:
        await source.fetch(issuer)
    return caught.value.message


async def test_an_honest_issuer(source: HttpKeySetSource, issuer: Issuer) -> None:
    issuer.keys.append(EcKey("key.2"))
    assert set(await source.fetch(issuer.url)) == {"key 1", "key.2"}


@pytest.mark.parametrize("path", [METADATA, KEY_SET])
@pytest.mark.parametrize("size", [MIB, 100 * MIB])
async def test_an_endless_answer_is_cut_off(
    source: HttpKeySetSource, issuer: Issuer, path: str, size: int
) -> None:
    sent: list[int] = []

    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        for _ in range(size // 65_536):
            sent.append(request.wfile.write(b" " * 65_536))

    issuer.answers[path] = endless
    most = METADATA_MAX_BYTES if path == METADATA else KEY_SET_MAX_BYTES
    assert await refusal(source, issuer.url) == f"Its answer has more than {most} bytes."
    assert sum(sent) <= 10 * MIB  # What fits into the buffers of the connection.


async def test_a_key_set_of_a_megabyte(source: HttpKeySetSource, issuer: Issuer) -> None:
    """Well-formed, with an honest Content-Length, and with the right key in front."""
    padding = [{**rsa_key("key 1").public, "kid": f"key {it}"} for it in range(2, 2600)]
    body = json.dumps({"keys": [issuer.keys[0].public, *padding]}).encode()
    assert len(body) > MIB
    issuer.answers[KEY_SET] = lambda request: send(request, body)
    assert "more than" in await refusal(source, issuer.url)


async def test_many_small_keys_are_not_all_kept(source: HttpKeySetSource, issuer: Issuer) -> None:
    small = [{**EcKey("x").public, "kid": str(it)} for it in range(1000)]
    issuer.answers[KEY_SET] = lambda request: send_json(request, {"keys": small})
    assert len(await source.fetch(issuer.url)) == 100


@pytest.mark.parametrize("path", [METADATA, KEY_SET])
async def test_a_slow_issuer_delays_nothing_else(
    impatient: HttpKeySetSource, issuer: Issuer, path: str
) -> None:
    """It drips, so that each read succeeds. The event loop goes on, and the thread ends."""
    issuer.answers[path] = lambda request: drip(request, issuer.released)
    asking = asyncio.create_task(refusal(impatient, issuer.url))
    turns = 0
    while not asking.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 100
    assert await asking in (
        "It did not answer within 0.3 s.",
        "It could not be asked: TimeoutError.",
        "Its answer is not JSON.",
    )
    issuer.answers.clear()
    # There is one thread, so the next answer proves that it is free.
    patient = HttpKeySetSource(answer_seconds=60)
    patient._threads = impatient._threads
    assert await patient.fetch(issuer.url)


async def test_an_issuer_that_never_answers(impatient: HttpKeySetSource, issuer: Issuer) -> None:
    issuer.answers[METADATA] = issuer.wait_and_answer
    assert await refusal(impatient, issuer.url) in (
        "It did not answer within 0.3 s.",
        "It could not be asked: TimeoutError.",
        "It could not be asked: RemoteDisconnected.",
    )


def changed(honest: Json, **changes: object) -> Spoil:
    return lambda request: send_json(request, {**honest, **changes})


@pytest.mark.parametrize(
    "other",
    ["https://other.test", "", None, ["{url}"], "{url}/", "{url}/x", "HTTP://127.0.0.1"],
)
async def test_metadata_of_another_issuer(
    source: HttpKeySetSource, issuer: Issuer, other: object
) -> None:
    name = json.loads(json.dumps(other).replace("{url}", issuer.url))
    issuer.answers[METADATA] = changed(issuer.metadata(), issuer=name)
    assert await refusal(source, issuer.url) == "Its metadata is that of another issuer."
    assert issuer.times_asked() == 0


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1.example.com/keys",
        "http://127.0.0.1:1@example.com/keys",
        "http://localhost.example.com",
        "file:///etc/passwd",
        "ftp://127.0.0.1/keys",
        "//127.0.0.1/keys",
        "HTTP://127.0.0.1/keys",
        "https://example.com/\r\nX: y",
        "https://example.com/ä",
        f"https://example.com/{'x' * 3000}",
        None,
        ["https://example.com"],
        7,
    ],
)
async def test_keys_come_from_no_other_kind_of_address(
    source: HttpKeySetSource, issuer: Issuer, address: object
) -> None:
    issuer.answers[METADATA] = changed(issuer.metadata(), jwks_uri=address)
    expected = "The address of its keys is not an https URL."
    assert await refusal(source, issuer.url) == expected


@pytest.mark.parametrize("path", [METADATA, KEY_SET])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(
    source: HttpKeySetSource, issuer: Issuer, path: str, status: int
) -> None:
    target = {"Location": f"{issuer.url}/elsewhere"}
    issuer.answers[path] = lambda request: send(request, b"", status, target)
    assert await refusal(source, issuer.url) == f"It answered with status {status}."
    assert "/elsewhere" not in issuer.asked


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 200),
        (b"{", 200),
        (b"[" * 60_000, 200),
        (b"\xff\xfe", 200),
        (b"<html>", 200),
        (b"{}", 500),
        (b"{}", 204),
        (b"{}", 404),
    ],
)
@pytest.mark.parametrize("path", [METADATA, KEY_SET])
async def test_answers_that_are_none(
    source: HttpKeySetSource, issuer: Issuer, path: str, body: bytes, status: int
) -> None:
    issuer.answers[path] = lambda request: send(request, body, status)
    assert await refusal(source, issuer.url)


async def test_headers_without_end(source: HttpKeySetSource, issuer: Issuer) -> None:
    def endless(request: BaseHTTPRequestHandler) -> None:
        for number in range(10_000):
            request.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n" if number % 2 else b"")
        request.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000)

    issuer.answers[METADATA] = endless
    assert await refusal(source, issuer.url)


async def test_one_slow_issuer_does_not_delay_another(
    source: HttpKeySetSource, issuer: Issuer
) -> None:
    other = Issuer()
    other.start()
    try:
        other.answers[METADATA] = other.wait_and_answer
        slow = asyncio.create_task(source.fetch(other.url))
        await asyncio.to_thread(other.waiting.wait, 10)
        assert await source.fetch(issuer.url)
        assert not slow.done()
        other.released.set()
        assert await slow
    finally:
        other.stop()


# ------------------------------------------------------------------ many tokens


@pytest.fixture
def process(database: Database, clock: SettableClock) -> Callable[[], KeySets]:
    """Returns the key sets of a new process, such as a Lambda environment."""

    def start() -> KeySets:
        return KeySets(store=MongoKeySets(database), source=HttpKeySetSource(), clock=clock)

    return start


async def test_a_flood_of_unknown_keys_asks_once_a_minute(
    process: Callable[[], KeySets], issuer: Issuer, clock: SettableClock
) -> None:
    """However many processes there are, and whatever the keys are called."""
    processes = [process() for _ in range(4)]
    assert await processes[0].find(issuer.url, "key 1")
    assert issuer.times_asked() == 1

    async def flood(number: int) -> None:
        key_id = f"https://attacker.test/{number}"
        assert await processes[number % 4].find(issuer.url, key_id) is None

    for minute in range(1, 4):
        for second in range(0, 60, 6):
            clock.advance(seconds=6)
            await asyncio.gather(*(flood(number) for number in range(40)))
            assert issuer.times_asked() <= 1 + minute, (minute, second)
    assert issuer.times_asked() == 4
    for key_sets in processes:
        assert await key_sets.find(issuer.url, "key 1")


async def test_a_flood_reads_the_database_every_few_seconds_only(
    database: Database, issuer: Issuer, clock: SettableClock
) -> None:
    class Counting(MongoKeySets):
        looks = 0

        async def find(self, issuer: str) -> KeySet | None:
            Counting.looks += 1
            return await super().find(issuer)

    key_sets = KeySets(store=Counting(database), source=HttpKeySetSource(), clock=clock)
    for number in range(100):
        await key_sets.find(issuer.url, f"unknown {number}")
    assert Counting.looks == 1


async def test_a_new_key_is_found_by_all_processes(
    process: Callable[[], KeySets], issuer: Issuer, clock: SettableClock
) -> None:
    """The first token with it makes one process ask; the others read what it found."""
    processes = [process() for _ in range(3)]
    for key_sets in processes:
        assert await key_sets.find(issuer.url, "key 1")
    clock.advance(seconds=61)
    issuer.keys.insert(0, rsa_key("key 2"))
    found = await asyncio.gather(*(it.find(issuer.url, "key 2") for it in processes))
    assert any(found)
    clock.advance(seconds=5)
    assert all(await asyncio.gather(*(it.find(issuer.url, "key 2") for it in processes)))
    assert issuer.times_asked() == 2


async def test_requests_at_once_share_one_answer(
    process: Callable[[], KeySets], issuer: Issuer
) -> None:
    key_sets = process()
    keys = await asyncio.gather(*(key_sets.find(issuer.url, "key 1") for _ in range(50)))
    assert all(keys)
    assert issuer.times_asked() == 1


async def test_a_withdrawn_key_ends_within_an_hour(
    process: Callable[[], KeySets], issuer: Issuer, clock: SettableClock
) -> None:
    key_sets = process()
    assert await key_sets.find(issuer.url, "key 1")
    issuer.keys = [rsa_key("key 2")]
    clock.advance(seconds=RENEW_AFTER.total_seconds() + 1)
    assert await key_sets.find(issuer.url, "key 1") is None
    assert await process().find(issuer.url, "key 1") is None


async def test_keys_outlive_an_outage_of_a_day_and_no_more(
    process: Callable[[], KeySets], issuer: Issuer, clock: SettableClock
) -> None:
    """Also in processes that start meanwhile."""
    old = process()
    assert await old.find(issuer.url, "key 1")
    issuer.stop()
    clock.advance(seconds=(KEEP_FOR - timedelta(minutes=1)).total_seconds())
    new = process()
    for key_sets in (old, new):
        assert await key_sets.find(issuer.url, "key 1")
        assert await key_sets.find(issuer.url, "unknown") is None
    clock.advance(seconds=61)
    for key_sets in (old, new):
        with pytest.raises(IssuerUnavailable):
            await key_sets.find(issuer.url, "key 1")


async def test_a_slow_renewal_delays_one_request(
    process: Callable[[], KeySets], issuer: Issuer, clock: SettableClock
) -> None:
    """The others use the keys that are there."""
    key_sets = process()
    assert await key_sets.find(issuer.url, "key 1")
    clock.advance(seconds=RENEW_AFTER.total_seconds() + 1)
    issuer.answers[METADATA] = issuer.wait_and_answer
    first = asyncio.create_task(key_sets.find(issuer.url, "key 1"))
    await asyncio.to_thread(issuer.waiting.wait, 10)
    assert await asyncio.gather(*(key_sets.find(issuer.url, "key 1") for _ in range(50)))
    assert not first.done()
    issuer.released.set()
    assert await first


# ------------------------------------------------------------------ over HTTP


@pytest.fixture
def environment(environment: dict[str, str], issuer: Issuer) -> dict[str, str]:
    """A service that accepts the tokens of the issuer."""
    return {**environment, "OIDC_ISSUERS": issuer.settings()}


async def test_an_issuer_that_is_down_signs_nobody_out(
    client: httpx.AsyncClient, issuer: Issuer, clock: SettableClock
) -> None:
    token = issuer.token("user-42", clock())
    assert (await Api(client, token).data("{ viewer { id } }"))["viewer"]
    issuer.stop()
    clock.advance(seconds=RENEW_AFTER.total_seconds() + 60)
    later = Api(client, issuer.token("user-42", clock()))
    assert (await later.data("{ viewer { id } }"))["viewer"]


async def test_without_keys_a_client_may_retry(
    client: httpx.AsyncClient, issuer: Issuer, clock: SettableClock
) -> None:
    """A null viewer would tell the client that its token has ended."""
    issuer.answers[KEY_SET] = lambda request: send_json(request, {}, 503)
    api = Api(client, issuer.token("user-42", clock()))
    [error] = (await api.post("{ viewer { id } }")).json()["errors"]
    assert (error["extensions"]["code"], error["extensions"]["retryable"]) == ("INTERNAL", True)
    assert "503" not in error["message"].replace(error["extensions"]["requestId"], "")
    issuer.answers.clear()
    clock.advance(seconds=61)
    assert (await api.data("{ viewer { id } }"))["viewer"]


async def test_other_keys_in_the_set_verify_nothing(
    client: httpx.AsyncClient, issuer: Issuer, clock: SettableClock
) -> None:
    """Short keys, keys for encryption, symmetric ones, and ids that occur twice."""
    short, encrypts = rsa_key("short", 1024), rsa_key("encrypts")
    twice, only = rsa_key("twice"), rsa_key("only RS512")
    secret = {"kty": "oct", "kid": "secret", "k": "c2VjcmV0" * 8, "alg": "HS256"}
    keys = [
        issuer.keys[0].public,
        short.public,
        {**encrypts.public, "use": "enc"},
        twice.public,
        {**rsa_key("key 1").public, "kid": "twice"},
        {**only.public, "alg": "RS512"},
        secret,
        *(None, "key", {}, {"kid": "x"}, {"kid": 1, "kty": "RSA"}, {"kty": ["RSA"], "kid": "l"}),
        {"kty": "RSA", "kid": "junk", "n": "!" * 342, "e": "AQAB"},
        {"kty": "RSA", "kid": "zero", "n": "A" * 342, "e": "AQAB"},
        {"kty": "EC", "kid": "nowhere", "crv": "P-256", "x": "AA", "y": "AA"},
    ]
    issuer.answers[KEY_SET] = lambda request: send_json(request, {"keys": keys})
    claims = issuer.claims("user-42", clock())

    async def viewer(token: str) -> object:
        return (await Api(client, token).data("{ viewer { id } }"))["viewer"]

    assert await viewer(signed(claims, issuer.keys[0]))
    for key in (short, encrypts, twice, only):
        assert await viewer(signed(claims, key)) is None, key.key_id
    for key_id in ("secret", "junk", "zero", "nowhere", "l"):
        assert await viewer(signed(claims, issuer.keys[0], kid=key_id)) is None, key_id
