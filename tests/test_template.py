"""Properties of template.yaml that linters do not check. `make check-template` runs linters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

from gql_api import lambda_handlers
from gql_api.adapters.s3 import bucket
from gql_api.domain.policy import UploadPolicy
from gql_api.environment import SettingsError
from gql_api.settings import read_settings

Json: TypeAlias = dict[str, Any]

FUNCTIONS = {
    "Api": "api",
    "StorageEvents": "storage_events",
    "Checksums": "checksums",
    "Maintenance": "maintenance",
    "MediaFailures": "media_failures",
    "Webhooks": "webhooks",
    "Prepare": "prepare",
}
QUEUES = (
    *("StorageEventQueue", "StorageEventDeadLetters", "ChecksumQueue", "ChecksumDeadLetters"),
    *("MediaQueue", "MediaDeadLetters", "WebhookQueue"),
)
# The functions that settle uploads or prepare for it.
SETTLING = ("Api", "StorageEvents", "Checksums", "Maintenance", "Prepare")
WEB_HOST = {"Fn::GetAtt": ["Distribution", "DomainName"]}


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's tags. cfn-lint does it too, but takes five seconds to import."""


def intrinsic(loader: Loader, name: str, node: yaml.Node) -> Json:
    """Return the long form of a tag: `!Ref x` is `{"Ref": "x"}`, `!Sub x` is `{"Fn::Sub": "x"}`."""
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


Loader.add_multi_constructor("!", intrinsic)


@pytest.fixture(scope="module")
def template() -> Json:
    """The template, with `!Ref x` as `{"Ref": "x"}`."""
    text = (Path(__file__).parents[1] / "template.yaml").read_text(encoding="utf-8")
    parsed: Json = yaml.load(text, Loader)
    return parsed


@pytest.fixture(scope="module")
def resources(template: Json) -> Json:
    """The resources' properties by logical id."""
    return {name: resource["Properties"] for name, resource in template["Resources"].items()}


def every(node: Any, name: str) -> Iterator[Any]:
    """Yield every value under the key `name`, at any depth."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == name:
                yield value
            yield from every(value, name)
    elif isinstance(node, list):
        for item in node:
            yield from every(item, name)


def statements_of(node: Any) -> Iterator[Any]:
    """Yield every policy statement in `node`, including conditional ones."""
    for statements in every(node, "Statement"):
        for statement in statements:
            yield statement["Fn::If"][1] if "Fn::If" in statement else statement


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def allowed(resources: Json, *types: str) -> list[tuple[str, Any]]:
    """Return each allowed action and its target, for the named resources or all."""
    return [
        (action, resource)
        for name in types or resources
        for statement in statements_of(resources[name])
        if statement["Effect"] == "Allow"
        for action in as_list(statement["Action"])
        for resource in as_list(statement.get("Resource"))
    ]


def actions_of_docstring() -> set[str]:
    return set(re.findall(r"\bs3:\w+", bucket.__doc__ or ""))


def test_nothing_is_allowed_by_a_wildcard(resources: Json) -> None:
    grants = allowed(resources)
    assert len(grants) > 10
    rules = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/"
    wild = [
        {"Fn::Sub": "arn:${AWS::Partition}:s3:::${BucketName}/uploads/*"},
        {"Fn::Sub": "arn:${AWS::Partition}:s3:::${BucketName}/renditions/*"},
        {"Fn::Sub": "arn:${AWS::Partition}:s3:::${BucketName}/.media-upload-service/*"},
        {"Fn::Sub": "${WebBucket.Arn}/*"},
        # GuardDuty chooses the rest of the rule's name.
        {"Fn::Sub": f"{rules}DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3*"},
    ]
    for action, resource in grants:
        if action == "kms:*":
            continue  # The default key policy: IAM policies decide.
        assert "*" not in action
        # X-Ray has no resources.
        assert "*" not in str(resource) or resource in wild or action.startswith("xray:Put")


def test_no_policy_but_our_own_is_attached(resources: Json) -> None:
    attached = {
        name: it["ManagedPolicyArns"]
        for name, it in resources.items()
        if [*every(it, "ManagedPolicyArns")]
    }
    assert attached == {f"{name}Role": [{"Ref": "SettlingPolicy"}] for name in SETTLING}
    for name in (*FUNCTIONS, "Media"):
        # Without an explicit role, SAM would create one with managed policies.
        assert resources[name]["Role"] == {"Fn::GetAtt": [f"{name}Role", "Arn"]}
        assert "Policies" not in resources[name]


def test_the_roles_may_do_in_the_bucket_what_the_adapter_does(resources: Json) -> None:
    def of(role: str) -> set[str]:
        return {action for action, _ in allowed(resources, role) if action.startswith("s3:")}

    assert of("MaintenanceRole") == {"s3:ListBucketMultipartUploads"}
    assert of("SettlingPolicy") | of("MaintenanceRole") == actions_of_docstring()
    # The probe of the store does the same, apart from the uploads.
    assert of("PrepareRole") <= actions_of_docstring()
    own = "arn:${AWS::Partition}:s3:::${BucketName}/.media-upload-service/*"
    for action, resource in allowed(resources, "PrepareRole"):
        if action in ("s3:PutObject", "s3:DeleteObject"):
            assert resource == {"Fn::Sub": own}
    for role in ("ApiRole", "StorageEventsRole", "ChecksumsRole"):
        assert not of(role)


def test_all_functions_may_decrypt_their_environment(template: Json, resources: Json) -> None:
    key = {"Fn::GetAtt": ["EnvironmentKey", "Arn"]}
    assert template["Globals"]["Function"]["KmsKeyArn"] == key
    for policy in ("SettlingPolicy", "MediaFailuresRole", "WebhooksRole"):
        assert ("kms:Decrypt", key) in allowed(resources, policy)
    assert resources["EnvironmentKey"]["EnableKeyRotation"] is True


def test_actions_on_objects_and_on_the_bucket_are_on_the_right_thing(resources: Json) -> None:
    for action, resource in allowed(resources, "SettlingPolicy", "MaintenanceRole", "PrepareRole"):
        if action.startswith("s3:"):
            on_bucket = action.startswith("s3:ListBucket")
            assert resource["Fn::Sub"].endswith("${BucketName}") == on_bucket


def test_the_key_prefix_is_the_same_everywhere(template: Json, resources: Json) -> None:
    variables = environment(template)
    assert variables["S3_KEY_PREFIX"] == "uploads"
    [uploads, _] = every(resources["Bucket"]["NotificationConfiguration"], "Rules")
    assert uploads == [{"Name": "prefix", "Value": "uploads/"}]
    assert int(variables["PENDING_TTL_SECONDS"]) == UploadPolicy().pending_ttl_seconds


def test_the_trash_keeps_uploads_as_long_as_by_default(template: Json) -> None:
    assert template["Parameters"]["TrashTtlSeconds"]["Default"] == UploadPolicy().trash_ttl_seconds


def test_deletions_are_listed_as_long_as_by_default(template: Json) -> None:
    default = template["Parameters"]["ChangesKeptDays"]["Default"]
    assert default == UploadPolicy().changes_kept_days


def environment(template: Json) -> Json:
    """Return the environment of all functions but the media function. None overrides it."""
    variables: Json = template["Globals"]["Function"]["Environment"]["Variables"]
    overridden = [
        name
        for name, it in template["Resources"].items()
        if it["Type"] == "AWS::Serverless::Function" and "Environment" in it["Properties"]
    ]
    assert not overridden
    return variables


class RecordingEnvironment(dict[str, str]):
    """Records the names that are read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.read.add(name)
        return super().get(name, default)


def test_the_environment_holds_settings_and_no_secret(template: Json) -> None:
    recording = RecordingEnvironment()
    with pytest.raises(SettingsError) as missing:
        read_settings(recording)
    variables = environment(template)
    assert set(variables) <= recording.read
    for name in ("DB_URL", "JWT_SECRET_KEY", "ORIGIN_SECRET"):
        reference = variables[name]["Fn::Sub"]
        assert reference.startswith("{{resolve:secretsmanager:${SecretName}:SecretString:" + name)
    set_by_lambda = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"}
    required = {problem.split()[0] for problem in missing.value.problems}
    assert required == {"DB_URL", "JWT_SECRET_KEY", "S3_BUCKET", *set_by_lambda}
    assert required - set(variables) == set_by_lambda


def test_the_defaults_are_usable(template: Json) -> None:
    """The settings are valid if only the parameters without a default are given."""
    given = {"BucketName": "my-media", "SecretName": "media"}
    parameters = template["Parameters"]
    assert {name for name in parameters if "Default" not in parameters[name]} == set(given)

    def value(variable: Any) -> str:
        if isinstance(variable, str):
            return variable
        if "Fn::If" in variable:
            assert variable["Fn::If"][0] == "ProcessesMedia"
            variable = variable["Fn::If"][1]
        [name] = [*every(variable, "Ref")] or [""]
        queues = dict.fromkeys(
            ("ChecksumQueue", "MediaQueue", "WebhookQueue"), "https://sqs.test/queue"
        )
        known = given | queues | {"AWS::StackName": "media"}
        return str(known[name] if name in known else parameters.get(name, {}).get("Default", ""))

    variables = {name: value(variable) for name, variable in environment(template).items()}
    settings = read_settings(
        variables
        | {"DB_URL": "mongodb+srv://db.test", "JWT_SECRET_KEY": "k" * 32}
        | {"ORIGIN_SECRET": "o" * 32}
        | {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "x-y-1"}
    )
    assert settings.uploads == UploadPolicy(process_media=True)
    assert settings.user_requests_per_minute == 3000
    assert settings.s3_bucket == "my-media"
    assert settings.metrics_namespace == "media"


def test_the_handlers_are_there(resources: Json) -> None:
    for name, handler in FUNCTIONS.items():
        assert resources[name]["Handler"] == f"{lambda_handlers.__name__}.{handler}"
        assert callable(getattr(lambda_handlers, handler))


def test_times(resources: Json) -> None:
    """The gateway waits 30 s; a message stays hidden while its function runs, and not longer."""
    assert resources["Api"]["Timeout"] < 30
    for queue, function in (
        ("StorageEventQueue", "StorageEvents"),
        ("ChecksumQueue", "Checksums"),
        ("MediaDeadLetters", "MediaFailures"),
        ("WebhookQueue", "Webhooks"),
    ):
        assert resources[queue]["VisibilityTimeout"] == resources[function]["Timeout"]
    assert resources["StorageEventQueue"]["VisibilityTimeout"] <= 60
    assert resources["Maintenance"]["Timeout"] < 900
    assert resources["Checksums"]["Timeout"] == resources["Prepare"]["Timeout"] == 900


def test_functions_wait_for_the_database_to_be_prepared(template: Json, resources: Json) -> None:
    for name in set(FUNCTIONS) - {"Prepare"}:
        assert template["Resources"][name]["DependsOn"] == "Preparation"
    preparation = resources["Preparation"]
    assert preparation["ServiceToken"] == {"Ref": "Prepare.Alias"}
    # It runs again with each new package, database or secret.
    assert preparation["Version"] == {"Ref": "Prepare.Version"}
    assert preparation["Database"] == {"Ref": "DbName"}
    assert preparation["SecretVersion"] == {"Ref": "SecretVersionId"}
    assert int(preparation["ServiceTimeout"]) <= 900


def test_the_http_api_leaves_cors_to_the_app(template: Json, resources: Json) -> None:
    assert not list(every(resources["HttpApi"], "CorsConfiguration"))
    routes = [event["Properties"] for event in resources["Api"]["Events"].values()]
    assert {(route["Path"], route["Method"]) for route in routes} == {
        ("/graphql", "ANY"),
        ("/health", "GET"),
    }
    assert {route["PayloadFormatVersion"] for route in routes} == {"2.0"}


@pytest.mark.parametrize(
    ("queue", "function", "dead_letters", "alarm"),
    [
        ("StorageEventQueue", "StorageEvents", "StorageEventDeadLetters", "DeadLettersAlarm"),
        ("ChecksumQueue", "Checksums", "ChecksumDeadLetters", "ChecksumDeadLettersAlarm"),
    ],
)
def test_failed_messages_go_back_alone_and_in_the_end_to_the_dead_letters(
    resources: Json, queue: str, function: str, dead_letters: str, alarm: str
) -> None:
    source = resources[function]["Events"]["Queue"]["Properties"]
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    redrive = resources[queue]["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": [dead_letters, "Arn"]}
    # An outage of an hour leaves no dead letters.
    assert redrive["maxReceiveCount"] * resources[queue]["VisibilityTimeout"] >= 3600
    assert resources[alarm]["Dimensions"][0]["Value"] == {"Fn::GetAtt": [dead_letters, "QueueName"]}
    allow = resources[dead_letters]["RedriveAllowPolicy"]
    assert allow["redrivePermission"] == "byQueue"
    [source_arn] = allow["sourceQueueArns"]
    assert source_arn["Fn::Sub"].endswith(f":{resources[queue]['QueueName']['Fn::Sub']}")


def test_the_function_for_webhooks_has_the_database_alone(resources: Json) -> None:
    """It sends requests to addresses that others choose."""
    role = resources["WebhooksRole"]
    assert set(role) == {"AssumeRolePolicyDocument", "Policies"}
    granted = {action for action, _ in allowed(resources, "WebhooksRole")}
    assert not [action for action in granted if action.startswith(("s3:", "sqs:Send"))]
    assert ("sqs:SendMessage", {"Fn::GetAtt": ["WebhookQueue", "Arn"]}) in allowed(
        resources, "SettlingPolicy"
    )
    assert {it["Effect"] for it in queue_statements(resources, "WebhookQueue")} == {"Deny"}


def test_webhooks_are_sent_at_once_and_repeated_each_minute(resources: Json) -> None:
    events = resources["Webhooks"]["Events"]
    assert events["Schedule"]["Properties"]["Schedule"] == "rate(1 minute)"
    assert events["Queue"]["Properties"]["Queue"] == {"Fn::GetAtt": ["WebhookQueue", "Arn"]}
    # Two from the queue and one from the schedule: the number in the formula.
    assert events["Queue"]["Properties"]["ScalingConfig"] == {"MaximumConcurrency": 2}


def test_large_files_are_read_back_one_at_a_time(resources: Json) -> None:
    assert resources["Checksums"]["Events"]["Queue"]["Properties"]["BatchSize"] == 1


def queue_statements(resources: Json, queue: str) -> list[Json]:
    policies = [it for it in resources.values() if it.get("Queues") == [{"Ref": queue}]]
    return [statement for policy in policies for statement in statements_of(policy)]


@pytest.mark.parametrize("queue", QUEUES)
def test_queues_are_reached_by_tls_alone(resources: Json, queue: str) -> None:
    arn = {"Fn::GetAtt": [queue, "Arn"]}
    denied = [it for it in queue_statements(resources, queue) if it["Effect"] == "Deny"]
    assert denied == [
        {
            "Sid": "DenyPlainHttp",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sqs:*",
            "Resource": arn,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ]


def test_only_our_bucket_may_send_to_the_queue(resources: Json) -> None:
    statements = queue_statements(resources, "StorageEventQueue")
    by_bucket, by_rule = (it for it in statements if it["Effect"] == "Allow")
    assert by_bucket["Principal"] == {"Service": "s3.amazonaws.com"}
    assert by_bucket["Condition"] == {
        "ArnEquals": {"aws:SourceArn": {"Fn::Sub": "arn:${AWS::Partition}:s3:::${BucketName}"}},
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
    }
    assert by_rule["Principal"] == {"Service": "events.amazonaws.com"}
    assert by_rule["Condition"] == {
        "ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["ExistingBucketEvents", "Arn"]}}
    }
    assert by_bucket["Action"] == by_rule["Action"] == "sqs:SendMessage"


FACTS_EVENTS = {
    "Fn::If": ["ProcessesMedia", {"wildcard": "renditions/*/facts.json"}, {"Ref": "AWS::NoValue"}]
}


def test_an_existing_bucket_is_left_as_it_is(template: Json, resources: Json) -> None:
    """Only its events are taken, from EventBridge."""
    for name in ("Bucket", "BucketPolicy"):
        assert template["Resources"][name]["Condition"] == "CreatesBucket"
    assert template["Resources"]["ExistingBucketEvents"]["Condition"] == "AdoptsBucket"
    pattern = resources["ExistingBucketEvents"]["EventPattern"]
    assert pattern["detail"] == {
        "bucket": {"name": [{"Ref": "BucketName"}]},
        "object": {"key": [{"prefix": "uploads/"}, FACTS_EVENTS]},
    }
    assert (pattern["source"], pattern["detail-type"]) == (["aws.s3"], ["Object Created"])


def test_deleted_files_can_be_restored_for_a_week(template: Json, resources: Json) -> None:
    days = template["Parameters"]["KeepDeletedFilesDays"]
    assert (days["Default"], days["MinValue"]) == (7, 0)
    bucket = resources["Bucket"]
    assert bucket["VersioningConfiguration"]["Status"] == {
        "Fn::If": ["KeepsDeletedFiles", "Enabled", "Suspended"]
    }
    [expiration] = every(bucket, "NoncurrentVersionExpiration")
    assert expiration["NoncurrentDays"] == {
        "Fn::If": ["KeepsDeletedFiles", {"Ref": "KeepDeletedFilesDays"}, 1]
    }


def test_the_bucket_is_private_and_kept(template: Json, resources: Json) -> None:
    bucket = resources["Bucket"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert list(every(bucket, "ObjectOwnership")) == ["BucketOwnerEnforced"]
    assert template["Resources"]["Bucket"]["DeletionPolicy"] == "Retain"
    assert template["Resources"]["Bucket"]["UpdateReplacePolicy"] == "Retain"


def test_parts_that_nobody_wants_are_dropped_after_their_upload_expired(
    template: Json, resources: Json
) -> None:
    [abort] = every(resources["Bucket"], "AbortIncompleteMultipartUpload")
    pending_days = int(environment(template)["PENDING_TTL_SECONDS"]) / 86_400
    assert pending_days < abort["DaysAfterInitiation"] <= pending_days + 1


def test_what_the_bucket_denies(resources: Json) -> None:
    statements = resources["BucketPolicy"]["PolicyDocument"]["Statement"]
    always = [statement for statement in statements if "Fn::If" not in statement]
    denied = {
        statement["Sid"]: (statement["Action"], statement["Condition"]) for statement in always
    }
    assert {statement["Effect"] for statement in always} == {"Deny"}
    assert denied == {
        "DenyPlainHttp": ("s3:*", {"Bool": {"aws:SecureTransport": "false"}}),
        "DenySignatureVersion2": ("s3:*", {"StringEquals": {"s3:signatureversion": "AWS"}}),
        "DenyOldWrites": (
            "s3:PutObject",
            {"NumericGreaterThan": {"s3:signatureAge": {"Fn::Sub": "${UrlTtlSeconds}000"}}},
        ),
    }


def test_nobody_downloads_what_was_not_found_clean(template: Json, resources: Json) -> None:
    """If ScanForMalware is true. Only GuardDuty may set tags, so users cannot mark files clean."""
    conditional = [
        statement["Fn::If"]
        for statement in resources["BucketPolicy"]["PolicyDocument"]["Statement"]
        if "Fn::If" in statement
    ]
    [(condition, deny, otherwise), others] = conditional
    assert (condition, otherwise) == ("Scans", {"Ref": "AWS::NoValue"})
    assert others[::2] == ["Scans", {"Ref": "AWS::NoValue"}]
    assert template["Conditions"]["Scans"] == {"Fn::Equals": [{"Ref": "ScanForMalware"}, "true"]}
    assert (deny["Effect"], deny["Principal"], deny["Action"]) == ("Deny", "*", "s3:GetObject")
    assert deny["Condition"] == {
        "StringEquals": {"s3:authType": "REST-QUERY-STRING"},
        "StringNotEquals": {"s3:ExistingObjectTag/GuardDutyMalwareScanStatus": "NO_THREATS_FOUND"},
    }
    scanned = resources["MalwareProtection"]["ProtectedResource"]["S3Bucket"]
    bucket = {"Fn::If": ["CreatesBucket", {"Ref": "Bucket"}, {"Ref": "BucketName"}]}
    assert scanned == {"BucketName": bucket, "ObjectPrefixes": ["uploads/"]}
    assert resources["MalwareProtection"]["Actions"] == {"Tagging": {"Status": "ENABLED"}}
    tags = others[1]
    assert (tags["Effect"], tags["Principal"]) == ("Deny", "*")
    assert set(tags["Action"]) == {
        f"s3:{verb}Object{version}Tagging"
        for verb in ("Put", "Delete")
        for version in ("", "Version")
    }
    assert tags["Resource"] == deny["Resource"]
    role = {"Fn::GetAtt": ["MalwareProtectionRole", "Arn"]}
    assert tags["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": role}}
    for name, resource in template["Resources"].items():
        if name not in ("MalwareProtectionRole", "BucketPolicy"):
            assert "Tagging" not in str(list(every(resource, "PolicyDocument")))
    for name in ("MalwareProtection", "MalwareProtectionRole"):
        assert template["Resources"][name]["Condition"] == "Scans"


def test_upload_urls_live_for_two_to_fifteen_minutes(template: Json) -> None:
    lifetime = template["Parameters"]["UrlTtlSeconds"]
    assert (lifetime["MinValue"], lifetime["MaxValue"]) == (120, 900)


def test_the_bucket_answers_pages_of_known_origins_only(resources: Json) -> None:
    [rule] = resources["Bucket"]["CorsConfiguration"]["CorsRules"]
    condition, with_others, alone = rule["AllowedOrigins"]["Fn::If"]
    assert condition == "HasCorsOrigins"
    host = {"Fn::If": ["HasDomain", {"Ref": "DomainName"}, WEB_HOST]}
    assert alone == [{"Fn::Sub": ["https://${WebHost}", {"WebHost": host}]}]
    others = {"Fn::Join": [",", {"Ref": "CorsOrigins"}]}
    joined = {"Fn::Sub": ["https://${WebHost},${Others}", {"WebHost": host, "Others": others}]}
    assert with_others == {"Fn::Split": [",", joined]}
    assert set(rule["AllowedMethods"]) == {"PUT", "GET"}
    assert "*" not in rule["AllowedHeaders"]
    # Clients do not need the ETag: completeUpload reads it from the bucket.
    assert "ExposedHeaders" not in rule
