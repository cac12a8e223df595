"""The media function in template.yaml: it holds no secret, and can do almost nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from deploy import package
from gql_api.adapters.media.confinement import LIMITS
from gql_api.domain import processing
from gql_api.domain.policy import UploadPolicy
from tests.test_template import (
    FUNCTIONS,
    Json,
    allowed,
    environment,
    every,
    queue_statements,
    resources,
    statements_of,
    template,
)

__all__ = ["resources", "template"]

MIB = 1024**2


def arn(suffix: str) -> Json:
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::${{BucketName}}/{suffix}"}


def attribute(resource: str, name: str = "Arn") -> Json:
    return {"Fn::GetAtt": [resource, name]}


def test_the_media_function_may_do_only_its_work(resources: Json) -> None:
    role = resources["MediaRole"]
    assert set(role) == {"AssumeRolePolicyDocument", "Policies"}
    assert sorted(map(str, allowed({"MediaRole": role["Policies"]}))) == sorted(
        map(
            str,
            [
                ("logs:CreateLogStream", attribute("MediaLogs")),
                ("logs:PutLogEvents", attribute("MediaLogs")),
                ("sqs:ReceiveMessage", attribute("MediaQueue")),
                ("sqs:DeleteMessage", attribute("MediaQueue")),
                ("sqs:GetQueueAttributes", attribute("MediaQueue")),
                ("s3:GetObject", arn("uploads/*")),
                ("s3:PutObject", arn("renditions/*")),
                ("xray:PutTraceSegments", "*"),
                ("xray:PutTelemetryRecords", "*"),
            ],
        )
    )
    [conditional] = every(role, "Fn::If")
    assert conditional[0] == "Traces"
    assert {it["Effect"] for it in statements_of(role)} == {"Allow"}
    assert resources["Media"]["Role"] == attribute("MediaRole")


def test_the_media_function_gets_nothing_from_the_other_functions(
    template: Json, resources: Json
) -> None:
    """Globals apply to serverless functions only."""
    assert template["Resources"]["Media"]["Type"] == "AWS::Lambda::Function"
    media = resources["Media"]
    assert media["Environment"]["Variables"] == {
        "S3_BUCKET": {"Ref": "BucketName"},
        "S3_KEY_PREFIX": environment(template)["S3_KEY_PREFIX"],
    }
    assert not re.search("resolve:|SecretName|EnvironmentKey", str(media))
    assert "KmsKeyArn" not in media


def test_the_media_function_runs_its_own_package(template: Json, resources: Json) -> None:
    media, shared = resources["Media"], template["Globals"]["Function"]
    assert media["Code"] == f"build/{package.MEDIA.name}"
    assert shared["CodeUri"] == f"build/{package.SERVICE.name}"
    assert [media["Runtime"], media["Architectures"]] == [
        shared["Runtime"],
        shared["Architectures"],
    ]
    assert media["Handler"] == "gql_api.media_worker.handler"
    assert "gql_api.media_worker" in package.MEDIA.modules


def test_decoding_fits_into_the_media_function(resources: Json) -> None:
    media = resources["Media"]
    # The process beside it holds a few blocks of the file and the finished renditions.
    assert media["MemorySize"] * MIB >= LIMITS.memory_bytes + 256 * MIB
    assert media["Timeout"] >= LIMITS.elapsed_seconds + 30
    # /tmp is not used.
    assert "EphemeralStorage" not in media


def test_files_come_one_at_a_time_and_three_times_at_most(resources: Json) -> None:
    source = resources["MediaEvents"]
    assert source["EventSourceArn"] == attribute("MediaQueue")
    assert source["FunctionName"] == {"Ref": "Media"}
    assert source["BatchSize"] == 1
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    queue = resources["MediaQueue"]
    assert queue["VisibilityTimeout"] >= resources["Media"]["Timeout"] + 60
    redrive = {"deadLetterTargetArn": attribute("MediaDeadLetters"), "maxReceiveCount": 3}
    assert queue["RedrivePolicy"] == redrive
    [allowed_source] = resources["MediaDeadLetters"]["RedriveAllowPolicy"]["sourceQueueArns"]
    assert allowed_source["Fn::Sub"].endswith(f":{queue['QueueName']['Fn::Sub']}")


def test_files_that_failed_three_times_reach_a_function_with_the_database(
    resources: Json,
) -> None:
    source = resources["MediaFailures"]["Events"]["Queue"]["Properties"]
    assert source["Queue"] == attribute("MediaDeadLetters")
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    # It tries again until the record was changed.
    assert "RedrivePolicy" not in resources["MediaDeadLetters"]
    granted = {action for action, _ in allowed(resources, "MediaFailuresRole")}
    assert not [action for action in granted if action.startswith("s3:")]


def test_only_functions_that_settle_may_send_to_the_media_queue(resources: Json) -> None:
    senders = {
        name
        for name in resources
        if ("sqs:SendMessage", attribute("MediaQueue")) in allowed(resources, name)
    }
    assert senders == {"StorageEventsRole", "ChecksumsRole", "MaintenanceRole"}
    for queue in ("MediaQueue", "MediaDeadLetters"):
        assert {it["Effect"] for it in queue_statements(resources, queue)} == {"Deny"}


def test_all_functions_with_the_database_know_whether_media_are_processed(template: Json) -> None:
    variables = environment(template)
    assert variables["MEDIA_PROCESSING"] == {"Ref": "MediaProcessing"}
    assert variables["MEDIA_QUEUE_URL"] == {"Fn::If": ["ProcessesMedia", {"Ref": "MediaQueue"}, ""]}
    assert template["Parameters"]["MediaProcessing"]["Default"] == "true"
    equals = {"Fn::Equals": [{"Ref": "MediaProcessing"}, "true"]}
    assert template["Conditions"]["ProcessesMedia"] == equals


def test_the_renditions_have_the_same_prefix_everywhere(resources: Json) -> None:
    assert UploadPolicy().renditions_prefix == "renditions"
    granted = [it for it in allowed(resources, "SettlingPolicy") if it[1] == arn("renditions/*")]
    assert [action for action, _ in granted] == ["s3:GetObject", "s3:DeleteObject"]
    condition, facts, otherwise = resources["Bucket"]["NotificationConfiguration"][
        "QueueConfigurations"
    ][1]["Fn::If"]
    assert (condition, otherwise) == ("ProcessesMedia", {"Ref": "AWS::NoValue"})
    assert facts["Queue"] == attribute("StorageEventQueue")
    assert facts["Filter"]["S3Key"]["Rules"] == [
        {"Name": "prefix", "Value": "renditions/"},
        {"Name": "suffix", "Value": f"/{processing.FACTS_NAME}"},
    ]


def references(node: Any) -> Iterator[str]:
    """Yield the names of the resources that a node refers to outside of conditions."""
    if isinstance(node, dict):
        if "Ref" in node:
            yield node["Ref"]
        elif "Fn::GetAtt" in node:
            yield node["Fn::GetAtt"][0]
        elif node.get("Fn::If", [""])[0] != "ProcessesMedia":
            for value in node.values():
                yield from references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def test_without_media_processing_none_of_it_is_created(template: Json, resources: Json) -> None:
    conditional = {
        name
        for name, it in template["Resources"].items()
        if it.get("Condition") == "ProcessesMedia"
    }
    assert {name for name in resources if name.startswith("Media")} <= conditional
    for name in set(resources) - conditional:
        assert not conditional & set(references(resources[name])), name
    for output in template["Outputs"].values():
        if conditional & set(references(output)):
            assert output["Condition"] == "ProcessesMedia"


@pytest.mark.parametrize("name", [*FUNCTIONS, "Media"])
def test_logs_are_kept_for_a_month(resources: Json, name: str) -> None:
    assert resources[name]["LoggingConfig"]["LogGroup"] == {"Ref": f"{name}Logs"}
    assert resources[f"{name}Logs"]["RetentionInDays"] == 30
