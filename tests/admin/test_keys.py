"""The commands about the keys of backends."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.admin.commands import Operator
from tests.api import Api

CREATE = ("keys", "create", "--act-as", "--name")
ISSUERS = [
    {"name": "One", "issuer": "https://one.test", "audience": "media"},
    {"name": "Two", "issuer": "https://two.test", "audience": "media"},
]


async def acts(client: httpx.AsyncClient, token: str) -> bool:
    response = await Api(client, token).post("{ viewer { id } }", {"Act-As": "user-42"})
    return response.json()["data"]["viewer"] is not None


async def test_the_life_of_a_key(operator: Operator, client: httpx.AsyncClient) -> None:
    created = await operator.succeed(*CREATE, "our backend")
    token = created.output.strip()
    assert token.startswith("muo_")
    assert token not in created.complaints
    assert "acts for the users of act-as" in created.complaints
    listed = (await operator.succeed("keys", "list")).output
    assert listed.endswith("never used                 act-as  our backend\n")
    assert token not in listed

    assert await acts(client, token)
    listed = (await operator.succeed("keys", "list")).output
    assert "never used" not in listed
    key_id = listed.split()[0]
    assert key_id in created.complaints

    await operator.succeed("keys", "revoke", key_id)
    assert not await acts(client, token)
    assert (await operator.succeed("keys", "list")).output == ""
    for missing in (key_id, "x", ""):
        refused = await operator.run("keys", "revoke", missing)
        assert (refused.status, refused.complaints) == (1, f"There is no key {missing}.\n")


@pytest.mark.settings(OIDC_ISSUERS=json.dumps(ISSUERS[:1]))
async def test_the_only_issuer_is_the_default(operator: Operator) -> None:
    assert "users of https://one.test." in (await operator.succeed(*CREATE, "x")).complaints
    chosen = await operator.succeed(*CREATE, "x", "--issuer", "https://new.test/")
    assert "users of https://new.test/." in chosen.complaints
    assert "OIDC_ISSUERS does not have this issuer" in chosen.complaints
    own = await operator.succeed(*CREATE, "x", "--issuer", "act-as")
    assert "OIDC_ISSUERS" not in own.complaints


@pytest.mark.settings(OIDC_ISSUERS=json.dumps(ISSUERS))
async def test_one_of_several_issuers_is_chosen(operator: Operator) -> None:
    refused = await operator.run(*CREATE, "x")
    assert refused.status == 1
    assert "issuer: must be one of https://one.test, https://two.test, act-as" in refused.complaints
    assert refused.output == ""
    await operator.succeed(*CREATE, "x", "--issuer", "https://two.test")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((*CREATE, ""), "name: must not be empty"),
        ((*CREATE, "x" * 101), "name: "),
        ((*CREATE, "x", "--issuer", "http://acme.test"), "issuer: must be the https URL"),
        ((*CREATE, "x", "--issuer", "acme"), "issuer: must be the https URL"),
    ],
)
async def test_bad_arguments(operator: Operator, arguments: tuple[str, ...], problem: str) -> None:
    refused = await operator.run(*arguments)
    assert (refused.status, refused.output) == (1, "")
    assert problem in refused.complaints


async def test_the_kind_of_key_is_named(operator: Operator) -> None:
    assert (await operator.run("keys", "create", "--name", "x")).status == 2
