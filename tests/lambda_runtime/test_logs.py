"""The security log on Lambda, whose runtime wraps each record in a JSON object."""

import json

import httpx
import pytest

from tests.api import Api, new_username
from tests.lambda_runtime.function import LambdaFunction
from tests.metric_lines import MetricLines


@pytest.mark.settings(METRICS_NAMESPACE="media")
async def test_what_the_log_says(api: LambdaFunction, http_client: httpx.AsyncClient) -> None:
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
    # One more line for each request, which CloudWatch takes as metrics.
    lines = MetricLines.of(api.log())
    assert [line["operation"] for line in lines.properties()] == ["signUp", "login"]
    assert [line["request_id"] for line in lines.properties()] == [
        entry["request_id"] for entry in entries
    ]
    assert lines.counts("Requests") == {("signUp", "ok"): 1, ("login", "failed"): 1}
