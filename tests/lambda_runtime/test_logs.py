"""The security log on Lambda, whose runtime puts each record into an object of its own."""

import json

import httpx

from tests.api import Api, new_username
from tests.lambda_runtime.function import LambdaFunction


async def test_the_security_log_is_on(api: LambdaFunction, http_client: httpx.AsyncClient) -> None:
    username = new_username()
    session = await Api(http_client).sign_up(username)
    await Api(http_client).login(username, "wrong password")
    records = [json.loads(line) for line in api.log().splitlines() if line.startswith("{")]
    ours = [record for record in records if record.get("logger") == "gql_api.security"]
    assert [record["level"] for record in ours] == ["INFO", "WARNING"]
    told = [json.loads(record["message"]) for record in ours]
    assert [(line["event"], line["outcome"]) for line in told] == [
        ("sign_up", "success"),
        ("login", "refused"),
    ]
    assert {line["user"] for line in told} == {session["user"]["id"]}
    assert all(line["address"] and line["request_id"] for line in told)
    assert session["accessToken"] not in api.log()
