"""CloudFront, concurrency and gradual deployments in template.yaml."""

from __future__ import annotations

import json
import subprocess
import tomllib
from pathlib import Path

import pytest

from gql_api.http.app import HEADERS
from local.website import security_headers
from tests.test_template import Json, every, resources, template

__all__ = ["resources", "template"]

ROOT = Path(__file__).parents[1]
CONNECTIONS_PER_ENVIRONMENT = 12  # A pool of 10, and 2 for monitoring (adapters/mongo/database.py).
# Two overlapping sweeps, the preparation, two that record failures of the media function, and three
# that send webhooks.
OTHER_ENVIRONMENTS = 8


def test_pages_have_the_headers_that_make_run_sends(resources: Json) -> None:
    configured = resources["WebHeaders"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    assert {it["Override"] for it in configured.values()} == {True}
    policy, names = configured["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    host = "https://${BucketName}.s3.${AWS::Region}.${AWS::URLSuffix}"
    origins = {"Fn::If": ["SignsInElsewhere", {"Fn::Sub": " ${SignInOrigins}"}, ""]}
    assert names == {"Files": {"Fn::Sub": host}, "SignIn": origins}
    bucket_url = "https://media.s3.eu-west-1.amazonaws.com"
    age = configured["StrictTransportSecurity"]["AccessControlMaxAgeSec"]
    sent = {
        "Content-Security-Policy": policy.replace("${Files}", bucket_url).replace("${SignIn}", ""),
        "Referrer-Policy": configured["ReferrerPolicy"]["ReferrerPolicy"],
        "Strict-Transport-Security": f"max-age={age}",
        "X-Content-Type-Options": "nosniff",
    }
    assert sent == security_headers(bucket_url)
    issuer = "https://login.test"
    policy = policy.replace("${Files}", bucket_url).replace("${SignIn}", f" {issuer}")
    assert policy == security_headers(bucket_url, [issuer])["Content-Security-Policy"]
    assert set(configured) == {name.replace("-", "").removeprefix("X") for name in sent}
    # The API's own headers are at least as strict.
    assert sent.keys() <= HEADERS.keys()


def test_the_api_is_on_the_origin_of_the_web_client(resources: Json) -> None:
    distribution = resources["Distribution"]["DistributionConfig"]
    routes = {event["Properties"]["Path"] for event in resources["Api"]["Events"].values()}
    behaviors = distribution["CacheBehaviors"]
    assert {behavior["PathPattern"] for behavior in behaviors} == routes
    for behavior in behaviors:
        assert behavior["TargetOriginId"] == "api"
        # The API's headers and cookies reach the viewer, and nothing is cached.
        assert "ResponseHeadersPolicyId" not in behavior
        assert behavior["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
        assert behavior["ViewerProtocolPolicy"] == "https-only"
    assert "POST" in behaviors[0]["AllowedMethods"]
    assert distribution["DefaultCacheBehavior"]["TargetOriginId"] == "web"


def test_only_files_are_compressed(resources: Json) -> None:
    """The length of a compressed response of the API could reveal its tokens (BREACH)."""
    distribution = resources["Distribution"]["DistributionConfig"]
    assert distribution["DefaultCacheBehavior"]["Compress"] is True
    # Managed-CachingOptimized, the managed policy that keeps Brotli and gzip.
    policy = distribution["DefaultCacheBehavior"]["CachePolicyId"]
    assert policy == "658327ea-f89d-4fab-a63d-7e88639e58f6"
    assert not any(behavior.get("Compress") for behavior in distribution["CacheBehaviors"])


def test_the_api_learns_that_a_request_came_through_cloudfront(resources: Json) -> None:
    [api] = [
        origin
        for origin in resources["Distribution"]["DistributionConfig"]["Origins"]
        if origin["Id"] == "api"
    ]
    [header] = api["OriginCustomHeaders"]
    assert header["HeaderName"] == "X-Origin-Secret"
    assert ":SecretString:ORIGIN_SECRET:" in header["HeaderValue"]["Fn::Sub"]


def test_the_files_of_the_web_client_are_reached_through_cloudfront_alone(
    resources: Json,
) -> None:
    assert set(resources["WebBucket"]["PublicAccessBlockConfiguration"].values()) == {True}
    allowed, denied = resources["WebBucketPolicy"]["PolicyDocument"]["Statement"]
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert allowed["Action"] == "s3:GetObject"
    assert "distribution/${Distribution}" in str(allowed["Condition"]["StringEquals"])
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_each_path_without_a_file_is_the_page(resources: Json) -> None:
    code = resources["WebPages"]["FunctionCode"]
    paths = ["/", "/library", "/library/deep", "/index.html", "/assets/main-1a2b.js", "/icon.svg"]
    script = f"""{code}
        const uris = {json.dumps(paths)}.map((uri) => handler({{request: {{uri}}}}).uri);
        console.log(JSON.stringify(uris));"""
    done = subprocess.run(["node", "-e", script], capture_output=True, check=True)
    assert json.loads(done.stdout) == ["/index.html"] * 4 + paths[4:]


def test_all_functions_together_leave_mongodb_connections(template: Json, resources: Json) -> None:
    parameter = template["Parameters"]["MongoConnections"]
    by_limit = template["Mappings"]["Concurrency"]
    assert set(map(str, parameter["AllowedValues"])) == set(by_limit)
    for limit, most in by_limit.items():
        if limit == "unlimited":
            continue
        # The media function does not connect to MongoDB.
        connecting = sum(count for name, count in most.items() if name != "Media")
        environments = connecting + OTHER_ENVIRONMENTS
        assert environments * CONNECTIONS_PER_ENVIRONMENT <= int(limit) * 0.8
        assert environments * CONNECTIONS_PER_ENVIRONMENT > int(limit) * 0.75
        # The least that SQS allows.
        assert min(most["Events"], most["Checksums"], most["Media"]) >= 2

    def mapped(key: str) -> Json:
        return {"Fn::FindInMap": ["Concurrency", {"Ref": "MongoConnections"}, key]}

    reserved = resources["Api"]["ReservedConcurrentExecutions"]["Fn::If"]
    assert reserved == ["LimitsConcurrency", mapped("Api"), {"Ref": "AWS::NoValue"}]
    for function, key in (("StorageEvents", "Events"), ("Checksums", "Checksums")):
        scaling = resources[function]["Events"]["Queue"]["Properties"]["ScalingConfig"]
        assert scaling == {"MaximumConcurrency": mapped(key)}
    failures = resources["MediaFailures"]["Events"]["Queue"]["Properties"]["ScalingConfig"]
    assert failures == {"MaximumConcurrency": 2}
    # The media function is never refused a start, which would count as a failed attempt.
    assert resources["MediaEvents"]["ScalingConfig"] == {"MaximumConcurrency": mapped("Media")}
    reserved = resources["Media"]["ReservedConcurrentExecutions"]["Fn::If"]
    assert reserved == ["LimitsConcurrency", mapped("Media"), {"Ref": "AWS::NoValue"}]


def test_provisioned_concurrency_and_snapstart_exclude_each_other(template: Json) -> None:
    rule = template["Rules"]["ProvisionedConcurrencyOrSnapStart"]
    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "SnapStart"}, "true"]}
    [assertion] = rule["Assertions"]
    assert assertion["Assert"] == {"Fn::Equals": [{"Ref": "ProvisionedConcurrency"}, "0"]}


def test_a_deployment_goes_back_on_alarms(resources: Json) -> None:
    api = resources["Api"]
    assert api["AutoPublishAlias"] == "live"
    alarms = [alarm["Ref"] for alarm in api["DeploymentPreference"]["Alarms"]]
    assert {"ApiErrorsAlarm", "InternalErrorsAlarm"} <= set(alarms)
    assert set(alarms) <= set(resources)
    assert all(resources[alarm]["Period"] <= 300 for alarm in alarms)


def test_outputs_that_the_deployment_reads(template: Json) -> None:
    assert {"WebBucketName", "DistributionId", "WebUrl", "GraphqlUrl"} <= set(template["Outputs"])


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_the_parameters_of_each_environment(template: Json, environment: str) -> None:
    config = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))
    parameters = config[environment]["deploy"]["parameters"]
    given = dict(it.split("=", 1) for it in parameters["parameter_overrides"])
    required = {name for name, it in template["Parameters"].items() if "Default" not in it}
    assert required <= set(given) <= set(template["Parameters"])
    for name, value in given.items():
        allowed = template["Parameters"][name].get("AllowedValues", [value])
        assert value in map(str, allowed)
    assert f'environment="{environment}"' in parameters["tags"]
    assert parameters["capabilities"] == "CAPABILITY_IAM"


def test_what_is_traced_may_be_sent(template: Json, resources: Json) -> None:
    assert template["Globals"]["Function"]["Tracing"] == {
        "Fn::If": ["Traces", "Active", "PassThrough"]
    }
    assert "xray:PutTraceSegments" in str(list(every(resources["SettlingPolicy"], "Statement")))
