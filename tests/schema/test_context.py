"""requestUpload and requestUploads check the session in the same change that records the files."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from gql_api.adapters.mongo.database import Database
from gql_api.services import security_log
from tests.api import Api, Json, new_user, new_username
from tests.clock import SettableClock
from tests.metric_lines import MetricLines

FILE = {"filename": "a", "contentType": "image/png", "size": 1}
ONE = "mutation ($input: RequestUploadInput!) { requestUpload(input: $input) { __typename } }"
MANY = "mutation ($input: [RequestUploadInput!]!) { requestUploads(input: $input) { __typename } }"
TWICE = (
    "mutation ($input: RequestUploadInput!) "
    "{ a: requestUpload(input: $input) { __typename } b: requestUpload(input: $input) "
    "{ __typename } }"
)
# Each fails for a user who is signed in, or has another result.
REQUESTS: dict[str, tuple[str, Any]] = {
    "file": (ONE, FILE),
    "repeated": (ONE, {**FILE, "clientToken": "t"}),
    "invalid": (ONE, {**FILE, "filename": ""}),
    "unsupported": (ONE, {**FILE, "contentType": "text/html"}),
    "huge": (ONE, {**FILE, "size": 2**50}),
    "above the quota": (ONE, {**FILE, "size": 1001}),
    "files": (MANY, [FILE, {**FILE, "filename": ""}]),
    "no files": (MANY, []),
    "too many files": (MANY, [FILE] * 501),
    "two fields": (TWICE, FILE),
}
ENDED = "The token is no longer valid. Refresh the session or log in."


async def commands(database: Database) -> dict[str, int]:
    """Return how often the server has run each command that a request may send."""
    status = await database.client.admin.command("serverStatus")
    names = ("find", "findAndModify", "update", "insert", "commitTransaction")
    return {name: int(status["metrics"]["commands"][name]["total"]) for name in names}


async def test_it_takes_three_commands(client: httpx.AsyncClient, database: Database) -> None:
    ada = await new_user(client)
    await ada.data(ONE, input=FILE)
    before = await commands(database)
    await ada.data(ONE, input=FILE)
    after = await commands(database)
    sent = {name: after[name] - before[name] for name in after}
    assert sent == {
        "find": 0, "findAndModify": 0, "update": 1, "insert": 1, "commitTransaction": 1
    }  # fmt: skip


@pytest.mark.settings(USER_QUOTA_BYTES="1000", METRICS_NAMESPACE="test")
async def test_an_ended_session_gets_no_other_answer(
    client: httpx.AsyncClient,
    database: Database,
    metric_lines: MetricLines,
    caplog: pytest.LogCaptureFixture,
) -> None:
    user = await ended_user(client, first=REQUESTS["repeated"])
    session = await user_of(database)
    for name, (query, input) in REQUESTS.items():
        caplog.clear()
        body = (await user.post(query, input=input)).json()
        assert {error["message"] for error in body["errors"]} == {ENDED}, name
        assert {error["extensions"]["code"] for error in body["errors"]} == {"UNAUTHENTICATED"}
        [line] = security_lines(caplog)
        assert (line["event"], line["outcome"]) == ("access", "refused")
        assert (line["reason"], line["user"]) == ("INVALID_TOKEN", session)
        request = metric_lines.properties()[-1]
        assert (request["codes"], request["outcome"]) == (["UNAUTHENTICATED"], "refused")
        assert "user" not in request
    assert await database["uploads"].count_documents({"owner": session}) == 1


async def ended_user(client: httpx.AsyncClient, first: tuple[str, Any]) -> Api:
    """Return a user who has logged out after one request."""
    user = await new_user(client)
    query, input = first
    await user.data(query, input=input)
    assert await user.logout(everywhere=True) == 1
    return user


async def user_of(database: Database) -> str:
    [document] = await database["users"].find({}, {"_id": 1}).to_list()
    return str(document["_id"])


def security_lines(caplog: pytest.LogCaptureFixture) -> list[Json]:
    return [
        json.loads(record.getMessage())
        for record in caplog.records
        if record.name == security_log.logger.name
    ]


async def test_a_session_that_ends_itself_requests_nothing_more(
    client: httpx.AsyncClient, database: Database
) -> None:
    """The viewer is looked up before the session ends, but the reservation checks it again."""
    user = await new_user(client)
    query = (
        "mutation ($input: RequestUploadInput!) { a: requestUpload(input: $input) { __typename } "
        "logout(everywhere: true) { __typename } b: requestUpload(input: $input) { __typename } }"
    )
    [error] = (await user.post(query, input=FILE)).json()["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["b"], "UNAUTHENTICATED")
    owner = await user_of(database)
    assert await database["uploads"].count_documents({"owner": owner}) == 1


@pytest.mark.settings(USER_REQUESTS_PER_MINUTE="3")
async def test_requests_count_once_each(client: httpx.AsyncClient, clock: SettableClock) -> None:
    clock.advance(seconds=60 - clock().second)
    user = await new_user(client)
    for query in (TWICE, ONE, TWICE):
        assert "errors" not in (await user.post(query, input=FILE)).json()
    refused = await user.post(ONE, input=FILE)
    assert refused.json()["errors"][0]["extensions"] == {"code": "RATE_LIMITED"}
    assert 0 < int(refused.headers["Retry-After"]) <= 60


@pytest.mark.settings(USER_REQUESTS_PER_MINUTE="3")
async def test_an_ended_session_uses_up_no_limit(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    """The ended session does not learn either that its user has reached the limit."""
    clock.advance(seconds=60 - clock().second)
    stolen, username = Api(client), new_username()
    stolen = stolen.with_token((await stolen.sign_up(username))["accessToken"])
    assert await stolen.logout(everywhere=True) == 1
    owner = stolen.with_token((await stolen.login(username))["accessToken"])
    clock.advance(seconds=60)
    for _ in range(5):
        assert (await stolen.error(TWICE, input=FILE))[0] == "UNAUTHENTICATED"
    for _ in range(3):
        await owner.data(ONE, input=FILE)
    assert (await owner.error(ONE, input=FILE))[0] == "RATE_LIMITED"
    assert (await stolen.error(ONE, input=FILE))[0] == "UNAUTHENTICATED"
