"""viewer, upload and uploadLimits."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx
import pytest

from gql_api.container import Container
from tests.api import Api, new_user, send
from tests.clock import SettableClock

UPLOAD = "query ($id: ID!) { upload(id: $id) { id } }"


async def test_nobody_is_no_viewer(client: httpx.AsyncClient) -> None:
    for token in (None, "", "x", "mus_x", "mus_ÿ", "a.b.c", "ÿ.ÿ.ÿ"):
        header = f"Bearer {token}".encode("latin-1") if token is not None else b""
        response = await client.post(
            "/graphql", json={"query": "{ viewer { id } }"}, headers={b"Authorization": header}
        )
        assert response.json() == {"data": {"viewer": None}}


async def test_other_schemes_than_bearer_are_nobody(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    query = "{ viewer { id } }"
    for scheme, known in (("bearer", True), ("BEARER ", True), ("Basic", False), ("", False)):
        response = await Api(client).post(query, {"Authorization": f"{scheme} {ada.token}"})
        assert (response.json()["data"]["viewer"] is not None) is known


async def test_a_token_expires(client: httpx.AsyncClient, clock: SettableClock) -> None:
    ada = await new_user(client)
    clock.advance(seconds=900)
    assert await ada.data("{ viewer { id } }") == {"viewer": None}


async def test_an_upload_of_ones_own(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    requested = (await ada.request_upload(5, tags=["a"]))["upload"]
    found = await ada.upload(requested["id"])
    assert found is not None
    assert {name: found[name] for name in requested if name != "transfer"} == {
        name: requested[name] for name in requested if name != "transfer"
    }


async def test_a_strangers_upload_looks_as_one_that_does_not_exist(
    client: httpx.AsyncClient,
) -> None:
    ada, bob = await new_user(client), await new_user(client)
    upload = await ada.store(b"hello")
    answers = [
        await bob.data(UPLOAD, id=unknown)
        for unknown in (upload["id"], "0199c0de-0000-7000-8000-000000000000", "x", "", "\ud800")
    ]
    assert answers == [{"upload": None}] * 5


async def test_nobody_sees_no_uploads(client: httpx.AsyncClient) -> None:
    assert (await Api(client).error(UPLOAD, id="x"))[0] == "UNAUTHENTICATED"
    assert (await Api(client).error("{ uploads { totalCount } }"))[0] == "UNAUTHENTICATED"


@pytest.mark.settings(
    MAX_UPLOAD_BYTES="9000000000",
    SINGLE_PART_MAX_BYTES="6000000",
    CONTENT_TYPES="image/*,text/plain",
    URL_TTL_SECONDS="60",
    PENDING_TTL_SECONDS="3600",
    TRASH_TTL_SECONDS="7200",
)
async def test_the_limits_need_no_viewer(client: httpx.AsyncClient) -> None:
    query = (
        "{ uploadLimits { maxUploadBytes singlePartMaxBytes contentTypes urlTtlSeconds "
        "pendingTtlSeconds trashTtlSeconds checksumAlgorithms } }"
    )
    assert await Api(client).data(query) == {
        "uploadLimits": {
            "maxUploadBytes": 9_000_000_000,
            "singlePartMaxBytes": 6_000_000,
            "contentTypes": ["image/*", "text/plain"],
            "urlTtlSeconds": 60,
            "pendingTtlSeconds": 3600,
            "trashTtlSeconds": 7200,
            "checksumAlgorithms": ["SHA256"],
        }
    }


@pytest.mark.settings(USER_QUOTA_BYTES="")
async def test_no_quota_is_null(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    data = await ada.data("{ viewer { usage { quotaBytes } } }")
    assert data == {"viewer": {"usage": {"quotaBytes": None}}}


async def test_any_name_is_what_a_download_is_called(
    client: httpx.AsyncClient,
) -> None:
    ada = await new_user(client)
    name = '写真 "夏"/1\r\n😀.jpg'
    stored = await ada.store(b"hello", filename=name)
    assert stored["filename"] == name
    request = await ada.download(stored["id"], disposition="ATTACHMENT")
    assert request is not None
    header = (await send(request)).headers["content-disposition"]
    assert header.startswith("attachment; ")
    assert header.endswith(
        "filename*=UTF-8''%E5%86%99%E7%9C%9F%20%22%E5%A4%8F%22%2F1__%F0%9F%98%80.jpg"
    )


async def test_a_download_is_inline_for_a_quarter_of_an_hour_by_default(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    ada = await new_user(client)
    stored = await ada.store(b"hello", filename="a.txt")
    request = await ada.download(stored["id"])
    assert request is not None
    assert (request["method"], request["headers"]) == ("GET", [])
    assert (await send(request)).headers["content-disposition"] == 'inline; filename="a.txt"'
    assert "X-Amz-Expires=900&" in request["url"]
    longer = await ada.download(stored["id"], expiresInSeconds=604_800)
    assert "X-Amz-Expires=604800&" in (longer or {})["url"]


@pytest.mark.settings(AWS_SESSION_TOKEN="token-of-a-role")
async def test_a_download_promises_no_more_than_the_session(
    client: httpx.AsyncClient, container: Container, clock: SettableClock
) -> None:
    """Lambda's credentials have an unknown expiry: seven days were promised once."""
    ada = await new_user(client)
    ticket = await ada.request_upload(0)
    await container.database["uploads"].update_one(
        {"_id": ticket["upload"]["id"]}, {"$set": {"status": "STORED", "stored_at": clock()}}
    )
    download = await ada.download(ticket["upload"]["id"], expiresInSeconds=604_800)
    assert download is not None
    lifetime = datetime.fromisoformat(download["expiresAt"]) - clock().replace(microsecond=0)
    assert lifetime == timedelta(minutes=15)
    assert "X-Amz-Expires=900" in download["url"]


@pytest.mark.parametrize("seconds", [0, -1, 604_801])
async def test_a_download_has_a_lifetime_that_signatures_allow(
    client: httpx.AsyncClient, seconds: int
) -> None:
    ada = await new_user(client)
    stored = await ada.store(b"hello")
    query = (
        f'{{ upload(id: "{stored["id"]}") {{ download(expiresInSeconds: {seconds}) {{ url }} }} }}'
    )
    code, message = await ada.error(query)
    assert code == "BAD_USER_INPUT"
    assert "604800" in message


async def test_a_pending_upload_has_no_download(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    upload = await ada.request_and_send(b"hello")
    assert await ada.download(upload["id"]) is None


async def test_the_viewer_is_looked_up_once_a_request_and_only_if_needed(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gql_api.services.authentication import AuthenticationService

    ada = await new_user(client)
    tokens: list[str] = []
    look_up = AuthenticationService.viewer

    async def record(self: AuthenticationService, bearer_token: str, *more: str | None) -> object:
        tokens.append(bearer_token)
        return await look_up(self, bearer_token, *more)

    monkeypatch.setattr(AuthenticationService, "viewer", record)
    await ada.data("{ uploadLimits { urlTtlSeconds } }")
    assert tokens == []
    await ada.data('{ a: viewer { id } b: viewer { id } upload(id: "x") { id } }')
    assert tokens == [ada.token]
