"""The request log and the metrics of requests."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from gql_api.bootstrap import Container
from gql_api.services import request_log
from tests.api import PASSWORD, Api, new_user, new_username
from tests.metric_lines import MetricLines

pytestmark = pytest.mark.settings(METRICS_NAMESPACE="media-test")


class Log:
    """The request log of a test."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self._caplog = caplog

    def lines(self) -> list[dict[str, Any]]:
        name = request_log.logger.name
        return [json.loads(it.message) for it in self._caplog.records if it.name == name]

    def last(self) -> dict[str, Any]:
        """Return the last line without what differs each time, after checking it."""
        line = self.lines()[-1]
        assert line.pop("milliseconds") >= 0
        assert line.pop("time").endswith("+00:00")
        assert len(line.pop("request_id")) == 32
        return line


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[Log]:
    with caplog.at_level(logging.INFO, request_log.logger.name):
        yield Log(caplog)


async def test_what_a_line_says(
    client: httpx.AsyncClient, log: Log, metric_lines: MetricLines
) -> None:
    user = await new_user(client)
    assert log.last() == {
        "operation": "signUp", "type": "mutation", "outcome": "ok", "status": 200
    }  # fmt: skip
    await user.data("query Mine { viewer { id } again: viewer { id } uploads { totalCount } }")
    viewer = (await user.data("{ viewer { id } }"))["viewer"]
    assert log.last() == {
        "operation": "viewer",
        "type": "query",
        "outcome": "ok",
        "status": 200,
        "user": viewer["id"],
    }
    assert log.lines()[-2]["operation"] == "viewer,uploads"
    assert metric_lines.counts("Requests") == {
        ("signUp", "ok"): 1,
        ("several", "ok"): 1,
        ("viewer", "ok"): 1,
    }


async def test_failures_and_refusals(
    client: httpx.AsyncClient, log: Log, metric_lines: MetricLines
) -> None:
    user = await new_user(client)
    await user.data('mutation { cancelUpload(id: "nothing") { __typename } }')
    line = log.last()
    assert (line["operation"], line["outcome"]) == ("cancelUpload", "failed")
    assert (line["codes"], line["status"]) == (["UPLOAD_NOT_FOUND"], 200)
    response = await Api(client).post("{ uploads { totalCount } }")
    line = log.last()
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
    client: httpx.AsyncClient, log: Log, metric_lines: MetricLines, body: str, status: int
) -> None:
    headers = {"content-type": "application/json", "accept": "application/json"}
    assert (await client.post("/graphql", content=body, headers=headers)).status_code == status
    line = log.last()
    assert (line["operation"], line["outcome"], line["status"]) == ("unknown", "refused", status)
    assert len(line["codes"]) == 1
    assert metric_lines.counts("Requests") == {("unknown", "refused"): 1}


async def test_an_internal_error_has_one_id_everywhere(
    client: httpx.AsyncClient,
    container: Container,
    log: Log,
    metric_lines: MetricLines,
    caplog: pytest.LogCaptureFixture,
) -> None:
    user = await new_user(client)
    await container.database.client.close()
    response = await user.post("{ uploads { totalCount } }")
    request_id = response.headers["x-request-id"]
    assert response.json()["errors"][0]["extensions"]["requestId"] == request_id
    line = log.lines()[-1]
    assert (line["request_id"], line["outcome"]) == (request_id, "internal")
    assert line["codes"] == ["INTERNAL"]
    assert f"request {request_id}" in caplog.text
    assert metric_lines.counts("InternalErrors") == {(): 1}
    assert metric_lines.counts("Requests")["uploads", "internal"] == 1
    # A crash outside of GraphQL and a failing health check count, too.
    assert (await client.get("/health")).status_code == 503
    assert log.last() == {"operation": "health", "outcome": "internal", "status": 503}
    assert metric_lines.counts("InternalErrors") == {(): 2}


async def test_clients_choose_no_series_and_no_text(
    client: httpx.AsyncClient,
    log: Log,
    metric_lines: MetricLines,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """People put secrets anywhere: into names, aliases, paths and headers."""
    user = await new_user(client)
    before = len(log.lines())
    secret = "hunter2hunter2"
    document = (
        f"query {secret} {{ {secret}: viewer {{ ...{secret} }} }} "
        f"fragment {secret} on User {{ id }}"
    )
    await user.post(document, operationName=secret)
    await client.get(f"/{secret}", headers={"authorization": secret, "user-agent": secret})
    await client.post(f"/graphql?token={secret}", json={"query": f"{{ {secret} }}"})
    await Api(client).login(new_username(), secret)
    lines = log.lines()[before:]
    assert [line["operation"] for line in lines] == ["viewer", "unknown", "unknown", "login"]
    written = json.dumps(log.lines()) + "".join(metric_lines) + capsys.readouterr().out
    assert secret not in written
    assert PASSWORD not in written


async def test_without_a_namespace_nothing_is_written(
    environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    from gql_api import bootstrap
    from gql_api.http.app import create_app
    from gql_api.settings import read_settings

    del environment["METRICS_NAMESPACE"]
    container = bootstrap.build(read_settings(environment))
    transport = httpx.ASGITransport(app=create_app(container))
    async with httpx.AsyncClient(transport=transport, base_url="https://api.test") as client:
        await client.post("/graphql", json={"query": "{ __typename }"})
    await container.close()
    assert capsys.readouterr().out == ""
