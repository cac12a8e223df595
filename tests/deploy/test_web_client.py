"""Copying the web client to its bucket; the S3 server is real, other AWS services are stubbed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from botocore.stub import ANY, Stubber
from starlette.responses import PlainTextResponse

from deploy import __main__ as deploy
from deploy.account import stack_outputs
from deploy.environments import Environment
from deploy.errors import DeployError
from deploy.web_client import invalidate, publish
from local.gateway import Gateway
from local.website import Website

KEYS = boto3.session.Session("key", "secret", region_name="eu-west-1")

FILES = {
    "index.html": "<script src=/assets/main-1a2b.js></script>",
    "favicon.svg": "<svg/>",
    "assets/main-1a2b.js": "export {}",
    "assets/main-3c4d.css": "body {}",
}
# Not for browsers, or not on AWS: CloudFront compresses files itself.
OTHERS = (
    ".vite/manifest.json",
    "assets/main-1a2b.js.br",
    "index.html.gz",
    "assets/main-1a2b.js.map",
)


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A build of the web client."""
    for name, text in {**FILES, **dict.fromkeys(OTHERS, "not public")}.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
async def web_bucket(gateway: Gateway) -> str:
    name = f"web-{uuid.uuid4().hex}"
    await gateway.create_bucket(name)
    return name


async def test_the_bucket_serves_what_make_run_serves(
    gateway: Gateway, web_bucket: str, build: Path
) -> None:
    """The same files, types and cache rules; the page comes last."""
    s3 = gateway.client()
    keys = publish(s3, web_bucket, build)
    assert set(keys) == set(FILES)
    assert keys[-2:] == ["favicon.svg", "index.html"]
    website = Website(PlainTextResponse(""), build, bucket_url=None)
    transport = httpx.ASGITransport(app=website)
    async with httpx.AsyncClient(transport=transport, base_url="https://web.test") as client:
        for key in keys:
            served = await client.get(f"/{key}", headers={"Accept-Encoding": "identity"})
            copied = s3.get_object(Bucket=web_bucket, Key=key)
            assert copied["Body"].read() == served.content
            assert copied["CacheControl"] == served.headers["cache-control"]
            assert copied["ContentType"] == served.headers["content-type"]


async def test_what_cannot_be_published_is_refused(
    gateway: Gateway, web_bucket: str, build: Path
) -> None:
    with pytest.raises(DeployError, match=r"assets/main-1a2b\.js cannot be copied to the bucket"):
        publish(gateway.client(), "no-such-bucket", build)
    (build / "index.html").unlink()
    with pytest.raises(DeployError, match="the web client is not built"):
        publish(gateway.client(), web_bucket, build)


class Session:
    """Stands for a session of boto3; its clients answer what the test says."""

    def __init__(self, **clients: Any) -> None:
        self.client = clients.__getitem__


@pytest.fixture
def cloudformation() -> Iterator[tuple[Any, Stubber]]:
    client: Any = KEYS.client("cloudformation")
    with Stubber(client) as stubber:
        yield client, stubber


def test_a_stack_without_a_web_bucket_is_refused(
    cloudformation: tuple[Any, Stubber], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, stubber = cloudformation
    stack = {"StackName": "media", "CreationTime": 0, "StackStatus": "CREATE_COMPLETE"}
    outputs = [{"OutputKey": "DistributionId", "OutputValue": "E1"}]
    stubber.add_response("describe_stacks", {"Stacks": [stack | {"Outputs": outputs}]})
    monkeypatch.setattr(deploy, "open_session", lambda _: Session(cloudformation=client))
    with pytest.raises(DeployError, match="the stack media has no output WebBucketName"):
        deploy.web(Environment("media", "eu-west-1", None))


def test_a_stack_that_cannot_be_read_is_refused(cloudformation: tuple[Any, Stubber]) -> None:
    client, stubber = cloudformation
    stubber.add_client_error("describe_stacks", "ValidationError", "Stack media does not exist")
    with pytest.raises(DeployError, match=r"media cannot be read: .*does not exist"):
        stack_outputs(Session(cloudformation=client), "media")  # type: ignore[arg-type]


def test_cloudfront_fetches_all_files_again() -> None:
    client: Any = KEYS.client("cloudfront")
    batch = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": ANY}
    with Stubber(client) as stubber:
        expected = {"DistributionId": "E1", "InvalidationBatch": batch}
        stubber.add_response("create_invalidation", {}, expected)
        invalidate(client, "E1")
        stubber.assert_no_pending_responses()
        stubber.add_client_error("create_invalidation", "AccessDenied")
        with pytest.raises(DeployError, match="the files in CloudFront cannot be replaced"):
            invalidate(client, "E1")
