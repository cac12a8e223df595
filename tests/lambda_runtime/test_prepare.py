"""The custom resource that prepares the database, inside AWS's Lambda runtime client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import Mock

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gql_api import custom_resource, lambda_handlers
from local import ports
from local.server import Server
from tests.lambda_runtime.conftest import NO_DATABASE, Start
from tests.lambda_runtime.events import recorded


@dataclass
class CloudFormation:
    """Receives the answers to the requests of a stack; fails the first `failures` of them."""

    answers: list[dict[str, Any]] = field(default_factory=list)
    content_types: list[str | None] = field(default_factory=list)
    failures: int = 0
    url: str = ""

    async def answered(self, request: Request) -> Response:
        if self.failures:
            self.failures -= 1
            return Response(status_code=500)
        self.answers.append(json.loads(await request.body()))
        self.content_types.append(request.headers.get("content-type"))
        return Response()

    def request(self, kind: str) -> dict[str, Any]:
        """Return a request as CloudFormation sends it, with a signed URL for the answer."""
        url = f"{self.url}/answer?X-Amz-Signature=secret"
        return {**recorded("custom_resource"), "RequestType": kind, "ResponseURL": url}


@pytest.fixture
async def stack() -> AsyncIterator[CloudFormation]:
    stack = CloudFormation()
    app = Starlette(routes=[Route("/answer", stack.answered, methods=["PUT"])])
    server = Server(app, ports.bound_socket(ports.free_port()))
    await server.start()
    stack.url = server.url
    yield stack
    await server.stop()


def answer(status: str, reason: str = "") -> dict[str, str]:
    return {
        "Status": status,
        "Reason": reason,
        "PhysicalResourceId": "preparation",
        "StackId": "arn:aws:cloudformation:eu-west-1:123456789012:stack/media/guid",
        "RequestId": "unique-id-of-the-request",
        "LogicalResourceId": "Preparation",
    }


async def test_the_functions_work_once_the_stack_has_prepared_the_database(
    start: Start, new_database: str, stack: CloudFormation
) -> None:
    stack.failures = 1
    prepare = await start("prepare", DB_NAME=new_database)
    for kind in ("Create", "Update", "Delete"):
        await prepare.invoke(stack.request(kind))
    assert stack.answers == [answer("SUCCESS")] * 3
    assert stack.content_types == [""] * 3
    assert "X-Amz-Signature" not in prepare.log()
    assert not {"strawberry", "graphql", "mangum", "starlette"} & prepare.imported()
    api = await start("api", DB_NAME=new_database)
    assert (await api.invoke(recorded("http")))["statusCode"] == 200


async def test_a_failure_is_answered_with_its_reason(start: Start, stack: CloudFormation) -> None:
    prepare = await start("prepare", DB_URL=NO_DATABASE)
    await prepare.invoke(stack.request("Create"))
    unset = await start("prepare", DB_URL="")
    await unset.invoke(stack.request("Update"))
    await unset.invoke(stack.request("Delete"))
    unreachable, missing, deleted = stack.answers
    assert unreachable["Status"] == missing["Status"] == "FAILED"
    assert "127.0.0.1:9" in unreachable["Reason"], unreachable
    assert "DB_URL is missing." in missing["Reason"]
    assert deleted == answer("SUCCESS")
    assert all(len(json.dumps(it)) < 4096 for it in stack.answers)


def test_builds_that_outlast_the_invocation_are_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    async def prepare(_tell: object) -> None:
        await asyncio.Event().wait()

    sent: list[Mapping[str, str]] = []
    environment = Mock(run=asyncio.run)
    environment.container.preparation.prepare = prepare
    monkeypatch.setattr(lambda_handlers, "kept_environment", lambda: environment)
    monkeypatch.setattr(custom_resource, "_send", lambda _url, answer: sent.append(answer))
    left = custom_resource.ANSWER_SECONDS * 1000 + 10
    context = Mock(get_remaining_time_in_millis=lambda: left)
    lambda_handlers.prepare({**recorded("custom_resource"), "ResponseURL": "unused"}, context)
    (failed,) = sent
    assert failed["Status"] == "FAILED"
    assert "MongoDB goes on building them" in failed["Reason"]
