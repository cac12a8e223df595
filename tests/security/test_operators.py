"""No operator that a client sends reaches MongoDB (OWASP ASVS 5.0, 1.2.4).

A listener records every command that the driver sends. Operators are sent through every input of
the schema, found by reading it, and through inputs outside of it: cursors, tokens and events.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import httpx
import pytest
from jose import jws
from pymongo import AsyncMongoClient
from pymongo.monitoring import CommandListener

from gql_api.adapters.mongo import database
from gql_api.adapters.mongo.database import Database
from gql_api.adapters.tokens import AUDIENCE, ISSUER, USE
from gql_api.container import Container
from gql_api.domain.ids import new_id
from gql_api.services.storage_events import UnknownEvent
from tests.api import Api, Json, new_user
from tests.clock import SettableClock
from tests.conftest import Connect
from tests.security.schema_inputs import requests

MARK = "sent-by-a-stranger"
OPERATORS: list[Json] = [{"$gt": MARK}, {"$ne": MARK}, {"$where": MARK}, {"$in": [MARK]}]
TEXTS = [*map(json.dumps, OPERATORS), "$where", "$owner", "$$ROOT", "owner.$", "a.b", "'; return 1"]


class Commands(CommandListener):
    """Records every command that the driver sends."""

    def __init__(self) -> None:
        self.sent: list[Mapping[str, Any]] = []

    def started(self, event: Any) -> None:
        self.sent.append(event.command)

    def succeeded(self, event: Any) -> None:
        """Ignored: the command is recorded when it starts."""

    def failed(self, event: Any) -> None:
        """Ignored: the command is recorded when it starts."""


@pytest.fixture(autouse=True)
def commands() -> Commands:
    """The commands of this test's service."""
    return Commands()


@pytest.fixture
async def connect(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connect]:
    """Connects with a client of this test's own, which records its commands."""
    watched = functools.partial(AsyncMongoClient, event_listeners=[commands])
    monkeypatch.setattr(database, "AsyncMongoClient", watched)
    found: list[Database] = []

    def connect(url: str, name: str) -> Database:
        found.append(database.connect(url, name))
        return found[-1]

    yield connect
    for it in found:
        await it.client.close()


def pairs(value: object) -> Iterator[tuple[str, object]]:
    """Yield all keys in a command with their values, at any depth."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield key, inner
            yield from pairs(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from pairs(inner)


def operators(commands: Commands) -> set[str]:
    return {key for key, _ in pairs(commands.sent) if key.startswith("$")}


def assert_harmless(commands: Commands, own: set[str]) -> None:
    """Assert that only operators in `own` were sent, and none with a value from the client."""
    assert operators(commands) <= own
    for key, value in pairs(commands.sent):
        assert MARK not in key
        assert not (key.startswith("$") and value in (MARK, [MARK])), (key, value)


async def everyday(client: httpx.AsyncClient, clock: SettableClock) -> Api:
    """Return a new user who has used every feature once."""
    ada = await new_user(client)
    await ada.refresh_session(refreshToken="junk")
    key = await ada.create_api_key("backup")
    await ada.with_token(key["token"]).uploads()
    await ada.revoke_api_key(key["apiKey"]["id"])
    stored = await ada.store(b"hello", tags=["a"], clientToken="t")
    pending = (await ada.request_upload(40 * 2**20))["upload"]
    await ada.update_upload(pending["id"], filename="b", tags=["b"])
    await ada.cancel_upload(pending["id"])
    await ada.delete_upload(stored["id"])
    moment = clock().isoformat()
    for field in ("CREATED_AT", "FILENAME", "SIZE"):
        order = {"field": field}
        await ada.request_upload(1)
        page = await ada.uploads(first=1, orderBy=order)
        ends = {"after": page["pageInfo"]["startCursor"], "before": page["pageInfo"]["endCursor"]}
        await ada.uploads(first=1, orderBy=order, **ends)
    conditions: Json = {"search": "b", "tags": ["b"], "contentType": "image/*"}
    conditions |= {"status": ["PENDING"], "createdAfter": moment, "createdBefore": moment}
    await ada.uploads(filter=conditions)
    return ada


# ------------------------------------------------------------------ inputs in the schema


async def test_an_operator_is_no_value_of_any_variable(
    client: httpx.AsyncClient, commands: Commands
) -> None:
    ada = await new_user(client)
    tried = 0
    for operator in OPERATORS:
        for query, variables in requests(operator):
            commands.sent.clear()
            body = (await ada.post(query, **variables)).json()
            assert [e["extensions"]["code"] for e in body["errors"]] == ["BAD_USER_INPUT"], query
            assert commands.sent == []
            tried += 1
    assert tried >= 4 * 35


async def test_a_text_that_looks_like_an_operator_is_a_text(
    client: httpx.AsyncClient, clock: SettableClock, commands: Commands
) -> None:
    ada = await everyday(client, clock)
    own = operators(commands)
    assert {"$gt", "$ne", "$in"} <= own
    assert "$where" not in own
    commands.sent.clear()
    for text in (*TEXTS, MARK):
        for query, variables in requests(text, "String", "ID"):
            assert "INTERNAL" not in (await ada.post(query, **variables)).text
    assert len(commands.sent) > 100
    assert_harmless(commands, own)


@pytest.mark.parametrize("text", TEXTS)
async def test_such_texts_come_back_as_they_were_sent(client: httpx.AsyncClient, text: str) -> None:
    ada = await new_user(client, fullName=text)
    upload = (await ada.request_upload(1, filename=text, tags=[text], clientToken=text))["upload"]
    assert (upload["filename"], upload["tags"]) == (text, [text])
    assert await ada.update_upload(upload["id"], filename="a", tags=[])
    updated = await ada.update_upload(upload["id"], filename=text, tags=[text])
    assert (updated["filename"], updated["tags"]) == (text, [text])
    found = await ada.uploads(filter={"search": text, "tags": [text]})
    assert [node["id"] for node in found["nodes"]] == [upload["id"]]
    assert (await ada.create_api_key(text))["apiKey"]["name"] == text
    assert (await ada.data("{ viewer { fullName } }"))["viewer"]["fullName"] == text


# ------------------------------------------------------------------ inputs outside the schema


@pytest.mark.parametrize("operator", OPERATORS)
async def test_cursors(
    client: httpx.AsyncClient, clock: SettableClock, commands: Commands, operator: Json
) -> None:
    ada = await everyday(client, clock)
    own = operators(commands)
    commands.sent.clear()
    an_id = new_id(clock())
    for field, value in (("CREATED_AT", None), ("FILENAME", "a"), ("SIZE", 1)):
        for content in ([field, operator, an_id], [field, value, operator], operator, [operator]):
            cursor = base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
            query = (
                "query ($c: String!, $f: UploadOrderField!) "
                "{ uploads(after: $c, orderBy: {field: $f}) { nodes { id } } }"
            )
            code, _ = await ada.error(query, c=cursor, f=field)
            assert code == "BAD_USER_INPUT"
    assert_harmless(commands, own)


@pytest.mark.parametrize("operator", OPERATORS)
async def test_tokens(
    client: httpx.AsyncClient,
    container: Container,
    clock: SettableClock,
    commands: Commands,
    operator: Json,
) -> None:
    """Operators are rejected even in tokens signed with the service's own key."""
    own = operators(commands)
    [(kid, key)] = container.settings.jwt_keys.items()
    now = int(clock().timestamp())
    good: Json = {"iss": ISSUER, "aud": AUDIENCE, "use": USE, "jti": "x"}
    good |= {"iat": now, "nbf": now, "exp": now + 60}
    good |= {"sub": new_id(clock()), "sid": new_id(clock())}
    for claim in good:
        token = jws.sign({**good, claim: operator}, key, {"kid": kid}, "HS256")
        assert await Api(client, token).data("{ viewer { id } }") == {"viewer": None}
    for token in (json.dumps(operator), "mus_" + json.dumps(operator)):
        assert await Api(client, token).data("{ viewer { id } }") == {"viewer": None}
        client.cookies.set("refresh_token", base64.b64encode(token.encode()).decode())
        assert (await Api(client).refresh_session())["code"] == "INVALID_SESSION"
    assert_harmless(commands, own)


@pytest.mark.parametrize("operator", [*OPERATORS, [MARK], None, 1])
async def test_events(
    container: Container, commands: Commands, clock: SettableClock, operator: object
) -> None:
    own = operators(commands)
    settings = container.settings
    names = {"name": settings.s3_bucket}
    key = f"{settings.uploads.key_prefix}/{new_id(clock())}/{json.dumps(operator)}"
    created = "ObjectCreated:Put"
    events: list[dict[str, object]] = [{"Records": operator}, {"Records": [operator]}]
    for s3 in (
        operator,
        {"bucket": operator, "object": {"key": key}},
        {"bucket": {"name": operator}, "object": {"key": key}},
        {"bucket": names, "object": operator},
        {"bucket": names, "object": {"key": operator}},
        {"bucket": names, "object": {"key": key}},
    ):
        for name in (created, operator):
            events.append({"Records": [{"eventName": name, "s3": s3}]})
    for event in events:
        with contextlib.suppress(UnknownEvent):
            await container.storage_events.handle(event)
    assert_harmless(commands, own)
