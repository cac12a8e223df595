"""The client's address: from the proxy that the operator names, and from no other client."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import httpx
import pytest

from gql_api.domain.policy import ProxyPolicy
from gql_api.http.client_address import client_address
from tests.api import PASSWORD, Api, new_username

SECRET = "the-secret-of-the-proxy-for-tests"
EDGE = "192.0.2.10"
VIEWER = "198.51.100.7"
FORGED = "203.0.113.66"

BY_SECRET = ProxyPolicy("x-forwarded-for", ("the-new-secret-of-the-proxy-for-tests", SECRET))
BY_NETWORK = ProxyPolicy("x-forwarded-for", (), (ip_network("192.0.2.0/24"),))
BY_BOTH = ProxyPolicy("x-forwarded-for", (SECRET,), (ip_network("192.0.2.0/24"),))
CLOUDFRONT = ProxyPolicy("cloudfront-viewer-address", (SECRET,))
SINGLE = ProxyPolicy("true-client-ip", (SECRET,))

Headers = list[tuple[str, str]]

PROOF = ("X-Origin-Secret", SECRET)


def forwarded(*entries: str) -> tuple[str, str]:
    return "X-Forwarded-For", ", ".join(entries)


def address(
    policy: ProxyPolicy, headers: Headers, peer: str | None = EDGE, event: Any = None
) -> str | None:
    scope: dict[str, Any] = {
        "client": peer and (peer, 0),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
    }
    return client_address(policy, scope if event is None else scope | {"aws.event": event})


BELIEVED: list[tuple[ProxyPolicy, Headers]] = [
    (BY_SECRET, [PROOF, forwarded(VIEWER)]),
    # The viewer forged an entry; CloudFront appended the viewer; API Gateway appended CloudFront.
    (BY_SECRET, [PROOF, forwarded(FORGED, VIEWER, EDGE)]),
    (BY_SECRET, [PROOF, forwarded(FORGED), forwarded(VIEWER, EDGE)]),
    (BY_SECRET, [PROOF, forwarded("not an address", VIEWER)]),
    (BY_NETWORK, [forwarded(FORGED, VIEWER, "192.0.2.99", EDGE)]),
    (BY_NETWORK, [forwarded(FORGED, f"{VIEWER}:51234")]),
    (BY_BOTH, [PROOF, forwarded(VIEWER)]),
    (CLOUDFRONT, [PROOF, ("CloudFront-Viewer-Address", f"{VIEWER}:46532"), forwarded(FORGED)]),
    (SINGLE, [PROOF, ("True-Client-IP", VIEWER)]),
]


@pytest.mark.parametrize(("policy", "headers"), BELIEVED)
def test_the_named_proxy_is_believed(policy: ProxyPolicy, headers: Headers) -> None:
    assert address(policy, headers) == VIEWER


FORGERIES: list[tuple[ProxyPolicy, Headers]] = [
    (ProxyPolicy(), [PROOF, forwarded(FORGED), ("CloudFront-Viewer-Address", f"{FORGED}:1")]),
    (BY_SECRET, [forwarded(FORGED)]),
    (BY_SECRET, [("X-Origin-Secret", ""), forwarded(FORGED)]),
    (BY_SECRET, [("X-Origin-Secret", "guessed" * 5), forwarded(FORGED)]),
    (BY_SECRET, [("X-Origin-Secret", SECRET[:-1]), forwarded(FORGED)]),
    # The client's own header precedes the proxy's, so the proxy does not replace it.
    (BY_SECRET, [("X-Origin-Secret", "guessed"), PROOF, forwarded(FORGED)]),
    (BY_SECRET, [("X-Origin-Secret", f"guessed,{SECRET}"), forwarded(FORGED)]),
    (BY_SECRET, [PROOF, ("CloudFront-Viewer-Address", f"{FORGED}:1")]),
    (BY_SECRET, [PROOF, forwarded(FORGED, "not an address")]),
    (BY_BOTH, [forwarded(FORGED)]),
    (CLOUDFRONT, [PROOF, forwarded(FORGED)]),
    (CLOUDFRONT, [("CloudFront-Viewer-Address", f"{FORGED}:1")]),
    (CLOUDFRONT, [PROOF, *[("CloudFront-Viewer-Address", f"{FORGED}:1")] * 2]),
    (CLOUDFRONT, [PROOF, ("CloudFront-Viewer-Address", f"{FORGED}:1,{FORGED}:1")]),
    (SINGLE, [PROOF, ("True-Client-IP", f"{FORGED}, {VIEWER}")]),
    (SINGLE, [PROOF, ("True-Client-IP", "")]),
]


@pytest.mark.parametrize(("policy", "headers"), FORGERIES)
def test_without_proof_or_form_the_connection_counts(policy: ProxyPolicy, headers: Headers) -> None:
    assert address(policy, headers) == EDGE


@pytest.mark.parametrize("policy", [BY_NETWORK, BY_BOTH])
@pytest.mark.parametrize("stranger", ["198.51.100.99", "2001:db8::1", "testclient"])
def test_another_address_is_not_the_proxy(policy: ProxyPolicy, stranger: str) -> None:
    assert address(policy, [PROOF, forwarded(FORGED)], stranger) == stranger
    assert address(policy, [PROOF, forwarded(FORGED)], None) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2001:db8::1:443", "2001:db8::1"),
        ("2001:db8:85a3:0:0:8a2e:370:7334:443", "2001:db8:85a3::8a2e:370:7334"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("::ffff:198.51.100.7:443", VIEWER),
        ("2001:db8:85a3:1:2:8a2e:370:7334:443:1", EDGE),
        (VIEWER, EDGE),  # CloudFront always writes the port.
    ],
)
def test_cloudfront_appends_the_port(text: str, expected: str) -> None:
    assert address(CLOUDFRONT, [PROOF, ("CloudFront-Viewer-Address", text)]) == expected


def test_a_load_balancer_appends_the_connection() -> None:
    event = {"requestContext": {"elb": {"targetGroupArn": "arn"}}}
    header = f"{FORGED}, {VIEWER}"
    assert address(ProxyPolicy(), [forwarded(header)], header, event) == VIEWER
    assert address(ProxyPolicy(), [forwarded(f"{header}:40000")], header, event) == VIEWER
    assert address(ProxyPolicy(), [], "", event) is None
    header = f"{FORGED}, {VIEWER}, {EDGE}"
    assert address(BY_SECRET, [PROOF, forwarded(header)], header, event) == VIEWER
    assert address(BY_SECRET, [forwarded(header)], header, event) == EDGE


async def guess(client: httpx.AsyncClient, **headers: str) -> str:
    """Log in as someone who does not exist; return the type of the result."""
    query = "mutation ($input: LoginInput!) { login(input: $input) { __typename } }"
    given = {"username": new_username(), "password": PASSWORD}
    response = await Api(client).post(query, headers, input=given)
    result: str = response.json()["data"]["login"]["__typename"]
    return result


@pytest.mark.settings(CLIENT_ADDRESS_HEADER="X-Forwarded-For", ORIGIN_SECRET=SECRET)
async def test_one_viewer_cannot_lock_out_the_others(client: httpx.AsyncClient) -> None:
    async def login(viewer: str, **more: str) -> str:
        return await guess(client, **{"X-Forwarded-For": viewer, **more})

    proof = {"X-Origin-Secret": SECRET}
    for _ in range(50):
        assert await login(VIEWER, **proof) == "InvalidCredentials"
    assert await login(VIEWER, **proof) == "TooManyAttempts"
    assert await login(f"{FORGED}, {VIEWER}", **proof) == "TooManyAttempts"
    assert await login("198.51.100.8", **proof) == "InvalidCredentials"
    # A client that bypasses the proxy cannot choose its address.
    for number in range(50):
        assert await login(f"203.0.113.{number}") == "InvalidCredentials"
    assert await login("203.0.113.99", **{"X-Origin-Secret": "guessed"}) == "TooManyAttempts"
    assert await login("198.51.100.8", **proof) == "InvalidCredentials"
