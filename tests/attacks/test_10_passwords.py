"""Passwords that only look uncommon, cookies set by others, and errors that repeat a password."""

from __future__ import annotations

import json
import logging
import re
import unicodedata
from collections.abc import Iterator
from http.cookiejar import CookieJar
from typing import Any

import httpx
import pytest
from graphql import GraphQLInputType, get_nullable_type, is_list_type

from gql_api import bootstrap
from gql_api.container import Container
from gql_api.domain import opaque_tokens
from gql_api.http.app import create_app
from gql_api.schema.cookies import cookie_name
from gql_api.settings import read_settings
from tests.api import PASSWORD, Api, Json, new_user, new_username, refresh_cookies
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


# ------------------------------------------------------------------ cookies

REFRESH = "mutation { refreshSession(input: {tokenDelivery: COOKIE}) { __typename } }"
LOGOUT = "mutation { logout { sessionsEnded } }"
FOREIGN = "mur_" + "x" * 64


async def new_cookie(client: httpx.AsyncClient, username: str) -> tuple[str, str]:
    """Sign a user up; return the name and the value of the cookie, and forget it."""
    await Api(client).sign_up(username, tokenDelivery="COOKIE")
    [cookie] = client.cookies.jar
    client.cookies.clear()
    return cookie.name, cookie.value or ""


async def with_cookies(client: httpx.AsyncClient, query: str, header: str) -> httpx.Response:
    response = await Api(client).post(query, {"Cookie": header})
    client.cookies.clear()
    return response


def kind_of(response: httpx.Response) -> str:
    kind: str = response.json()["data"]["refreshSession"]["__typename"]
    return kind


@pytest.mark.parametrize(
    "order",
    [
        "{name}=junk; {name}={own}",
        "{name}={own}; {name}=junk",
        "{name}={foreign}; {name}={own}",
        "{name}={foreign}; {name}={foreign}; {name}={own}; {name}={foreign}",
        "refresh_token={foreign}; {name}={own}",
        "{name}=; {name}={own}",
        '{name}="; {name}={own}',
    ],
)
async def test_of_two_cookies_the_valid_one_counts(client: httpx.AsyncClient, order: str) -> None:
    """A subdomain can set a cookie for the whole domain; the browser sends both."""
    name, own = await new_cookie(client, "ada")
    header = order.format(name=name, own=own, foreign=FOREIGN)
    response = await with_cookies(client, REFRESH, header)
    assert kind_of(response) == "Session"
    [cookie] = response.headers.get_list("set-cookie")
    assert cookie.startswith(f"{name}=mur_")


async def test_a_thousand_planted_cookies_are_bounded_work(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, own = await new_cookie(client, "ada")
    tried: list[str] = []
    parse = opaque_tokens.RefreshToken.successor

    def counted(token: opaque_tokens.RefreshToken) -> opaque_tokens.RefreshToken:
        tried.append(token.text)
        return parse(token)

    monkeypatch.setattr(opaque_tokens.RefreshToken, "successor", counted)
    junk = "; ".join(f"{name}=junk{number}" for number in range(1000))
    assert kind_of(await with_cookies(client, REFRESH, f"{junk}; {name}={own}")) == "Session"
    planted = "; ".join(f"{name}=mur_{number:064}" for number in range(1000))
    response = await with_cookies(client, REFRESH, planted)
    assert kind_of(response) == "InvalidSession"
    assert len(tried) == 1 + 10


async def test_the_old_name_is_accepted_and_replaced(client: httpx.AsyncClient) -> None:
    name, own = await new_cookie(client, "ada")
    response = await with_cookies(client, REFRESH, f"refresh_token={own}")
    assert kind_of(response) == "Session"
    old, new = sorted(response.headers.get_list("set-cookie"), reverse=True)
    assert new.startswith(f"{name}=mur_")
    assert old.startswith("refresh_token=; ")
    assert "Max-Age=0" in old
    _, own = await new_cookie(client, "bob")
    response = await with_cookies(client, LOGOUT, f"refresh_token={own}")
    assert response.json() == {"data": {"logout": {"sessionsEnded": 1}}}
    assert response.headers["set-cookie"].startswith("refresh_token=; ")


@pytest.mark.parametrize("query", [REFRESH, LOGOUT])
async def test_the_cookie_of_an_older_neighbor_stays(client: httpx.AsyncClient, query: str) -> None:
    """Another deployment on this host, of the release before, keeps its session."""
    name, own = await new_cookie(client, "ada")
    header = f"refresh_token={FOREIGN}; {name}={own}"
    response = await with_cookies(client, query, header)
    assert not any(
        it.startswith("refresh_token=") for it in response.headers.get_list("set-cookie")
    )
    response = await with_cookies(client, REFRESH, f"refresh_token={FOREIGN}")
    assert kind_of(response) == "InvalidSession"
    assert "set-cookie" not in response.headers


async def test_two_services_on_one_host_keep_their_cookies(
    client: httpx.AsyncClient, container: Container, environment: dict[str, str]
) -> None:
    """Cookies ignore ports. The other service has another key prefix in the same bucket."""
    other = bootstrap.build(
        read_settings(environment | {"S3_KEY_PREFIX": f"{environment['S3_KEY_PREFIX']}-other"})
    )
    try:
        transport = httpx.ASGITransport(app=create_app(other))
        async with httpx.AsyncClient(transport=transport, base_url="https://api.test") as there:
            there.cookies = client.cookies = CookieJar()
            await Api(client).sign_up("ada", tokenDelivery="COOKIE")
            await Api(there).sign_up("bob", tokenDelivery="COOKIE")
            assert len(refresh_cookies(client)) == 2
            for _ in range(2):
                for caller in (Api(client), Api(there)):
                    session = await caller.refresh_session(tokenDelivery="COOKIE")
                    assert session["__typename"] == "Session"
            assert await Api(there).logout() == 1
            session = await Api(client).refresh_session(tokenDelivery="COOKIE")
            assert session["user"]["username"] == "ada"
    finally:
        await other.close()


async def test_the_name_is_stable_and_tells_nothing(
    client: httpx.AsyncClient, environment: dict[str, str]
) -> None:
    name, _ = await new_cookie(client, "ada")
    assert re.fullmatch(r"__Secure-refresh_token_[0-9a-f]{8}", name)
    rotated = environment | {"JWT_SECRET_KEY": "another" * 10, "AWS_SECRET_ACCESS_KEY": "another"}
    again = bootstrap.build(read_settings(rotated))
    try:
        assert cookie_name(again.deployment_name, secure=True) == name
    finally:
        await again.close()


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
