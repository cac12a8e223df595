"""API keys: what a stolen access token can make of itself, and what a stolen key may do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from graphql import GraphQLObjectType, build_schema

from gql_api.container import Container
from gql_api.schema.scopes import INNER_FIELDS, ROOT_FIELDS
from tests.api import PASSWORD, Api, Json, new_username
from tests.clock import SettableClock

NEW = "staple battery horse correct"
SCHEMA = build_schema((Path(__file__).parents[2] / "schema.graphql").read_text("utf-8"))
CREATE = """
mutation ($scope: ApiKeyScope! = ALL, $password: String) {
  createApiKey(input: {name: "x", scope: $scope, currentPassword: $password}) {
    __typename
    ... on UserError { code message }
    ... on TooManyAttempts { retryAfterSeconds }
    ... on ApiKeyCreated { token apiKey { id scope } }
  }
}
"""


@pytest.fixture
async def ada(client: httpx.AsyncClient) -> Api:
    """A user who has just logged in."""
    return Api(client, (await Api(client).sign_up(new_username()))["accessToken"])


async def refreshed_after(client: httpx.AsyncClient, clock: SettableClock, seconds: int) -> Api:
    """Return a user who logged in so long ago, with a fresh access token of the same session."""
    session = await Api(client).sign_up(new_username())
    clock.advance(seconds=seconds)
    renewed = await Api(client).refresh_session(refreshToken=session["refreshToken"])
    return Api(client, renewed["accessToken"])


async def create(api: Api, **variables: str | None) -> Json:
    result: Json = (await api.data(CREATE, **variables))["createApiKey"]
    return result


async def key(ada: Api, scope: str) -> Api:
    return ada.with_token((await create(ada, scope=scope))["token"])


# ------------------------------------------------------------------ a stolen access token


async def test_a_token_of_an_old_login_makes_no_key(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    stolen = await refreshed_after(client, clock, 900)
    refused = await create(stolen)
    assert (refused["__typename"], refused["code"]) == ("InvalidCredentials", "INVALID_CREDENTIALS")
    assert "currentPassword" in refused["message"]
    assert (await stolen.data("{ viewer { apiKeys { id } } }"))["viewer"]["apiKeys"] == []
    assert (await create(stolen, password=PASSWORD))["__typename"] == "ApiKeyCreated"


async def test_a_recent_login_is_enough(client: httpx.AsyncClient, clock: SettableClock) -> None:
    user = await refreshed_after(client, clock, 899)
    assert (await create(user))["__typename"] == "ApiKeyCreated"


async def test_guesses_of_the_password_count_as_failed_logins(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    stolen = await refreshed_after(client, clock, 901)
    for _ in range(5):
        refused = await create(stolen, password="a wrong password")
        assert refused["__typename"] == "InvalidCredentials"
    for password in ("a wrong password", PASSWORD):
        blocked = await create(stolen, password=password)
        assert blocked["__typename"] == "TooManyAttempts"
        assert blocked["retryAfterSeconds"] >= 1


async def test_a_wrong_password_is_refused_after_a_recent_login_too(ada: Api) -> None:
    assert (await create(ada, password="wrong password"))["__typename"] == "InvalidCredentials"


async def test_a_new_password_can_end_all_keys(ada: Api) -> None:
    keys = [await key(ada, scope) for scope in ("ALL", "READ", "UPLOAD")]
    change = """
    mutation ($old: String!, $new: String!, $revoke: Boolean! = false) {
      changePassword(input: {currentPassword: $old, newPassword: $new, revokeApiKeys: $revoke}) {
        __typename
      }
    }
    """
    await ada.data(change, old=PASSWORD, new=NEW)
    for script in keys:
        assert (await script.data("{ viewer { id } }"))["viewer"] is not None
    await ada.data(change, old=NEW, new=PASSWORD, revoke=True)
    for script in keys:
        assert (await script.data("{ viewer { id } }"))["viewer"] is None
    assert (await ada.data("{ viewer { apiKeys { id } } }"))["viewer"]["apiKeys"] == []


# ------------------------------------------------------------------ a stolen key


def root_fields() -> Iterator[str]:
    for type_ in (SCHEMA.query_type, SCHEMA.mutation_type):
        assert type_ is not None
        yield from type_.fields


def test_every_root_field_is_classified() -> None:
    assert set(ROOT_FIELDS) == set(root_fields())
    assert len(ROOT_FIELDS) == len(list(root_fields()))


def test_every_inner_field_exists() -> None:
    for coordinate in INNER_FIELDS:
        name, _, field = coordinate.partition(".")
        type_ = SCHEMA.type_map[name]
        assert isinstance(type_, GraphQLObjectType)
        assert field in type_.fields


# A document for each root field that needs a viewer, and the scopes that may use it.
REQUEST = '{filename: "a.txt", contentType: "text/plain", size: 1}'
DOCUMENTS = {
    "viewer": ("{ viewer { id username usage { bytes } } }", "ALL READ UPLOAD"),
    "upload": ('{ upload(id: "x") { id } }', "ALL READ UPLOAD"),
    "uploads": ("{ uploads { nodes { id } } }", "ALL READ"),
    "changes": ("{ changes { nodes { id } } }", "ALL READ"),
    "requestUpload": (f"requestUpload(input: {REQUEST})", "ALL UPLOAD"),
    "requestUploads": (f"requestUploads(input: [{REQUEST}])", "ALL UPLOAD"),
    "completeUpload": ('completeUpload(id: "x")', "ALL UPLOAD"),
    "completeUploads": ('completeUploads(ids: ["x"])', "ALL UPLOAD"),
    "cancelUpload": ('cancelUpload(id: "x")', "ALL UPLOAD"),
    "updateUpload": ('updateUpload(input: {id: "x", tags: []})', "ALL"),
    "deleteUpload": ('deleteUpload(id: "x")', "ALL"),
    "updateUploads": ('updateUploads(input: [{id: "x", tags: []}])', "ALL"),
    "trashUploads": ('trashUploads(ids: ["x"])', "ALL"),
    "restoreUploads": ('restoreUploads(ids: ["x"])', "ALL"),
    "deleteUploads": ('deleteUploads(ids: ["x"])', "ALL"),
    "changePassword": ('changePassword(input: {currentPassword: "a", newPassword: "b"})', ""),
    "createApiKey": ('createApiKey(input: {name: "x"})', ""),
    "revokeApiKey": ('revokeApiKey(id: "x")', ""),
    "endSession": ('endSession(id: "x")', ""),
}
PUBLIC = {"uploadLimits", "signInMethods", "signUp", "login", "refreshSession", "logout"}


def test_every_root_field_is_attacked() -> None:
    assert set(DOCUMENTS) | PUBLIC == set(root_fields())


@pytest.mark.parametrize("scope", ["ALL", "READ", "UPLOAD"])
async def test_a_key_may_use_what_its_scope_says_and_nothing_else(ada: Api, scope: str) -> None:
    script = await key(ada, scope)
    for name, (document, scopes) in DOCUMENTS.items():
        query = document if document[0] == "{" else f"mutation {{ {document} {{ __typename }} }}"
        if scope in scopes.split():
            await script.data(query)
            # Clients add it to every selection.
            await script.data(query.replace("{", "{ __typename", 1))
        else:
            code, message = await script.error(query)
            assert (code, name in message) == ("FORBIDDEN", True)


async def test_a_key_that_reads_gets_no_url_to_write_to(ada: Api) -> None:
    pending = (await ada.request_upload(11))["upload"]
    reader = await key(ada, "READ")
    query = "query ($id: ID!) { upload(id: $id) { transfer { partCount parts { url } } } }"
    assert (await reader.error(query, id=pending["id"]))[0] == "FORBIDDEN"


async def test_a_key_that_uploads_gets_no_bytes(ada: Api) -> None:
    stored = await ada.store(b"a secret")
    sender = await key(ada, "UPLOAD")
    assert (await sender.upload(stored["id"]) or {})["status"] == "STORED"
    download = "{ id download { url } }"
    for query in (
        f"query ($id: ID!) {{ upload(id: $id) {download} }}",
        f"mutation ($id: ID!) {{ completeUpload(id: $id) {{ ... on Upload {download} }} }}",
    ):
        assert (await sender.error(query, id=stored["id"]))[0] == "FORBIDDEN"


async def test_hiding_a_field_does_not_help(ada: Api) -> None:
    """Under an alias, in fragments, or beside what is allowed."""
    sender = await key(ada, "UPLOAD")
    for query in (
        "{ viewer: uploads { totalCount } }",
        "{ viewer { id } ... on Query { ... { uploads { totalCount } } } }",
        "{ ...F } fragment F on Query { ...G } fragment G on Query { uploads { totalCount } }",
        "query A { viewer { id } uploads { totalCount } }",
    ):
        body = (await sender.post(query)).json()
        assert body["errors"]
        assert {error["extensions"]["code"] for error in body["errors"]} == {"FORBIDDEN"}
        assert "totalCount" not in str(body.get("data"))
    fields = 'cancelUpload(id: "x") { __typename } deleteUpload(id: "x") { __typename }'
    body = (await sender.post(f"mutation {{ {fields} }}")).json()
    assert body["data"] is None


async def test_a_narrow_key_does_not_see_the_other_keys(ada: Api) -> None:
    for scope in ("READ", "UPLOAD"):
        script = await key(ada, scope)
        assert (await script.error("{ viewer { apiKeys { id } } }"))[0] == "FORBIDDEN"


async def test_a_narrow_key_sends_a_file_and_another_one_fetches_it(ada: Api) -> None:
    sender, reader = await key(ada, "UPLOAD"), await key(ada, "READ")
    stored = await sender.store(b"by a narrow key")
    page = await reader.uploads()
    assert [node["id"] for node in page["nodes"]] == [stored["id"]]
    download = await reader.download(stored["id"])
    assert download is not None


async def test_a_key_without_a_scope_may_do_everything(
    ada: Api, container: Container, client: httpx.AsyncClient
) -> None:
    """Keys of earlier releases have none."""
    created = await create(ada, scope="READ")
    await container.database["api_keys"].update_one(
        {"_id": created["apiKey"]["id"]}, {"$unset": {"scope": ""}}
    )
    script = Api(client, created["token"])
    assert (await script.store(b"by an old key"))["status"] == "STORED"
    (listed,) = (await ada.data("{ viewer { apiKeys { scope } } }"))["viewer"]["apiKeys"]
    assert listed["scope"] == "ALL"
