"""The commands about users."""

from __future__ import annotations

import os
import subprocess
import sys

import httpx
import pytest

from gql_api import bootstrap
from gql_api.adapters.mongo.external_users import MongoExternalUsers
from gql_api.container import Container
from gql_api.domain.accounts import Identity
from gql_api.services.external_users import ExternalUsers
from tests.admin.commands import Operator
from tests.api import PASSWORD, Api, new_user


async def log_in(client: httpx.AsyncClient, password: str) -> Api | None:
    """Return Ada, or None if the password is wrong."""
    session = await Api(client).login("ada", password)
    if session["__typename"] == "InvalidCredentials":
        return None
    return Api(client, session["accessToken"])


async def viewer(api: Api) -> object:
    """Return the name and quota of the signed-in user; None if the session has ended."""
    body = (await api.post("{ viewer { username usage { quotaBytes } } }")).json()
    return body["data"]["viewer"]


@pytest.mark.settings(SIGN_UP="closed")
async def test_creates_a_user_with_a_random_password(
    operator: Operator, client: httpx.AsyncClient
) -> None:
    outcome = await operator.succeed("users", "create", "ada", "--email", "ada@example.com")

    password = outcome.output.strip()
    assert len(password) == 20
    assert password not in outcome.complaints
    assert await log_in(client, password) is not None


async def test_the_life_of_a_user(operator: Operator, client: httpx.AsyncClient) -> None:
    created = await operator.succeed("users", "create", "ada", "--stdin", typed=f"{PASSWORD}\n")
    assert created.output == ""
    ada = await log_in(client, PASSWORD)
    assert ada is not None
    upload = await ada.store(b"a few bytes")

    shown = await operator.succeed("users", "quota", "ADA", "2KiB")
    assert "2.0 KiB (2048 bytes) (set for this user)" in shown.output
    assert await viewer(ada) == {"username": "ada", "usage": {"quotaBytes": 2048}}
    await operator.succeed("users", "quota", "ada", "none")
    assert await viewer(ada) == {"username": "ada", "usage": {"quotaBytes": None}}
    shown = await operator.succeed("users", "quota", "ada", "default")
    assert "100.0 GiB (107374182400 bytes) (the default)" in shown.output
    assert "stored       1 uploads, 11 bytes" in shown.output

    assert "sessions ended: 1" in (await operator.succeed("users", "disable", "ada")).complaints
    assert await log_in(client, PASSWORD) is None
    assert "disabled" in (await operator.succeed("users", "show", "ada")).output
    await operator.succeed("users", "enable", "ada")
    reset = await operator.succeed("users", "reset-password", "ada")
    assert await log_in(client, PASSWORD) is None
    ada = await log_in(client, reset.output.strip())
    assert ada is not None
    ended = await operator.succeed("users", "end-sessions", "ada", "--api-keys")
    assert ended.complaints == "Sessions ended: 1.\nAPI keys deleted: 0.\n"
    assert await viewer(ada) is None

    refused = await operator.run("users", "delete", "ada", typed="y\n")
    assert (refused.status, refused.output) == (1, "")
    assert "This deletes ada with 1 uploads (11 bytes), 0 sessions" in refused.complaints
    assert "Nothing was changed." in refused.complaints
    deleted = await operator.succeed("users", "delete", "ada", typed="yes\n")
    assert "Deleted 1 of 1 uploads." in deleted.complaints
    gone = await operator.run("users", "show", "ada")
    assert gone == (1, "", "There is no user ada.\n")
    assert upload["status"] == "STORED"


async def test_lists_who_uses_most(operator: Operator, client: httpx.AsyncClient) -> None:
    for size in (2000, 1000):
        await (await new_user(client)).request_upload(size)

    listed = await operator.succeed("usage", "--limit", "1")

    [row] = listed.output.splitlines()
    used, uploads, quota, name = row.split()
    assert (used, uploads, quota) == ("2000", "1", "107374182400")
    assert (await operator.succeed("usage", name)).output == listed.output


@pytest.mark.parametrize(
    ("arguments", "status", "complaint"),
    [
        (["create", "a"], 1, "username: must have 3 to 64 characters"),
        (["reset-password", "ada", "--stdin"], 1, "There is no password on standard input."),
        (["quota", "ada", "2 GB"], 2, "'2 GB' is not a quota such as 1000000, 200GiB, none"),
        (["quota", "ada", "9999999TiB"], 2, "is not a quota"),
        ([], 2, "COMMAND"),
    ],
)
async def test_says_what_is_wrong(
    operator: Operator, arguments: list[str], status: int, complaint: str
) -> None:
    outcome = await operator.run("users", *arguments)

    assert (outcome.status, outcome.output) == (status, "")
    assert complaint in outcome.complaints
    assert "Traceback" not in outcome.complaints


@pytest.mark.usefixtures("container")
def test_runs_as_a_program(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "gql_api.admin", "users", "show", "nobody"]
    ended = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "There is no user nobody.\n"


async def test_users_of_an_issuer(operator: Operator, container: Container) -> None:
    """They are named by their issuer, because a username may be the same text."""
    ada = Identity("https://issuer.test", "ada")
    users = ExternalUsers(MongoExternalUsers(container.database))
    user = await users.seen(ada, bootstrap.utc_now())
    await operator.succeed("users", "create", "ada")
    at = ("ada", "--issuer", ada.issuer)

    shown = (await operator.succeed("users", "show", *at)).output
    assert f"issuer       {ada.issuer}\n" in shown
    assert user.id in shown
    assert user.id not in (await operator.succeed("users", "show", "ada")).output
    await operator.succeed("users", "quota", *at[:1], "2KiB", *at[1:])
    await operator.succeed("users", "disable", *at)
    listed = (await operator.succeed("usage")).output
    assert f"ada at {ada.issuer} (disabled)\n" in listed
    assert (await users.seen(ada, bootstrap.utc_now())).disabled
    await operator.succeed("users", "enable", *at)

    refused = await operator.run("users", "reset-password", *at)
    assert refused.status == 1
    assert f"this user signs in at {ada.issuer}" in refused.complaints
    missing = await operator.run("users", "show", "bob", "--issuer", ada.issuer)
    assert "There is no user bob at https://issuer.test." in missing.complaints
    await operator.succeed("users", "delete", *at, "--yes")
    assert (await operator.run("users", "show", *at)).status == 1
    await operator.succeed("users", "show", "ada")
