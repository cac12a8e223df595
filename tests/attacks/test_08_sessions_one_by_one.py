"""Sessions: their user sees each and can end it; nobody else can."""

from __future__ import annotations

from datetime import datetime

import httpx
import pytest

from gql_api.domain.accounts import SESSIONS_MAX
from tests.api import PASSWORD, Api, Json, new_username
from tests.clock import SettableClock

SESSIONS = "{ viewer { sessions { id current createdAt lastUsedAt userAgent } } }"
END = "mutation ($id: ID!) { endSession(id: $id) { sessionsEnded } }"
LOGIN = """
mutation ($input: LoginInput!) {
  login(input: $input) { ... on Session { accessToken refreshToken user { sessions { current } } } }
}
"""


async def sessions(api: Api) -> list[Json]:
    listed: list[Json] = (await api.data(SESSIONS))["viewer"]["sessions"]
    return listed


async def end(api: Api, id: str) -> int:
    ended: int = (await api.data(END, id=id))["endSession"]["sessionsEnded"]
    return ended


class Ada:
    """A user with several sessions."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.username = new_username()

    async def sign_up(self) -> Api:
        return Api(self.client, (await Api(self.client).sign_up(self.username))["accessToken"])

    async def login(self, user_agent: bytes = b"") -> tuple[Api, Json]:
        variables = {"input": {"username": self.username, "password": PASSWORD}}
        body = (
            await self.client.post(
                "/graphql",
                json={"query": LOGIN, "variables": variables},
                headers={b"User-Agent": user_agent},
            )
        ).json()
        session: Json = body["data"]["login"]
        return Api(self.client, session["accessToken"]), session


@pytest.fixture
def ada(client: httpx.AsyncClient) -> Ada:
    return Ada(client)


async def test_each_is_listed_the_last_used_first(ada: Ada, clock: SettableClock) -> None:
    first = await ada.sign_up()
    times = [clock.now]
    clock.advance(seconds=60)
    times.append(clock.now)
    _, session = await ada.login(b"Firefox on a phone")
    assert session["user"]["sessions"] == [{"current": True}, {"current": False}]
    clock.advance(seconds=60)
    await ada.login(b"curl")
    assert [it["userAgent"] for it in await sessions(first)][:2] == ["curl", "Firefox on a phone"]
    clock.advance(seconds=60)
    renewed = await Api(ada.client).refresh_session(refreshToken=session["refreshToken"])
    listed = await sessions(Api(ada.client, renewed["accessToken"]))
    assert [it["userAgent"] for it in listed][:2] == ["Firefox on a phone", "curl"]
    assert [it["current"] for it in listed] == [True, False, False]
    assert [it["current"] for it in await sessions(first)] == [False, False, True]
    began, used = (
        [datetime.fromisoformat(it[name]) for it in listed] for name in ("createdAt", "lastUsedAt")
    )
    assert (began[0], used[0]) == (times[1], clock.now)
    assert began[2] == used[2] == times[0]


async def test_one_is_ended_and_the_others_go_on(ada: Ada) -> None:
    first = await ada.sign_up()
    stolen, tokens = await ada.login(b"a thief")
    other, _ = await ada.login()
    (thief,) = (it for it in await sessions(first) if it["userAgent"] == "a thief")
    assert await end(first, thief["id"]) == 1
    assert await end(first, thief["id"]) == 0
    assert (await stolen.data("{ viewer { id } }"))["viewer"] is None
    refused = await Api(ada.client).refresh_session(refreshToken=tokens["refreshToken"])
    assert refused["__typename"] == "InvalidSession"
    assert (await other.data("{ viewer { id } }"))["viewer"] is not None
    assert len(await sessions(first)) == 2


async def test_ones_own_session_ends_like_a_logout(ada: Ada) -> None:
    await ada.sign_up()
    body = (
        await Api(ada.client).post(
            "mutation ($input: LoginInput!) { login(input: $input) "
            "{ ... on Session { accessToken } } }",
            input={
                "username": ada.username,
                "password": PASSWORD,
                "tokenDelivery": "COOKIE",
            },
        )
    ).json()
    browser = Api(ada.client, body["data"]["login"]["accessToken"])
    (mine,) = (it for it in await sessions(browser) if it["current"])
    response = await browser.post(END, id=mine["id"])
    assert response.json()["data"]["endSession"] == {"sessionsEnded": 1}
    assert "Max-Age=0" in response.headers["set-cookie"]
    assert (await browser.data("{ viewer { id } }"))["viewer"] is None


async def test_nobody_elses_session_is_seen_or_ended(ada: Ada, client: httpx.AsyncClient) -> None:
    mine = await ada.sign_up()
    bob = await Ada(client).sign_up()
    (session,) = await sessions(mine)
    for id in (session["id"], "", "x", "\ud800", "x" * 100_000, '{"$ne": null}'):
        assert await end(bob, id) == 0
    assert session["id"] not in [it["id"] for it in await sessions(bob)]
    assert (await mine.data("{ viewer { id } }"))["viewer"] is not None
    assert (await Api(client).error(END, id=session["id"]))[0] == "UNAUTHENTICATED"


async def test_an_api_key_sees_none_and_ends_none(ada: Ada) -> None:
    mine = await ada.sign_up()
    script = mine.with_token((await mine.create_api_key("backup"))["token"])
    (session,) = await sessions(mine)
    assert await sessions(script) == []
    assert (await script.error(END, id=session["id"]))[0] == "FORBIDDEN"
    assert len(await sessions(mine)) == 1


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (b"x" * 5000, "x" * 200),
        (b"a\x1b[31m\xc2\x85b", "a[31m\u00c2b"),
        (b"", None),
        (b"  ", None),
    ],
)
async def test_a_user_agent_is_short_and_printable(
    ada: Ada, sent: bytes, shown: str | None
) -> None:
    await ada.sign_up()
    api, _ = await ada.login(sent)
    (mine,) = (it for it in await sessions(api) if it["current"])
    assert mine["userAgent"] == shown


async def test_a_user_has_at_most_fifty(ada: Ada, clock: SettableClock) -> None:
    """Of more, the least recently used end."""
    await ada.sign_up()
    _, tokens = await ada.login(b"refreshed")
    for number in range(SESSIONS_MAX - 2):
        clock.advance(seconds=31)  # More logins than 30 in a quarter of an hour are refused.
        last, _ = await ada.login(f"login {number}".encode())
    await Api(ada.client).refresh_session(refreshToken=tokens["refreshToken"])
    before = await sessions(last)
    assert len(before) == SESSIONS_MAX == 50
    clock.advance(seconds=31)
    newest, _ = await ada.login(b"newest")
    listed = await sessions(newest)
    assert listed[0]["current"]
    assert [it["id"] for it in listed[1:]] == [it["id"] for it in before[:-1]]
    assert [it["userAgent"] for it in listed[:3]] == ["newest", "refreshed", "login 47"]
