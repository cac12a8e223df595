"""Reading back large files: from a storage event through the queue to the `checksums` function."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from gql_api.domain.read_queue import READ_AT_ONCE_MAX_BYTES
from local import ports
from local.server import Server
from tests.api import Json, new_user
from tests.lambda_runtime.conftest import Start
from tests.lambda_runtime.events import object_created, sqs

LARGE = bytes(READ_AT_ONCE_MAX_BYTES + 1)


class Sqs:
    """Amazon SQS, as far as SendMessage is concerned."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        app = Starlette(routes=[Route("/", self._send, methods=["POST"])])
        self.server = Server(app, ports.bound_socket(ports.free_port()))

    async def _send(self, request: Request) -> JSONResponse:
        assert request.headers["x-amz-target"] == "AmazonSQS.SendMessage"
        self.bodies.append((await request.json())["MessageBody"])
        return JSONResponse({"MessageId": "1"}, media_type="application/x-amz-json-1.0")


@pytest.fixture
async def queue() -> AsyncIterator[Sqs]:
    queue = Sqs()
    await queue.server.start()
    yield queue
    await queue.server.stop()


async def test_a_large_file_is_read_by_a_function_of_its_own(
    start: Start, client: httpx.AsyncClient, queue: Sqs
) -> None:
    user = await new_user(client)
    sha256 = base64.b64encode(hashlib.sha256(LARGE).digest()).decode()
    declared = {"algorithm": "SHA256", "value": sha256}
    upload: Json = await user.request_and_send(LARGE, checksum=declared)
    bucket, _, key = urlsplit(upload["transfer"]["parts"][0]["url"]).path[1:].partition("/")
    event = sqs([object_created(bucket, key)])

    async def status() -> Any:
        found = await user.upload(upload["id"])
        return found and found["status"]

    # The parts are assembled, but nothing is read.
    urls = {
        "CHECKSUM_QUEUE_URL": f"{queue.server.url}/123456789012/reads",
        "AWS_ENDPOINT_URL_SQS": queue.server.url,
    }
    storage_events = await start("storage_events", **urls)
    assert await storage_events.invoke(event) == {"batchItemFailures": []}
    assert [json.loads(body) for body in queue.bodies] == [{"readBack": {"key": key}}]
    assert await status() == "PENDING"

    checksums = await start("checksums", **urls)
    answer = await checksums.invoke(sqs(["not JSON", "{}", *queue.bodies]))
    assert answer == {
        "batchItemFailures": [{"itemIdentifier": f"message-{number}"} for number in (0, 1)]
    }
    assert await status() == "STORED"
    assert not {"strawberry", "graphql", "mangum", "starlette"} & checksums.imported()
