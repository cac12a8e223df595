"""The request log and the metrics of requests."""

from __future__ import annotations

import json
import logging
from typing import Any

import httpx
import pytest

from gql_api.adapters.metrics import RequestLog
from gql_api.container import Container
from gql_api.services.request_log import RequestRecord
from tests.api import PASSWORD, Api, new_user, new_username
from tests.metric_lines import MetricLines

pytestmark = pytest.mark.settings(METRICS_NAMESPACE="media-test")


def last(lines: MetricLines) -> dict[str, Any]:
    """Return the properties of the last line without what differs each time, after checking it."""
    line = lines.properties()[-1]
    assert line.pop("milliseconds") >= 0
    assert len(line.pop("request_id")) == 32
    return line


async def test_what_a_line_says(client: httpx.AsyncClient, metric_lines: MetricLines) -> None:
    user = await new_user(client)
    assert last(metric_lines) == {
        "operation": "signUp", "type": "mutation", "outcome": "ok", "status": 200
    }  # fmt: skip
    await user.data("query Mine { viewer { id } again: viewer { id } uploads { totalCount } }")
    viewer = (await user.data("{ viewer { id } }"))["viewer"]
    assert last(metric_lines) == {
        "operation": "viewer",
        "type": "query",
        "outcome": "ok",
        "status": 200,
        "user": viewer["id"],
    }
    assert metric_lines.properties()[-2]["operation"] == "viewer,uploads"
    assert metric_lines.counts("Requests") == {
        ("signUp", "ok"): 1,
        ("several", "ok"): 1,
        ("viewer", "ok"): 1,
    }


async def test_failures_and_refusals(client: httpx.AsyncClient, metric_lines: MetricLines) -> None:
    user = await new_user(client)
    await user.data('mutation { cancelUpload(id: "nothing") { __typename } }')
    line = last(metric_lines)
    assert (line["operation"], line["outcome"]) == ("cancelUpload", "failed")
    assert (line["codes"], line["status"]) == (["UPLOAD_NOT_FOUND"], 200)
    response = await Api(client).post("{ uploads { totalCount } }")
    line = last(metric_lines)
    assert (line["operation"], line["outcome"]) == ("uploads", "refused")
    assert line["codes"] == [response.json()["errors"][0]["extensions"]["code"]]
    assert "user" not in line
    assert metric_lines.counts("Requests") == {
        ("signUp", "ok"): 1,
        ("cancelUpload", "failed"): 1,
        ("uploads", "refused"): 1,
    }


@pytest.mark.parametrize(
    ("body", "status"), [("{", 400), ('{"query": "{"}', 200), ('{"query": "{ nothing }"}', 200)]
)
async def test_what_is_no_operation(
    client: httpx.AsyncClient, metric_lines: MetricLines, body: str, status: int
) -> None:
    headers = {"content-type": "application/json", "accept": "application/json"}
    assert (await client.post("/graphql", content=body, headers=headers)).status_code == status
    line = last(metric_lines)
    assert (line["operation"], line["outcome"], line["status"]) == ("unknown", "refused", status)
    assert len(line["codes"]) == 1
    assert metric_lines.counts("Requests") == {("unknown", "refused"): 1}


async def test_an_internal_error_has_one_id_everywhere(
    client: httpx.AsyncClient,
    container: Container,
    metric_lines: MetricLines,
    caplog: pytest.LogCaptureFixture,
) -> None:
    user = await new_user(client)
    await container.database["users"].update_many({}, {"$unset": {"created_at": 1}})
    answer = await user.post("{ viewer { id } }")
    request_id = answer.headers["x-request-id"]
    assert answer.json()["errors"][0]["extensions"]["requestId"] == request_id
    line = metric_lines.properties()[-1]
    assert (line["request_id"], line["outcome"]) == (request_id, "internal")
    assert (line["codes"], line["status"]) == (["INTERNAL"], 200)
    assert f"request {request_id}" in caplog.text
    assert metric_lines.counts("InternalErrors") == {(): 1}
    assert metric_lines.counts("Requests")["viewer", "internal"] == 1


@pytest.mark.settings(S3_ENDPOINT_URL="http://127.0.0.1:9")
async def test_a_failing_health_check_counts_too(
    client: httpx.AsyncClient, metric_lines: MetricLines
) -> None:
    assert (await client.get("/health")).status_code == 503
    assert last(metric_lines) == {"operation": "health", "outcome": "internal", "status": 503}
    assert metric_lines.counts("InternalErrors") == {(): 1}


async def test_clients_choose_no_series_and_no_text(
    client: httpx.AsyncClient,
    metric_lines: MetricLines,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """People put secrets anywhere: into names, aliases, paths and headers."""
    user = await new_user(client)
    before = len(metric_lines.properties())
    secret = "hunter2hunter2"
    document = (
        f"query {secret} {{ {secret}: viewer {{ ...{secret} }} }} "
        f"fragment {secret} on User {{ id }}"
    )
    await user.post(document, operationName=secret)
    await client.get(f"/{secret}", headers={"authorization": secret, "user-agent": secret})
    await client.post(f"/graphql?token={secret}", json={"query": f"{{ {secret} }}"})
    await Api(client).login(new_username(), secret)
    lines = metric_lines.properties()[before:]
    assert [line["operation"] for line in lines] == ["viewer", "unknown", "unknown", "login"]
    written = "".join(metric_lines) + capsys.readouterr().out
    assert secret not in written
    assert PASSWORD not in written


def test_other_servers_get_the_line_from_the_log(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    metrics = RequestLog()
    record = RequestRecord("some-id")
    record.operations, record.type, record.status = ("login",), "mutation", 200
    record.finish(metrics)
    assert not caplog.records
    with caplog.at_level(logging.INFO, "gql_api.requests"):
        record.finish(metrics)
    line = json.loads(caplog.messages[-1])
    assert (line["operation"], line["request_id"]) == ("login", "some-id")
    assert capsys.readouterr().out == ""
