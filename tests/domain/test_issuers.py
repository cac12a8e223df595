"""The setting OIDC_ISSUERS."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gql_api.domain.issuers import Issuer, is_safe_url, parse_issuers

ONE: dict[str, Any] = {
    "name": "Acme",
    "issuer": "https://acme.eu.auth0.com/",
    "audience": "https://media.acme.test",
}


def problems(*entries: object) -> list[str]:
    return parse_issuers(json.dumps(entries))[1]


def test_the_defaults() -> None:
    (issuer,), none = parse_issuers(json.dumps([ONE]))
    assert none == []
    assert issuer == Issuer("Acme", "https://acme.eu.auth0.com/", "https://media.acme.test")
    assert issuer.algorithms == ("RS256",)


def test_all_fields() -> None:
    more = {
        "audienceClaim": "client_id",
        "algorithms": ["ES256", "EdDSA"],
        "nameClaim": "https://acme.test/name",
        "emailClaim": "mail",
        "clientId": "web",
    }
    (issuer,), none = parse_issuers(json.dumps([{**ONE, **more}]))
    assert none == []
    assert issuer[3:] == ("client_id", ("ES256", "EdDSA"), "https://acme.test/name", "mail", "web")


@pytest.mark.parametrize("text", ["", "{", "{}", "[1]", "null", "[" * 5000, '"x"', "[[]]"])
def test_what_is_no_list_of_objects(text: str) -> None:
    assert parse_issuers(text) == ((), ["must be a JSON list of objects, such as [{…}]."])


def test_all_problems_are_reported_at_once() -> None:
    assert problems({"issuer": "http://acme.test", "audience": "", "algorithms": ["none"]}, {}) == [
        "[0].name is missing.",
        "[0].issuer must be the issuer's https URL, exactly as in its tokens; http on this machine "
        "only.",
        "[0].audience must be a text of 1 to 255 characters.",
        "[0].algorithms must be a list of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, "
        "ES512, EdDSA.",
        "[1].name is missing.",
        "[1].issuer is missing.",
        "[1].audience is missing.",
    ]


@pytest.mark.parametrize("algorithms", [[], ["HS256"], ["RS256", "none"], "RS256", [["RS256"]], {}])
def test_no_algorithm_has_a_shared_secret(algorithms: object) -> None:
    (problem,) = problems({**ONE, "algorithms": algorithms})
    assert problem.startswith("[0].algorithms must be a list of RS256")


def test_unknown_fields_are_reported() -> None:
    """A mistyped audienceClaim would otherwise be ignored."""
    assert problems({**ONE, "audience_claim": "azp"}) == [
        "[0] has the unknown field 'audience_claim'."
    ]


def test_issuers_differ() -> None:
    assert problems(ONE, {**ONE, "name": "Other"}) == [" names two issuers with the same issuer."]
    assert (
        len(problems(*({**ONE, "name": str(i), "issuer": f"https://{i}.test"} for i in range(11))))
        == 1
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://login.acme.test",
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC",
        "https://acme.test:8443/realms/acme",
        "http://127.0.0.1:9000",
        "http://localhost:9000/oidc",
        "http://[::1]:9000",
    ],
)
def test_urls_of_issuers(url: str) -> None:
    assert problems({**ONE, "issuer": url}) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://acme.test",
        "http://127.0.0.1.acme.test",
        "http://localhost@acme.test",
        "https://user@acme.test",
        "https://acme.test?x=y",
        "https://acme.test#x",
        "https://acme.test/ x",
        "https://acme.test\n",
        "ftp://acme.test",
        "acme.test",
        ["https://acme.test"],
    ],
)
def test_no_urls_of_issuers(url: object) -> None:
    assert len(problems({**ONE, "issuer": url})) == 1


def test_only_an_issuer_on_this_machine_refers_to_it_without_encryption() -> None:
    local, remote = "http://127.0.0.1:9000", "https://acme.test"
    assert is_safe_url("http://127.0.0.1:9000/keys", like=local)
    assert is_safe_url("https://acme.test/keys", like=local)
    assert not is_safe_url("http://127.0.0.1:9000/keys", like=remote)
    assert not is_safe_url("http://10.0.0.1/keys", like=local)
