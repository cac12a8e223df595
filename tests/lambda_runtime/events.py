"""Events as AWS sends them, from the files in events/, with values from the tests.

Sources:
- API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs" (payload formats
  1.0 and 2.0) and "Lambda proxy integrations in API Gateway" (REST APIs)
- Lambda Developer Guide, "Invoking Lambda function URLs", "Using Lambda with Amazon SQS" and "Using
  AWS Lambda with Amazon SNS"
- Elastic Load Balancing, "Use Lambda functions as targets of an Application Load Balancer"
- SNS Developer Guide, "Parsing Amazon SNS message formats"
- S3 User Guide, "Event message structure" and "EventBridge event message structure"
- EventBridge User Guide, scheduled events
"""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import httpx

from tests.lambda_runtime.function import LambdaFunction

Json: TypeAlias = dict[str, Any]

_DIRECTORY = Path(__file__).parent / "events"


def recorded(name: str) -> Json:
    """Return the event in the file `name`.json."""
    event: Json = json.loads(recorded_text(name))
    return event


def recorded_text(name: str) -> str:
    """Return the text of the file `name`.json."""
    return (_DIRECTORY / f"{name}.json").read_text(encoding="utf-8")


def sqs(bodies: Sequence[str]) -> Json:
    """Return a batch with one message per body. Their ids are "message-0", "message-1", …"""
    [message] = recorded("sqs")["Records"]
    return {
        "Records": [
            {**copy.deepcopy(message), "messageId": f"message-{number}", "body": body}
            for number, body in enumerate(bodies)
        ]
    }


def object_created(bucket: str, key: str) -> str:
    """Return the body of the message that S3 sends when an object is created."""
    document = recorded("s3_object_created")
    [record] = document["Records"]
    record["s3"]["bucket"].update(name=bucket, arn=f"arn:aws:s3:::{bucket}")
    record["s3"]["object"]["key"] = key
    return json.dumps(document)


def eventbridge_object_created(bucket: str, key: str) -> Json:
    """Return the event that EventBridge sends when an object is created."""
    event = recorded("eventbridge_object_created")
    event["resources"] = [f"arn:aws:s3:::{bucket}"]
    event["detail"]["bucket"]["name"] = bucket
    event["detail"]["object"]["key"] = key
    return event


def sns_notification(message: str) -> str:
    """Return the body of the message that SNS sends to a queue without raw message delivery."""
    return json.dumps(recorded("sns_notification") | {"Message": message})


def sns(message: str) -> Json:
    """Return the event with which SNS invokes a function."""
    event = recorded("sns")
    event["Records"][0]["Sns"]["Message"] = message
    return event


def http(request: httpx.Request) -> Json:
    """Return the event for an HTTP request, with the cookies apart from the other headers."""
    event = recorded("http")
    headers = {**event["headers"], **request.headers}
    cookies = [cookie.strip() for cookie in headers.pop("cookie", "").split(";") if cookie]
    path = request.url.path
    event["requestContext"]["http"].update(method=request.method, path=path)
    return event | {
        "rawPath": path,
        "rawQueryString": request.url.query.decode(),
        "headers": headers,
        "cookies": cookies,
        "body": request.content.decode(),
    }


def _with_headers(name: str, request: httpx.Request) -> Json:
    """Return a recorded event of the older kind, with the request's values."""
    event = recorded(name)
    multi_values: dict[str, list[str]] = {}
    for header, value in request.headers.multi_items():
        multi_values.setdefault(header, []).append(value)
    for field, given in (("headers", dict(request.headers)), ("multiValueHeaders", multi_values)):
        if field in event:
            lower = {header.lower(): value for header, value in event[field].items()}
            event[field] = lower | given
    return event | {
        "httpMethod": request.method,
        "path": request.url.path,
        "body": request.content.decode(),
    }


def http_1_0(request: httpx.Request) -> Json:
    """Return the event of an HTTP API with payload format 1.0."""
    return _with_headers("http_1_0", request)


def rest(request: httpx.Request) -> Json:
    """Return the event of a REST API, whose path does not contain the stage."""
    return _with_headers("rest", request)


def function_url(request: httpx.Request) -> Json:
    """Return the event of a function URL."""
    context = recorded("function_url")["requestContext"]
    event = http(request)
    context["http"] |= event["requestContext"]["http"]
    return event | {"routeKey": "$default", "requestContext": context}


def load_balancer(request: httpx.Request) -> Json:
    """Return the event of an Application Load Balancer."""
    return _with_headers("alb", request)


def load_balancer_multi_value(request: httpx.Request) -> Json:
    """Return the event of an Application Load Balancer with multi-value headers."""
    return _with_headers("alb_multi_value", request)


def http_response(answer: Json) -> httpx.Response:
    """Return the HTTP response that the gateway creates from the function's result."""
    body = answer.get("body", "").encode()
    headers = [*answer.get("headers", {}).items()]
    headers += [("set-cookie", cookie) for cookie in answer.get("cookies", [])]
    for name, values in answer.get("multiValueHeaders", {}).items():
        headers += [(name, value) for value in values]
    return httpx.Response(
        answer["statusCode"],
        headers=headers,
        content=base64.b64decode(body) if answer["isBase64Encoded"] else body,
    )


class HttpGateway(httpx.AsyncBaseTransport):
    """Sends HTTP requests to a function as events that `event_of` creates."""

    def __init__(self, function: LambdaFunction, event_of: Callable[[httpx.Request], Json]) -> None:
        self._function = function
        self._event_of = event_of

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return http_response(await self._function.invoke(self._event_of(request)))


class HttpApi(HttpGateway):
    """Sends HTTP requests to a function as an API Gateway HTTP API does."""

    def __init__(self, function: LambdaFunction) -> None:
        super().__init__(function, http)
