"""The alarms and the dashboard in template.yaml, compared with the metrics that the code writes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from gql_api.domain import metrics
from gql_api.schema.schema import create_schema
from gql_api.services.request_log import Outcome
from tests.docs.markdown import read, table
from tests.test_template import Json, every, resources, template

__all__ = ["resources", "template"]

OURS = {"Ref": "AWS::StackName"}
NAMES = {
    value for name, value in vars(metrics).items() if name.isupper() and name not in dir(object)
} - {metrics.OPERATION, metrics.OUTCOME}


@pytest.fixture(scope="module")
def alarms(template: Json) -> Json:
    """The alarms' properties by logical id."""
    return {
        name: it["Properties"]
        for name, it in template["Resources"].items()
        if it["Type"] == "AWS::CloudWatch::Alarm"
    }


def ours(alarms: Json) -> set[tuple[str, tuple[tuple[str, str], ...]]]:
    """Return the name and the dimensions of each metric of ours that an alarm watches."""
    metrics_of_alarms = [*alarms.values(), *every(alarms, "Metric")]
    return {
        (it["MetricName"], tuple((d["Name"], d["Value"]) for d in it.get("Dimensions", ())))
        for it in metrics_of_alarms
        if it.get("Namespace") == OURS
    }


def test_each_metric_has_an_alarm(template: Json, alarms: Json) -> None:
    watched = ours(alarms)
    assert {name for name, _ in watched} == NAMES
    with_dimensions = {name: dimensions for name, dimensions in watched if dimensions}
    assert with_dimensions == {
        metrics.REQUESTS: ((metrics.OPERATION, "login"), (metrics.OUTCOME, "failed"))
    }
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["METRICS_NAMESPACE"] == OURS


def test_the_watched_operation_and_outcome_exist() -> None:
    mutation = create_schema(introspection=False)._schema.mutation_type
    assert mutation is not None
    assert "login" in mutation.fields
    assert Outcome.FAILED.value == "failed"


def test_alarms_on_metrics_of_aws(alarms: Json) -> None:
    watched = {
        (it["Namespace"], it["MetricName"], str(next(iter(it["Dimensions"]))["Value"]))
        for it in alarms.values()
        if it.get("Namespace", OURS) != OURS
    }
    for namespace, metric, about in (
        ("AWS/Lambda", "Errors", "Api"),
        ("AWS/Lambda", "Errors", "StorageEvents"),
        ("AWS/Lambda", "Errors", "Checksums"),
        ("AWS/Lambda", "Errors", "Maintenance"),
        ("AWS/Lambda", "Errors", "Media"),
        ("AWS/Lambda", "Errors", "MediaFailures"),
        ("AWS/Lambda", "Errors", "Webhooks"),
        ("AWS/Lambda", "Throttles", "Api"),
        ("AWS/Lambda", "Throttles", "Media"),
        ("AWS/ApiGateway", "5xx", "HttpApi"),
        ("AWS/ApiGateway", "Latency", "HttpApi"),
        ("AWS/SQS", "ApproximateAgeOfOldestMessage", "StorageEventQueue"),
        ("AWS/SQS", "ApproximateAgeOfOldestMessage", "ChecksumQueue"),
        ("AWS/SQS", "ApproximateAgeOfOldestMessage", "MediaQueue"),
        # Its messages are consumed, so only those that stay are an alarm.
        ("AWS/SQS", "ApproximateAgeOfOldestMessage", "MediaDeadLetters"),
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "StorageEventDeadLetters"),
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "ChecksumDeadLetters"),
    ):
        assert any(it[:2] == (namespace, metric) and f"'{about}'" in it[2] for it in watched)


def test_a_sweep_that_does_not_run_is_an_alarm(alarms: Json) -> None:
    alarm = alarms["SweepMissingAlarm"]
    assert alarm["MetricName"] == metrics.SWEEP_COMPLETED
    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 3600
    others = [it for name, it in alarms.items() if name != "SweepMissingAlarm"]
    assert {it["TreatMissingData"] for it in others} == {"notBreaching"}


def test_every_alarm_is_sent_and_says_what_it_means(alarms: Json) -> None:
    topic = {"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]}
    for alarm in alarms.values():
        assert alarm["AlarmActions"] == topic
        assert alarm["AlarmDescription"].endswith(".")
    documented = {f"{row[0]}Alarm": row[2] for row in table(read("docs/operations.md"), "alarm")}
    assert set(documented) == set(alarms)
    assert all(documented.values())


def test_the_dashboard_shows_each_metric(template: Json, resources: Json) -> None:
    body, conditional = resources["Dashboard"]["DashboardBody"]["Fn::Sub"]
    widgets: list[dict[str, Any]] = json.loads(body)["widgets"]
    shown = {
        row[1]
        for widget in widgets
        for row in widget["properties"]["metrics"]
        if row[0] == "${AWS::StackName}"
    } | set(re.findall(r'MetricName=\\"(\w+)', body))
    assert shown == NAMES
    named = {name.partition(".")[0] for name in re.findall(r"\$\{(\w+[.\w]*)\}", body)}
    assert named <= set(template["Resources"]) | set(conditional)
    assert {it["Fn::If"][0] for it in conditional.values()} == {"ProcessesMedia"}
