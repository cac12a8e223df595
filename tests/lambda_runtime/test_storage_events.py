"""Storage events from SQS inside AWS's Lambda runtime client."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest

from tests.api import Api, Json, new_user
from tests.lambda_runtime.conftest import NO_DATABASE, Start
from tests.lambda_runtime.events import (
    eventbridge_object_created,
    object_created,
    recorded_text,
    sns,
    sns_notification,
    sqs,
)
from tests.lambda_runtime.function import LambdaFunction
from tests.lambda_runtime.runtime_api import FunctionError


@pytest.fixture
async def user(client: httpx.AsyncClient) -> Api:
    """A user of an API on the same database and bucket as the function."""
    return await new_user(client)


@pytest.fixture
async def function(start: Start, user: Api) -> LambdaFunction:
    """The function that handles storage events."""
    return await start("storage_events")


def place_of(upload: Json) -> tuple[str, str]:
    """Return the bucket and the key of the upload's object."""
    path = urlsplit(upload["transfer"]["parts"][0]["url"]).path
    bucket, _, key = path.removeprefix("/").partition("/")
    return bucket, key


def message_of(upload: Json) -> str:
    """Return the message that S3 sends to the queue when the upload's object is created."""
    return object_created(*place_of(upload))


async def status(user: Api, upload: Json) -> str:
    """Return the upload's status as its owner sees it."""
    found = await user.upload(upload["id"])
    assert found is not None
    return str(found["status"])


async def test_an_event_stores_the_upload(function: LambdaFunction, user: Api) -> None:
    upload = await user.request_and_send(b"never completed by its client")
    assert await function.invoke(sqs([message_of(upload)])) == {"batchItemFailures": []}
    assert await status(user, upload) == "STORED"


BODIES: list[Callable[[str, str], str]] = [
    object_created,
    lambda *place: sns_notification(object_created(*place)),
    lambda *place: json.dumps(eventbridge_object_created(*place)),
    lambda *place: sns_notification(json.dumps(eventbridge_object_created(*place))),
]


INVOCATIONS: list[Callable[[str, str], Json]] = [
    lambda *place: json.loads(object_created(*place)),
    lambda *place: sns(object_created(*place)),
    eventbridge_object_created,
]


async def test_an_event_may_come_by_any_way(function: LambdaFunction, user: Api) -> None:
    uploads = [await user.request_and_send(b"by a queue") for _ in BODIES]
    bodies = [body(*place_of(upload)) for body, upload in zip(BODIES, uploads, strict=True)]
    assert await function.invoke(sqs(bodies)) == {"batchItemFailures": []}
    assert [await status(user, upload) for upload in uploads] == ["STORED"] * len(BODIES)
    for event in INVOCATIONS:
        upload = await user.request_and_send(b"without a queue")
        await function.invoke(event(*place_of(upload)))
        assert await status(user, upload) == "STORED"


UNKNOWN = ["not JSON", "[]", "[" * 100_000, "{}", sns_notification("{}"), json.dumps(sns("[]"))]


async def test_a_message_of_an_unknown_form_fails_alone(
    function: LambdaFunction, user: Api
) -> None:
    uploads = [await user.request_and_send(data) for data in (b"before", b"after")]
    before, after = map(message_of, uploads)
    answer = await function.invoke(sqs([before, *UNKNOWN, after]))
    failed = [{"itemIdentifier": f"message-{n}"} for n in range(1, len(UNKNOWN) + 1)]
    assert answer == {"batchItemFailures": failed}
    assert [await status(user, upload) for upload in uploads] == ["STORED", "STORED"]
    unknown: list[object] = [{}, [], {"source": "custom"}, {"Records": [{}]}]
    for event in unknown:
        with pytest.raises(FunctionError) as raised:
            await function.invoke(event)
        assert raised.value.type == "UnknownEvent"


async def test_an_event_may_come_twice(function: LambdaFunction, user: Api) -> None:
    upload = await user.request_and_send(b"once")
    message = message_of(upload)
    assert await function.invoke(sqs([message, message])) == {"batchItemFailures": []}
    assert await function.invoke(sqs([message])) == {"batchItemFailures": []}
    assert await status(user, upload) == "STORED"
    assert (await user.data("{ viewer { usage { bytes uploads } } }"))["viewer"]["usage"] == {
        "bytes": len(b"once"),
        "uploads": 1,
    }


async def test_the_test_event_of_a_new_subscription_is_done(function: LambdaFunction) -> None:
    test_event = recorded_text("s3_test")
    answer = await function.invoke(sqs([test_event, sns_notification(test_event)]))
    assert answer == {"batchItemFailures": []}


async def test_without_a_database_all_messages_go_back(start: Start, user: Api) -> None:
    upload = await user.request_and_send(b"kept for later")
    messages = sqs([message_of(upload)] * 2)
    broken = await start("storage_events", DB_URL=NO_DATABASE)
    with pytest.raises(FunctionError):
        await broken.invoke(json.loads(message_of(upload)))
    answer = await broken.invoke(messages)
    assert [item["itemIdentifier"] for item in answer["batchItemFailures"]] == [
        "message-0",
        "message-1",
    ]
    assert await (await start("storage_events")).invoke(messages) == {"batchItemFailures": []}
    assert await status(user, upload) == "STORED"


async def test_graphql_is_not_imported(function: LambdaFunction, user: Api) -> None:
    await function.invoke(sqs([message_of(await user.request_and_send(b"hello"))]))
    assert "pymongo" in function.imported()
    assert not {"strawberry", "graphql", "mangum", "starlette"} & function.imported()
