"""Passwords that only look uncommon, cookies set by others, and errors that repeat a password."""

from __future__ import annotations

import json
import logging
import unicodedata
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from graphql import GraphQLInputType, get_nullable_type, is_list_type

from gql_api.container import Container
from tests.api import PASSWORD, Api, Json, new_user, new_username
from tests.security import schema_inputs

SECRET = "hunter2-is-a-secret"
ACCENTED = "Zürich café ﬁn"


# ------------------------------------------------------------------ passwords

DISGUISED = [
    *(" password1", "password1 ", "\u3000password1", "password1\u00a0", "\tpassword1\n"),
    *(
        "ＰＡＳＳＷＯＲＤ1",
        "ｐａｓｓｗｏｒｄ１",
        "𝐩𝐚𝐬𝐬𝐰𝐨𝐫𝐝𝟏",
        "ⓟⓐⓢⓢⓦⓞⓡⓓ1",
        "PAſſWORD1",
        "PaSsWoRd1",
    ),
    *(
        "password1\u200b",
        "pass\u00adword1",
        "\ufeffpassword1",
        "pass\u2060word1",
        "\u202epassword1",
    ),
]


@pytest.mark.parametrize("password", DISGUISED)
async def test_a_common_password_in_disguise_is_refused(
    client: httpx.AsyncClient, password: str
) -> None:
    signed_up = await Api(client).sign_up(new_username(), password)
    assert signed_up["__typename"] == "InvalidInput"
    assert "most common passwords" in signed_up["message"]
    changed = await (await new_user(client)).change_password(PASSWORD, password)
    assert changed["__typename"] == "InvalidInput"


@pytest.mark.parametrize(
    "password",
    [
        *("Ada.Lovelace", "ＡＤＡ.LOVELACE", " ada.lovelace ", "ada.\u200blovelace"),
        *("countess@lovelace.example", "COUNTESS", "Augusta Ada King", "augustaadaking"),
        "Ａugusta  Ada King",
    ],
)
async def test_ones_own_names_are_refused(client: httpx.AsyncClient, password: str) -> None:
    names = {"email": "countess@lovelace.example", "fullName": "Augusta  Ada King"}
    signed_up = await Api(client).sign_up("ada.lovelace", password, **names)
    assert signed_up["__typename"] == "InvalidInput"
    assert "must not be the username" in signed_up["message"]
    session = await Api(client).sign_up("ada.lovelace", **names)
    changed = await Api(client, session["accessToken"]).change_password(PASSWORD, password)
    assert changed["__typename"] == "InvalidInput"


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
async def test_another_keyboard_opens_the_account(client: httpx.AsyncClient, form: Any) -> None:
    username, api = new_username(), Api(client)
    await api.sign_up(username, ACCENTED)
    other = unicodedata.normalize(form, ACCENTED)
    assert (await api.login(username, other))["__typename"] == "Session"
    assert (await api.login(username, other.casefold()))["__typename"] == "InvalidCredentials"


# ------------------------------------------------------------------ errors


def wrong_values(kind: GraphQLInputType) -> Iterator[Any]:
    """Yield values that contain the secret and are not of the type."""
    yield {"value": SECRET, SECRET: [SECRET]}
    yield [[{"deep": [SECRET]}]]
    name = str(get_nullable_type(kind))
    if name not in ("String", "ID") and not is_list_type(get_nullable_type(kind)):
        yield SECRET
        yield f"x, found: {SECRET}' does not exist in 'TokenDelivery' enum. {SECRET}: {SECRET}"


def attacks() -> Iterator[tuple[str, Json]]:
    """Yield queries and variables that put the secret into every place of every input."""
    for root in (schema_inputs.SCHEMA.query_type, schema_inputs.SCHEMA.mutation_type):
        assert root is not None
        for field in root.fields.values():
            for argument in field.args.values():
                for wrong in wrong_values(argument.type):
                    yield from schema_inputs.requests(wrong)
    for leaf in (SECRET, f"\ud800{SECRET}", f"{SECRET}\0", SECRET * 1000):
        yield from schema_inputs.requests(leaf, "Int", "ByteCount", "Boolean", "DateTime")


LOGIN = "mutation ($input: LoginInput!) { login(input: $input) { __typename } }"
MISTYPED: list[Json] = [
    {"password": SECRET},
    {"username": "ada", "pasword": SECRET},
    {"username": "ada", "password": SECRET, "remember": True},
    {"username": {"name": "ada"}, "password": SECRET},
    {"username": "ada", "password": [SECRET]},
    {"username": "ada", "password": {"value": SECRET}},
    {"username": "ada", "password": SECRET, "tokenDelivery": "COOKIES"},
    {"username": "ada", "password": SECRET, "tokenDelivery": SECRET},
    {"username": "ada", "password": None, "tokenDelivery": f"'{SECRET}' enum. {SECRET}"},
]
LITERALS = [
    '(input: {password: "SECRET"})',
    '(input: {username: "ada", pasword: "SECRET"})',
    '(input: {username: "ada", password: ["SECRET"]})',
    '(input: {username: "ada", password: {value: "SECRET"}})',
    '(input: {username: "ada", password: "SECRET", tokenDelivery: "SECRET"})',
    '(input: ["SECRET"])',
    '(input: "SECRET")',
    '(input: {username: "ada" "SECRET"})',
    '(input: {username: "ada", password "SECRET"})',
    '(input: {username: "ada", "SECRET": 1})',
    '(input: {username: "ada", password: """SECRET""" """SECRET"""})',
    '("SECRET")',
    '(input: {username: "ada", password: 4711081547})',
    "(input: {username: 4711081547, password: 4711081547.5})",
    "(input: {username: 4711081547 4711081547})",
]


async def assert_unspoken(
    response: httpx.Response, caplog: pytest.LogCaptureFixture, secret: str = SECRET
) -> None:
    body = response.json()
    assert body["errors"][0]["message"]
    for error in body["errors"]:
        # The names of unknown fields are told; they are part of the request's form.
        told = json.dumps(error, ensure_ascii=False).replace(f"unknown field '{secret}'", "")
        assert secret not in told, told
    logged = "".join(logging.Formatter().format(record) for record in caplog.records)
    assert secret not in logged
    caplog.clear()


@pytest.mark.parametrize("mistyped", MISTYPED)
async def test_a_mistyped_login_does_not_come_back(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, mistyped: Json
) -> None:
    caplog.set_level(logging.DEBUG)
    await assert_unspoken(await Api(client).post(LOGIN, input=mistyped), caplog)
    unused = await Api(client).post(
        "query ($input: LoginInput!) { __typename }".replace("LoginInput", "SignUpInput"),
        input=mistyped,
    )
    await assert_unspoken(unused, caplog)


@pytest.mark.parametrize("literal", LITERALS)
async def test_a_mistyped_literal_does_not_come_back(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, literal: str
) -> None:
    caplog.set_level(logging.DEBUG)
    call = f"login{literal.replace('SECRET', SECRET)} {{ __typename }}"
    secret = "4711081547" if "4711081547" in literal else SECRET
    await assert_unspoken(await Api(client).post(f"mutation {{ {call} }}"), caplog, secret)


async def test_no_input_of_the_schema_comes_back(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    ada = await new_user(client)
    caplog.set_level(logging.DEBUG)
    tried = {(query, json.dumps(variables)): variables for query, variables in attacks()}
    for (query, _), variables in tried.items():
        response = await ada.post(query, **variables)
        if "errors" in response.json():
            await assert_unspoken(response, caplog)
    assert len(tried) > 200


async def test_a_wrong_default_does_not_come_back(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    query = f'query ($first: Int = "{SECRET}") {{ uploads(first: $first) {{ totalCount }} }}'
    await assert_unspoken(await Api(client).post(query), caplog)


@pytest.mark.settings(GRAPHQL_STOCK_EXECUTOR="true", GRAPHQL_INTROSPECTION="true")
async def test_nor_does_it_with_other_settings(
    client: httpx.AsyncClient, container: Container, caplog: pytest.LogCaptureFixture
) -> None:
    assert container.settings.introspection
    caplog.set_level(logging.DEBUG)
    for mistyped in MISTYPED:
        await assert_unspoken(await Api(client).post(LOGIN, input=mistyped), caplog)
