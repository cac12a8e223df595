"""What a user may have and do is counted: empty uploads, logins, and networks of addresses."""

from __future__ import annotations

import asyncio
import collections
import itertools

import httpx
import pytest

from gql_api.adapters.passwords import Argon2Hasher
from gql_api.container import Container
from gql_api.http.app import create_app
from tests.api import PASSWORD, Api, new_user, new_username

EMPTY = {"filename": "empty.txt", "contentType": "text/plain", "size": 0}
USAGE = "{ viewer { usage { bytes uploads quotaBytes quotaUploads } } }"


@pytest.mark.settings(USER_UPLOADS_MAX="20")
async def test_empty_files_count(client: httpx.AsyncClient, container: Container) -> None:
    ada, bob = await new_user(client), await new_user(client)
    results = await ada.request_uploads([EMPTY] * 100)
    kinds = [result["__typename"] for result in results]
    assert kinds == ["UploadTicket"] * 20 + ["QuotaExceeded"] * 80
    refused = results[-1]
    assert refused["message"].startswith("You have as many uploads as your quota allows.")
    assert refused["availableBytes"] == 100 * 2**30
    assert await container.database["uploads"].count_documents({}) == 20
    usage = (await ada.data(USAGE))["viewer"]["usage"]
    assert usage == {"bytes": 0, "uploads": 20, "quotaBytes": 100 * 2**30, "quotaUploads": 20}
    assert (await bob.request_upload(0))["__typename"] == "UploadTicket"


@pytest.mark.settings(USER_UPLOADS_MAX="20")
async def test_no_number_of_requests_at_once_makes_one_upload_more(
    client: httpx.AsyncClient, container: Container
) -> None:
    users = [await new_user(client) for _ in range(3)]
    batches = (user.request_uploads([EMPTY] * 3) for user in users for _ in range(10))
    singles = (user.request_uploads([{**EMPTY, "size": 1}]) for user in users for _ in range(10))
    answers = await asyncio.gather(*batches, *singles)
    results = list(itertools.chain.from_iterable(answers))
    assert {it["__typename"] for it in results} == {"UploadTicket", "QuotaExceeded"}
    owners = [row["owner"] async for row in container.database["uploads"].find({})]
    assert set(collections.Counter(owners).values()) == {20}
    for user in users:
        assert (await user.data(USAGE))["viewer"]["usage"]["uploads"] == 20


@pytest.mark.settings(USER_UPLOADS_MAX="2")
async def test_what_ends_makes_room(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    stored = await ada.store(b"")
    pending = (await ada.request_upload(0, clientToken="again"))["upload"]
    assert (await ada.request_upload(0))["__typename"] == "QuotaExceeded"
    repeated = await ada.request_upload(0, clientToken="again")
    assert (repeated["__typename"], repeated["created"]) == ("UploadTicket", False)
    await ada.cancel_upload(pending["id"])
    await ada.cancel_upload(pending["id"])
    assert (await ada.request_upload(0))["__typename"] == "UploadTicket"
    assert (await ada.request_upload(0))["__typename"] == "QuotaExceeded"
    await ada.delete_upload(stored["id"])
    assert (await ada.request_upload(0))["__typename"] == "UploadTicket"
    assert (await ada.request_upload(0))["__typename"] == "QuotaExceeded"


@pytest.mark.settings(USER_UPLOADS_MAX="")
async def test_without_a_limit_there_is_none(client: httpx.AsyncClient) -> None:
    ada = await new_user(client)
    assert {it["__typename"] for it in await ada.request_uploads([EMPTY] * 50)} == {"UploadTicket"}
    assert (await ada.data(USAGE))["viewer"]["usage"]["quotaUploads"] is None


async def test_a_million_is_the_default(client: httpx.AsyncClient, container: Container) -> None:
    ada: Api = await new_user(client)
    usage = {"usage.uploads": 999_999}
    await container.database["users"].update_one({}, {"$set": usage})
    kinds = [it["__typename"] for it in await ada.request_uploads([EMPTY] * 2)]
    assert kinds == ["UploadTicket", "QuotaExceeded"]


# ------------------------------------------------------------------ logins


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were verified, each of which costs 19 MiB and 30 ms."""
    passwords: list[str] = []
    verify = Argon2Hasher.verify

    async def recorded(
        hasher: Argon2Hasher, password: str, password_hash: str | None
    ) -> tuple[bool, str | None]:
        passwords.append(password)
        return await verify(hasher, password, password_hash)

    monkeypatch.setattr(Argon2Hasher, "verify", recorded)
    return passwords


async def test_logins_are_refused_before_the_password_is_verified(
    client: httpx.AsyncClient, verified: list[str]
) -> None:
    username, api = new_username(), Api(client)
    await api.sign_up(username)
    results = [(await api.login(username))["__typename"] for _ in range(35)]
    assert results == ["Session"] * 30 + ["TooManyAttempts"] * 5
    assert len(verified) == 30
    other = new_username()
    await api.sign_up(other)
    assert (await api.login(other))["__typename"] == "Session"


async def test_changing_the_password_is_no_way_around(
    client: httpx.AsyncClient, verified: list[str]
) -> None:
    ada = await new_user(client)
    old = PASSWORD
    for number in range(32):
        changed = await ada.change_password(old, f"another password {number}")
        old = f"another password {number}" if number < 30 else old
    assert changed["__typename"] == "TooManyAttempts"
    assert len(verified) == 30


async def test_logins_at_once_are_counted_exactly(client: httpx.AsyncClient) -> None:
    username, api = new_username(), Api(client)
    await api.sign_up(username)
    sessions = 0
    for _ in range(12):
        results = await asyncio.gather(*(api.login(username) for _ in range(8)))
        sessions += sum(result["__typename"] == "Session" for result in results)
    assert sessions <= 30


async def test_a_stranger_cannot_use_up_the_owners_logins(
    client: httpx.AsyncClient, container: Container
) -> None:
    username, owner = new_username(), Api(client)
    await owner.sign_up(username)
    for number in range(40):
        await at(container, f"198.51.100.{number}").login(username, "wrong password")
    for _ in range(30):
        assert (await owner.login(username))["__typename"] == "Session"


# ------------------------------------------------------------------ networks


def at(container: Container, address: str) -> Api:
    """Return a caller at an address."""
    transport = httpx.ASGITransport(app=create_app(container), client=(address, 1))
    return Api(httpx.AsyncClient(transport=transport, base_url="https://api.test"))


async def test_seventy_networks_of_one_48_are_not_seventy_parties(container: Container) -> None:
    username = new_username()
    await at(container, "192.0.2.1").sign_up(username)
    guesses = signed_up = 0
    for number in range(70):
        stranger = at(container, f"2001:db8:1:{number * 64:x}::1")
        for _ in range(2):
            guess = await stranger.login(username, "wrong password")
            guesses += guess["__typename"] == "InvalidCredentials"
            result = await stranger.sign_up(new_username())
            signed_up += result["__typename"] == "Session"
    assert (guesses, signed_up) == (20, 80)
    assert (await at(container, "192.0.2.1").login(username))["__typename"] == "Session"
