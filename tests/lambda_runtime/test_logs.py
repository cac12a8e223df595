"""The security log on Lambda, whose runtime wraps each record in a JSON object."""

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
    entries = [json.loads(record["message"]) for record in ours]
    assert [(entry["event"], entry["outcome"]) for entry in entries] == [
        ("sign_up", "success"),
        ("login", "refused"),
    ]
    assert {entry["user"] for entry in entries} == {session["user"]["id"]}
    assert all(entry["address"] and entry["request_id"] for entry in entries)
    assert session["accessToken"] not in api.log()
