"""No secret is logged at any level (OWASP ASVS 5.0, 14.2.1 and 16.2.5)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from gql_api.container import Container
from gql_api.services import security_log
from tests.api import PASSWORD, Api, Json, new_username, refresh_cookies, send
from tests.services.world import checksum

WRONG_PASSWORD = "typed by mistake"
DATABASE_PASSWORD = "password-of-the-database"


@pytest.fixture(autouse=True)
def everything(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Capture DEBUG at the root logger; loggers that the service silences stay silent."""
    with caplog.at_level(logging.DEBUG):
        yield


def logged(caplog: pytest.LogCaptureFixture) -> dict[str, str]:
    """Return everything logged by the service and its libraries, tracebacks included, by logger.

    Excludes the tests' HTTP client, which logs the URLs that it requests.
    """
    texts: dict[str, str] = {}
    for record in caplog.records:
        if not record.name.startswith(("httpx", "httpcore")):
            line = logging.Formatter().format(record)
            texts[record.name] = f"{texts.get(record.name, '')}{line}\n"
    return texts


def signatures(requests: list[Json]) -> set[str]:
    """Return the signatures in the URLs of signed requests."""
    return {parse_qs(urlsplit(request["url"]).query)["X-Amz-Signature"][0] for request in requests}


async def signed_requests(api: Api, data: bytes) -> list[Json]:
    """Upload and download a file; return all signed requests."""
    ticket = await api.request_upload(
        len(data), checksum={"algorithm": "SHA256", "value": checksum(data).value}
    )
    requests: list[Json] = ticket["upload"]["transfer"]["parts"]
    assert (await send(requests[0], data)).status_code == 200
    assert (await api.complete_upload(ticket["upload"]["id"]))["status"] == "STORED"
    large = await api.request_upload(40 * 1024 * 1024)
    requests += await api.parts(large["upload"]["id"], [{"number": 2}])
    download = await api.download(ticket["upload"]["id"], disposition="ATTACHMENT")
    assert download is not None
    assert (await send(download)).content == data
    return [*requests, download]


async def session_secrets(client: httpx.AsyncClient) -> set[str]:
    """Use every feature of an account; return all the secrets involved."""
    username = new_username()
    anybody = Api(client)
    signed_up = await anybody.sign_up(username, email="ada@example.com")
    assert (await anybody.login(username, WRONG_PASSWORD))["code"] == "INVALID_CREDENTIALS"
    assert (await anybody.login(WRONG_PASSWORD))["code"] == "INVALID_CREDENTIALS"
    logged_in = await anybody.login(username, tokenDelivery="COOKIE")
    [cookie] = refresh_cookies(client)
    refreshed = await anybody.refresh_session(refreshToken=signed_up["refreshToken"])
    reused = await anybody.refresh_session(refreshToken=signed_up["refreshToken"])
    assert reused["code"] == "INVALID_SESSION"

    api = anybody.with_token(logged_in["accessToken"])
    api_key = (await api.create_api_key("backup"))["token"]
    requests = await signed_requests(anybody.with_token(api_key), b"the bytes")
    assert await api.logout(everywhere=True) == 1
    await api.error("{ viewer { id } uploads { totalCount } }")
    tokens = {s["accessToken"] for s in (signed_up, logged_in, refreshed)}
    tokens |= {signed_up["refreshToken"], refreshed["refreshToken"], cookie, api_key}
    return tokens | {PASSWORD, WRONG_PASSWORD, "ada@example.com"} | signatures(requests)


async def test_a_whole_session_leaves_no_secret_in_the_log(
    client: httpx.AsyncClient, container: Container, caplog: pytest.LogCaptureFixture
) -> None:
    secrets = await session_secrets(client)
    await container.maintenance.sweep()
    assert len(secrets) >= 12
    settings = container.settings
    secrets |= {*settings.jwt_keys.values(), settings.aws.secret_access_key, "$argon2"}
    stored = await container.database["api_keys"].find_one({})
    assert stored is not None
    secrets.add(stored["token_hash"])
    texts = logged(caplog)
    for secret in secrets:
        assert not [name for name, text in texts.items() if secret in text], secret
    assert texts[security_log.logger.name].count("\n") >= 9
    assert not [name for name in texts if name.startswith(("pymongo", "botocore"))]


@pytest.mark.parametrize("path", ["/graphql", "/health"])
async def test_failures_leave_no_secret_in_the_log(
    environment: dict[str, str], path: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither a rejected database login nor wrong S3 credentials are logged with the secret."""
    from gql_api import bootstrap
    from gql_api.http.app import create_app
    from gql_api.settings import read_settings

    host = environment["DB_URL"].partition("@")[2]
    broken = bootstrap.build(
        read_settings(
            environment
            | {"DB_URL": f"mongodb://service:{DATABASE_PASSWORD}@{host}"}
            | {"AWS_SECRET_ACCESS_KEY": "another-secret"}
        )
    )
    transport = httpx.ASGITransport(app=create_app(broken))
    async with httpx.AsyncClient(transport=transport, base_url="https://api.test") as client:
        if path == "/health":
            assert (await client.get(path)).status_code == 503
        else:
            query = "mutation ($i: LoginInput!) { login(input: $i) { __typename } }"
            answer = await Api(client).post(query, i={"username": "ada", "password": PASSWORD})
            assert answer.json()["errors"]
            assert "failed" in str(logged(caplog))
            assert DATABASE_PASSWORD not in answer.text
    await broken.close()
    for secret in (DATABASE_PASSWORD, "another-secret", PASSWORD):
        assert secret not in str(logged(caplog))
