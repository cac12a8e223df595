"""The AWS Lambda handlers: `api`, `storage_events`, `maintenance`, `prepare` (see template.yaml).

Settings come from the environment. Lambda itself sets `AWS_DEFAULT_REGION` and the role's
credentials ("Using Lambda environment variables", Lambda Developer Guide).

The first invocation builds everything, and later invocations in the same execution environment
reuse it on one event loop: Mangum runs the app on the thread's current loop, and a MongoDB client
works only on the loop of its first operation. So nothing here may call `asyncio.run`, which unsets
the current loop. Each handler imports only what it needs: only `api` imports GraphQL.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from gql_api.domain.errors import Unavailable
from gql_api.settings import read_settings

if TYPE_CHECKING:
    from mangum import Mangum
    from mangum.types import LambdaContext

    from gql_api.bootstrap import Container

T = TypeVar("T")
_log = logging.getLogger(__name__)

_STILL_BUILDING = (
    "The time is up while the indexes are being built. MongoDB goes on building them: wait, or run "
    "python -m gql_api.admin prepare; then deploy again."
)

# The time that an invocation keeps for the work that the sweep begins last, and for its answer.
_SWEEP_MARGIN_SECONDS = 30

# Responses of these types are sent as text, and others as Base64.
_TEXT_MIME_TYPES = ["text/", "application/json", "application/graphql-response+json"]


def api(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Handle a request from an API Gateway HTTP API, payload format 2.0.

    Raises:
        SettingsError: a setting is missing or invalid. API Gateway responds with 500.
    """
    return _asgi()(event, context)


def storage_events(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Settle the uploads whose objects were created, according to an SQS batch of S3 events.

    Returns the ids of the failed messages. SQS delivers only these again, and moves them to the
    dead-letter queue after several attempts ("Implementing partial batch responses", Lambda
    Developer Guide). A message that is not a JSON object also counts as failed. S3 never sends
    one, and a retry cannot succeed, but the dead-letter queue's alarm reports it. The
    `s3:TestEvent` that S3 sends when notifications are set up names no object and succeeds.

    Raises:
        SettingsError: a setting is missing or invalid. SQS delivers the batch again.
        NotPrepared: the database is not prepared for this release. SQS delivers the batch again.
    """
    environment = _environment()
    with suppress(Unavailable):  # Then each message fails on its own.
        environment.run(environment.container.deployment.current())
    failed = environment.run(_handle_messages(environment.container, event["Records"]))
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def maintenance(event: Mapping[str, Any], context: LambdaContext) -> dict[str, int]:
    """Sweep until the invocation's time is nearly up, and return the counts of the sweep.

    Raises:
        SettingsError: a setting is missing or invalid.
        NotPrepared: the database is not prepared for this release.
        SweepFailed: a step of the sweep failed, so that Lambda counts an error.
    """
    environment = _environment()
    environment.run(environment.container.deployment.current())
    left = context.get_remaining_time_in_millis() / 1000
    seconds = max(left - _SWEEP_MARGIN_SECONDS, left / 2)
    report = environment.run(environment.container.maintenance.sweep(seconds))
    _log.info("sweep: %s", report)
    return asdict(report)


def prepare(event: Mapping[str, Any], context: LambdaContext) -> None:
    """Prepare the deployment as a custom resource of the stack, on which the functions depend.

    Safe to repeat. If the time is up while the server is building indexes, it goes on building
    them, and the stack's update fails: an operator of so large a database runs
    `python -m gql_api.admin prepare` before deploying.
    """
    from gql_api import custom_resource

    with custom_resource.answering(event, resource_id="preparation"):
        if event["RequestType"] == "Delete":
            return
        environment = _environment()
        seconds = context.get_remaining_time_in_millis() / 1000 - custom_resource.ANSWER_SECONDS
        try:
            environment.run(asyncio.wait_for(_prepare(environment.container), seconds))
        except TimeoutError as error:
            raise TimeoutError(_STILL_BUILDING) from error


async def _prepare(container: Container) -> None:
    from gql_api import bootstrap

    await bootstrap.store_service(container).examine(_log.info)
    await container.preparation.prepare(_log.info)


class _Environment:
    """The state that an execution environment keeps between invocations."""

    def __init__(self) -> None:
        from gql_api.bootstrap import build

        self.container: Container = build(read_settings(os.environ))
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` on this environment's event loop and return its result."""
        return self._loop.run_until_complete(work)


@contextmanager
def _building() -> Iterator[None]:
    """Suspend garbage collection while modules are imported and objects are built.

    These objects live as long as the process, and collections among them take a twelfth of a cold
    start. `gc.freeze` excludes them from later collections too.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@cache
def _environment() -> _Environment:
    with _building():
        return _Environment()


@cache
def _asgi() -> Mangum:
    with _building():
        from mangum import Mangum

        from gql_api.http.app import create_app

        app = create_app(_environment().container)
        return Mangum(app, lifespan="off", text_mime_types=_TEXT_MIME_TYPES)


async def _handle_messages(container: Container, messages: list[dict[str, Any]]) -> list[str]:
    """Handle the messages concurrently and return the ids of those that failed."""
    handled = await asyncio.gather(*(_handle_message(container, message) for message in messages))
    return [
        message["messageId"]
        for message, succeeded in zip(messages, handled, strict=True)
        if not succeeded
    ]


async def _handle_message(container: Container, message: dict[str, Any]) -> bool:
    """Handle one message and return whether that succeeded. Every failure is logged."""
    try:
        await container.storage_events.handle(_document(message["body"]))
    except Exception:
        _log.exception("Handling the message %s failed.", message["messageId"])
        return False
    return True


def _document(body: str) -> Mapping[str, Any]:
    """Parse the S3 event in the body of a message.

    Raises:
        ValueError: the body is not a JSON object.
    """
    document = json.loads(body)
    if not isinstance(document, dict):
        raise ValueError("The message body is not a JSON object.")
    return document
