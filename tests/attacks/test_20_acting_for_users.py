"""A backend's key acts for the users of one issuer, and for nobody else."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping

import httpx
import pytest

from gql_api import operators
from gql_api.container import Container
from gql_api.domain.accounts import Identity
from gql_api.domain.operator_keys import OWN_ISSUER
from gql_api.schema.scopes import ROOT_FIELDS
from gql_api.services.operator_keys import OperatorKeyService
from tests.api import PASSWORD, Api, Json, new_user, new_username
from tests.attacks.test_07_stolen_access_tokens import DOCUMENTS
from tests.clock import SettableClock
from tests.issuer import Issuer

VIEWER = "{ viewer { id username externalId sessions { id } } }"


@pytest.fixture
def keys(container: Container, clock: SettableClock) -> OperatorKeyService:
    return operators.operator_keys(container, clock)


@pytest.fixture
async def key(keys: OperatorKeyService) -> str:
    """A key of a backend whose users do not sign in."""
    return (await keys.create("backend", None))[0]


class Backend(Api):
    """Sends each request with a key, and for a user unless that is None."""

    def __init__(self, client: httpx.AsyncClient, key: str | None, user: str | None) -> None:
        super().__init__(client, key)
        self.user = user

    async def post(
        self, query: str, headers: Mapping[str, str] | None = None, **variables: object
    ) -> httpx.Response:
        acting = {} if self.user is None else {"Act-As": self.user}
        return await super().post(query, {**acting, **(headers or {})}, **variables)


async def refusal(response: httpx.Response) -> tuple[int, str]:
    body = response.json()
    assert "data" not in body, body
    return response.status_code, body["errors"][0]["extensions"]["code"]


# ------------------------------------------------------------------ whom it reaches


async def test_a_backend_does_everything_for_a_user(client: httpx.AsyncClient, key: str) -> None:
    ada, bob = Backend(client, key, "user-42"), Backend(client, key, "user-43")
    me = (await ada.data(VIEWER))["viewer"]
    assert {**me, "id": ""} == {
        **{"id": "", "username": "user-42", "externalId": "user-42", "sessions": []}
    }
    upload = await ada.store(b"hello")
    assert (await ada.upload(upload["id"]) or {})["id"] == upload["id"]
    assert await bob.upload(upload["id"]) is None
    assert (await bob.delete_upload(upload["id"]))["__typename"] == "UploadNotFound"
    assert (await ada.delete_upload(upload["id"]))["__typename"] == "UploadDeleted"
    assert (await ada.data(VIEWER))["viewer"] == me


async def test_of_many_first_requests_one_makes_the_user(
    client: httpx.AsyncClient, key: str
) -> None:
    seen = await asyncio.gather(
        *(Backend(client, key, "user-42").data("{ viewer { id } }") for _ in range(20))
    )
    assert len({it["viewer"]["id"] for it in seen}) == 1


async def test_no_account_with_a_password_is_reached(client: httpx.AsyncClient, key: str) -> None:
    username = new_username()
    session = await Api(client).sign_up(username, email="ada@example.com")
    ada = session["user"]["id"]
    upload = await Api(client, session["accessToken"]).store(b"hello")
    for name in (username, username.upper(), ada, f"#{ada}", "ada@example.com"):
        acting = Backend(client, key, name)
        assert (await acting.data(VIEWER))["viewer"]["id"] != ada
        assert await acting.upload(upload["id"]) is None
    assert (await Api(client).login(username))["user"]["id"] == ada


async def test_a_key_reaches_the_users_of_its_issuer_only(
    client: httpx.AsyncClient, keys: OperatorKeyService
) -> None:
    issuers = ("https://one.test", "https://two.test/", OWN_ISSUER)
    found = set()
    for issuer in issuers:
        token, _ = await keys.create("backend", issuer)
        viewer = (await Backend(client, token, "user-42").data(VIEWER))["viewer"]
        found.add(viewer["id"])
    assert len(found) == len(issuers)


async def test_it_cannot_manage_the_account(client: httpx.AsyncClient, key: str) -> None:
    """As an API key with the scope ALL: what it may do ends when it is revoked."""
    acting = Backend(client, key, "user-42")
    refused = set()
    for name, (document, scopes) in DOCUMENTS.items():
        query = document if document[0] == "{" else f"mutation {{ {document} {{ __typename }} }}"
        if "ALL" in scopes.split():
            await acting.data(query)
        else:
            code, _ = await acting.error(query)
            assert code == "FORBIDDEN"
            refused.add(name)
    assert refused == {name for name, scopes in ROOT_FIELDS.items() if not scopes}
    assert "createApiKey" in refused


# ------------------------------------------------------------------ the header


async def test_without_the_header_the_key_does_nothing(
    client: httpx.AsyncClient, key: str, container: Container
) -> None:
    backend = Backend(client, key, None)
    for document, _ in DOCUMENTS.values():
        query = document if document[0] == "{" else f"mutation {{ {document} {{ __typename }} }}"
        code, message = await backend.error(query)
        assert code == "FORBIDDEN"
        assert "Act-As" in message
    assert await container.database["users"].count_documents({}) == 0


async def test_nobody_else_may_send_the_header(
    client: httpx.AsyncClient, key: str, container: Container
) -> None:
    """A backend that mixes up its tokens would otherwise act for the wrong user."""
    ada = await new_user(client)
    script = (await ada.create_api_key("backup"))["token"]
    for token in (ada.token, script, None, "", "x", "a.b.c", f" {key[:-1]}".replace("muo", "mus")):
        acting = Backend(client, token, "user-42")
        for query in (VIEWER, "{ uploadLimits { maxUploadBytes } }"):
            assert await refusal(await acting.post(query)) == (400, "BAD_REQUEST"), token
    assert await container.database["users"].count_documents({}) == 1


@pytest.mark.parametrize(
    "name",
    [
        b"",
        b" ",
        b"user 42",
        b"user-42,user-43",
        b"user\x0042",
        b"user\t42",
        b"user\r\nX: y",
        b"user\x7f",
        "usér".encode(),
        "usér".encode("latin-1"),
        "\u202euser".encode(),
        b"\xff\xfe",
        b"x" * 256,
        b"x" * 60_000,
    ],
)
async def test_names_that_are_none(
    client: httpx.AsyncClient, key: str, container: Container, name: bytes
) -> None:
    headers = [
        (b"Authorization", f"Bearer {key}".encode()),
        (b"Content-Type", b"application/json"),
        (b"Act-As", name),
    ]
    response = await client.post("/graphql", json={"query": VIEWER}, headers=headers)
    assert await refusal(response) == (400, "BAD_REQUEST")
    assert await container.database["users"].count_documents({}) == 0


@pytest.mark.parametrize("name", ["x", "x" * 255, "auth0|5f7c", "$ne", '{"$gt":""}', "a%00b", "-"])
async def test_names_that_look_strange(client: httpx.AsyncClient, key: str, name: str) -> None:
    acting = Backend(client, key, name)
    found = (await acting.data(VIEWER))["viewer"]
    assert (found["externalId"], found["username"]) == (name, name)


@pytest.mark.parametrize(
    "twice",
    [
        [("Act-As", "user-42"), ("Act-As", "user-43")],
        [("Act-As", "user-42"), ("act-as", "user-42")],
        [("Act-As", "user-42"), ("Authorization", "Bearer x")],
        [("Act-As", "user-42"), ("Authorization", "Bearer {key}")],
    ],
)
async def test_a_header_that_comes_twice_is_refused(
    client: httpx.AsyncClient, key: str, twice: list[tuple[str, str]]
) -> None:
    """Two programs on the way could each believe in another one."""
    headers = [("Authorization", f"Bearer {key}")]
    headers += [(name, value.replace("{key}", key)) for name, value in twice]
    response = await client.post("/graphql", json={"query": VIEWER}, headers=headers)
    assert await refusal(response) == (400, "BAD_REQUEST")


async def test_no_page_of_another_origin_may_send_it(client: httpx.AsyncClient) -> None:
    """The key has no place in a browser, not even on the pages of allowed origins."""
    preflight = await client.options(
        "/graphql",
        headers={
            "Origin": "https://app.test",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "act-as,authorization,content-type",
        },
    )
    assert preflight.status_code == 400
    assert "act-as" not in preflight.headers.get("Access-Control-Allow-Headers", "").lower()


# ------------------------------------------------------------------ the key


async def test_a_revoked_key_ends_at_once(
    client: httpx.AsyncClient, keys: OperatorKeyService, key: str
) -> None:
    """Between the steps of an upload, and in requests that carry several operations."""
    acting = Backend(client, key, "user-42")
    ticket = await acting.request_upload(5)
    [record] = await keys.list()
    assert await keys.revoke(record.id)
    assert not await keys.revoke(record.id)
    code, _ = await acting.error(
        "mutation ($id: ID!) { completeUpload(id: $id) { __typename } }", id=ticket["upload"]["id"]
    )
    assert code == "UNAUTHENTICATED"
    assert (await acting.data(VIEWER))["viewer"] is None
    again = Backend(client, (await keys.create("backend", None))[0], "user-42")
    assert (await again.upload(ticket["upload"]["id"]) or {})["status"] == "PENDING"


@pytest.mark.parametrize("key", ["muo_", "muo_x", "muo_" + "A" * 43, "muo_" + "A" * 10_000])
async def test_keys_that_are_none(
    client: httpx.AsyncClient, container: Container, key: str
) -> None:
    for user in ("user-42", None):
        assert (await Backend(client, key, user).data(VIEWER))["viewer"] is None
    assert await container.database["users"].count_documents({}) == 0


async def test_one_kind_of_key_is_never_taken_for_the_other(
    client: httpx.AsyncClient, key: str
) -> None:
    ada = await new_user(client)
    script: str = (await ada.create_api_key("backup"))["token"]
    renamed = Backend(client, "muo_" + script.removeprefix("mus_"), "user-42")
    assert (await renamed.data(VIEWER))["viewer"] is None
    assert (await Api(client, "mus_" + key.removeprefix("muo_")).data(VIEWER))["viewer"] is None


async def test_the_secret_is_not_stored(
    container: Container, keys: OperatorKeyService, key: str
) -> None:
    stored = await container.database["operator_keys"].find({}).to_list()
    assert key not in repr(stored)
    assert key.removeprefix("muo_") not in repr(stored)
    assert key not in repr(await keys.list())


async def test_a_disabled_user_stays_out(
    client: httpx.AsyncClient, container: Container, clock: SettableClock, key: str
) -> None:
    acting = Backend(client, key, "user-42")
    upload = await acting.store(b"hello")
    accounts = operators.administration(container, clock).accounts
    await accounts.disable(Identity(OWN_ISSUER, "user-42"))
    assert (await acting.data(VIEWER))["viewer"] is None
    code, _ = await acting.error('{ upload(id: "x") { id } }')
    assert code == "UNAUTHENTICATED"
    assert (await Backend(client, key, "user-43").data(VIEWER))["viewer"] is not None
    await accounts.enable(Identity(OWN_ISSUER, "user-42"))
    assert (await acting.upload(upload["id"]) or {})["id"] == upload["id"]


@pytest.mark.settings(USER_REQUESTS_PER_MINUTE="3")
async def test_the_limit_is_that_of_the_user(client: httpx.AsyncClient, key: str) -> None:
    """One user's requests do not use up another's."""
    ada, bob = Backend(client, key, "user-42"), Backend(client, key, "user-43")
    for _ in range(3):
        await ada.data(VIEWER)
    code, _ = await ada.error(VIEWER)
    assert code == "RATE_LIMITED"
    await bob.data(VIEWER)


# ------------------------------------------------------------------ with an issuer


@pytest.fixture
def signed_in(environment: dict[str, str], issuer: Issuer) -> dict[str, str]:
    environment["OIDC_ISSUERS"] = issuer.settings()
    return environment


async def test_the_backend_and_the_browser_are_one_user(
    signed_in: dict[str, str],
    client: httpx.AsyncClient,
    keys: OperatorKeyService,
    issuer: Issuer,
    clock: SettableClock,
) -> None:
    """With one issuer, a key acts for its users."""
    token, record = await keys.create("backend", None)
    assert record.issuer == issuer.url
    upload = await Backend(client, token, "user-42").store(b"hello")
    browser = Api(client, issuer.token("user-42", clock(), email="ada@example.com"))
    assert (await browser.upload(upload["id"]) or {})["id"] == upload["id"]
    other, _ = await keys.create("backend", OWN_ISSUER)
    assert await Backend(client, other, "user-42").upload(upload["id"]) is None


# ------------------------------------------------------------------ the log


def entries(caplog: pytest.LogCaptureFixture) -> list[Json]:
    lines = [json.loads(it.message) for it in caplog.records if it.name == "gql_api.security"]
    caplog.clear()
    named = ("event", "outcome", "reason", "user", "api_key", "external_id")
    return [{name: line[name] for name in named if name in line} for line in lines]


async def test_every_request_is_in_the_security_log(
    client: httpx.AsyncClient,
    container: Container,
    keys: OperatorKeyService,
    clock: SettableClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    token, key = await keys.create("name in no log", None)
    ada = Backend(client, token, "user-42")
    user = (await ada.data(VIEWER))["viewer"]["id"]
    acted = {"event": "act_as", "user": user, "api_key": key.id, "external_id": "user-42"}
    assert entries(caplog) == [
        {"event": "create_operator_key", "outcome": "success", "api_key": key.id},
        {"event": "sign_up", "outcome": "success", "user": user},
        {**acted, "outcome": "success"},
    ]
    await ada.request_upload(5)
    await ada.data('{ viewer { id } upload(id: "x") { id } uploads { nodes { id } } }')
    assert entries(caplog) == [{**acted, "outcome": "success"}] * 2

    code, _ = await Backend(client, token, None).error(VIEWER)
    await operators.administration(container, clock).accounts.disable(
        Identity(OWN_ISSUER, "user-42")
    )
    await ada.data(VIEWER)
    await keys.revoke(key.id)
    await Backend(client, token, "typed-by-a-stranger").data(VIEWER)
    assert entries(caplog) == [
        {"event": "act_as", "outcome": "refused", "reason": code, "api_key": key.id},
        {**acted, "outcome": "refused", "reason": "INVALID_TOKEN"},
        {"event": "revoke_operator_key", "outcome": "success", "api_key": key.id},
        {"event": "act_as", "outcome": "refused", "reason": "INVALID_TOKEN"},
    ]
    assert token not in caplog.text
    assert "in no log" not in caplog.text


async def test_passwords_can_be_off(client: httpx.AsyncClient, key: str) -> None:
    """A backend needs none, and a user whom it has made cannot log in."""
    await Backend(client, key, "user-42").data(VIEWER)
    for name in ("user-42", "act-as", "act-as/user-42"):
        refused = await Api(client).login(name, PASSWORD)
        assert refused["__typename"] == "InvalidCredentials"
