"""The AWS Lambda handlers, which template.yaml deploys.

Settings come from the environment. Lambda itself sets `AWS_DEFAULT_REGION` and the role's
credentials ("Using Lambda environment variables", Lambda Developer Guide).

Each handler imports only what it needs: only `api` imports GraphQL.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

from gql_api.domain.deadline import time_limit
from gql_api.domain.errors import Unavailable
from gql_api.domain.outbox import names_of
from gql_api.domain.processing import ATTEMPTS_FAILED, request_of
from gql_api.domain.read_queue import key_of
from gql_api.lambda_environment import Environment, building, kept_environment
from gql_api.sqs_batches import counted, handle_batch, is_batch

if TYPE_CHECKING:
    from mangum.types import LambdaContext

    from gql_api.container import Container
    from gql_api.domain.uploads import UploadName
    from gql_api.services.sweep_report import SweepReport
    from gql_api.services.webhook_sending import SendingReport, WebhookSending

_log = logging.getLogger(__name__)

_STILL_BUILDING = (
    "The time is up while the indexes are being built. MongoDB goes on building them: wait, or run "
    "python -m gql_api.admin prepare; then deploy again."
)

# Time reserved at the end of an invocation for the sweep's last work and for the answer.
_SWEEP_MARGIN_SECONDS = 30

# Time reserved for the last attempts, which take ten seconds, and for recording their results.
_WEBHOOKS_MARGIN_SECONDS = 15

# While a receiver is slow, the next messages wait for the end of the invocation, but the events
# that they name are those of the other receivers, too.
_RELAY_EVERY_SECONDS = 1.0

# Time reserved at the end of an invocation to report that its time was too short.
_RESERVE_SECONDS = 5

# The batch of a queue may have up to 10,000 messages; a process makes 16 calls to S3 at once.
_EVENTS_AT_ONCE = 16

# Responses of these types are sent as text, and others as Base64.
_TEXT_MIME_TYPES = ["text/", "application/json", "application/graphql-response+json"]


def api(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Handle a request from any gateway.

    It may be an API Gateway HTTP API with payload format 1.0 or 2.0, an API Gateway REST API, a
    function URL or an Application Load Balancer.

    Raises:
        SettingsError: a setting is missing or invalid. The gateway responds with 500 or 502.
        RuntimeError: the event is not a request.
    """
    try:
        return _asgi()(event, context)
    except ValueError:
        # The app has handled its own errors. Mangum raises this for a malformed Host header,
        # which the client of a load balancer chooses (RFC 9112, 3.2).
        return _bad_request("The Host header is malformed.")


def storage_events(event: Any, context: LambdaContext) -> dict[str, Any]:
    """Settle the uploads whose objects were created, according to the event.

    The event is an SQS batch, or S3, SNS or EventBridge invokes the function directly;
    `services/storage_notices.py` lists the forms of events and of message bodies.

    Returns the ids of the failed messages of a batch. SQS delivers only these again, and moves them
    to the dead-letter queue after several attempts ("Implementing partial batch responses", Lambda
    Developer Guide). A message of an unknown form also counts as failed: a retry cannot succeed,
    but the dead-letter queue's alarm reports it.

    Raises:
        SettingsError: a setting is missing or invalid. SQS delivers the batch again.
        NotPrepared: the database is not prepared for this release. SQS delivers the batch again.
        UnknownEvent: the event of a direct invocation has an unknown form.
        Exception: handling a direct invocation failed. Lambda retries it twice, then sends it to
            the function's failure destination if there is one.
    """
    environment = kept_environment()
    environment.require_prepared()
    return environment.run(_handle_storage_event(environment.container, event))


def checksums(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Read back the objects that an SQS batch names, to verify their checksums.

    The batch should have one message: an object may need most of the invocation's time. Returns the
    ids of the failed messages, as `storage_events` does.

    Raises:
        SettingsError: a setting is missing or invalid. SQS delivers the batch again.
        NotPrepared: the database is not prepared for this release. SQS delivers the batch again.
    """
    environment = kept_environment()
    environment.require_prepared()
    read_backs = environment.container.read_backs

    async def handle(body: str) -> None:
        await read_backs.read(key_of(body))

    seconds = context.get_remaining_time_in_millis() / 1000 - _RESERVE_SECONDS
    with time_limit(seconds):
        work = handle_batch(environment.container.metrics, event["Records"], handle, at_once=1)
        return environment.run(work)


def media_failures(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Record that the objects of an SQS batch could not be processed.

    The batch comes from the dead-letter queue of the media function. Returns the ids of the failed
    messages, as `storage_events` does; those of an unknown form stay in the queue, whose alarm
    reports them.

    Raises:
        SettingsError: a setting is missing or invalid. SQS delivers the batch again.
        NotPrepared: the database is not prepared for this release. SQS delivers the batch again.
    """
    environment = kept_environment()
    environment.require_prepared()
    container = environment.container

    async def handle(body: str) -> None:
        await container.media.give_up(request_of(body), ATTEMPTS_FAILED)

    return environment.run(
        handle_batch(container.metrics, event["Records"], handle, at_once=_EVENTS_AT_ONCE)
    )


def maintenance(event: Mapping[str, Any], context: LambdaContext) -> dict[str, int]:
    """Sweep until the invocation's time is nearly up, and return the counts of the sweep.

    Raises:
        SettingsError: a setting is missing or invalid.
        NotPrepared: the database is not prepared for this release.
        SweepFailed: a step of the sweep failed, so that Lambda counts an error.
    """
    environment = kept_environment()
    environment.require_prepared()
    left = context.get_remaining_time_in_millis() / 1000
    seconds = max(left - _SWEEP_MARGIN_SECONDS, left / 2)
    report = environment.run(_sweep(environment.container, seconds))
    _log.info("sweep: %s", report)
    return asdict(report)


def webhooks(event: Mapping[str, Any], context: LambdaContext) -> dict[str, int]:
    """Relay the events of the uploads that a message names, then send what is due.

    It ends when nothing is due, or when its time is nearly up. Messages of the queue and the
    schedule invoke it; some messages name no upload. If one is lost, the sweep relays the events.

    Raises:
        SettingsError: a setting is missing or invalid.
        NotPrepared: the database is not prepared for this release.
        Unavailable: the database did not respond. The schedule invokes the function again.
    """
    environment = kept_environment(sends_webhooks=True)
    environment.require_prepared()
    environment.run(environment.container.relay.relay(_names_to_relay(event)))
    left = context.get_remaining_time_in_millis() / 1000
    seconds = max(left - _WEBHOOKS_MARGIN_SECONDS, left / 2)
    report = environment.run(_send_and_relay(environment.container, _sending(), seconds))
    _log.info("webhooks: %s", report)
    return report._asdict()


def prepare(event: Mapping[str, Any], context: LambdaContext) -> None:
    """Prepare the deployment as a custom resource of the stack, on which the functions depend.

    Safe to repeat. If the time is up while the server is building indexes, the server continues,
    but the stack's update fails. Operators of large databases run `python -m gql_api.admin prepare`
    before deploying.
    """
    from gql_api import custom_resource

    with custom_resource.answering(event, resource_id="preparation"):
        if event["RequestType"] == "Delete":
            return
        environment = kept_environment()
        seconds = context.get_remaining_time_in_millis() / 1000 - custom_resource.ANSWER_SECONDS
        environment.run(_prepare(environment.container, seconds))


async def _prepare(container: Container, seconds: float) -> None:
    from gql_api import operators

    try:
        await asyncio.wait_for(container.preparation.prepare(_log.info), seconds)
    except TimeoutError as error:
        raise TimeoutError(_STILL_BUILDING) from error
    await operators.store_service(container).examine(_log.info)


@cache
def _sending() -> WebhookSending:
    """Return the service that sends webhooks. It reads the certificates of authorities once."""
    with building():
        from gql_api.webhook_builder import webhook_sending

        return webhook_sending(kept_environment(sends_webhooks=True).container)


@cache
def _asgi() -> Callable[[dict[str, Any], LambdaContext], dict[str, Any]]:
    with building():
        from mangum import Mangum

        from gql_api.http.app import create_app

        environment = Environment(one_request_at_a_time=True)
        app = create_app(environment.container)
        answer = Mangum(app, lifespan="off", text_mime_types=_TEXT_MIME_TYPES)

    def answer_and_relay(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        try:
            return answer(event, context)
        finally:
            environment.run(environment.container.finish_relay())

    return answer_and_relay


def _bad_request(message: str) -> dict[str, Any]:
    """Return a response with status 400, in the form of all other errors."""
    from gql_api.http.app import HEADERS

    error = {"message": message, "extensions": {"code": "BAD_REQUEST"}}
    return {
        "statusCode": 400,
        "headers": {**HEADERS, "Content-Type": "application/json; charset=utf-8"},
        "body": json.dumps({"errors": [error]}),
        "isBase64Encoded": False,
    }


async def _handle_storage_event(container: Container, event: Any) -> dict[str, Any]:
    """Handle a batch, or the event of a direct invocation, and return the failed messages."""

    async def handle(body: str) -> None:
        await container.storage_events.handle(json.loads(body))

    if is_batch(event):
        answer = await handle_batch(
            container.metrics, event["Records"], handle, at_once=_EVENTS_AT_ONCE
        )
    else:
        with counted(container.metrics):
            await container.storage_events.handle(event)
        answer = {"batchItemFailures": []}
    # Lambda freezes the process afterwards. With a queue on AWS, there is nothing to wait for.
    await container.reads.finish()
    await container.finish_relay()
    return answer


def _names_to_relay(event: Mapping[str, Any]) -> Sequence[UploadName]:
    """Return the uploads that the messages of a batch name."""
    names: list[UploadName] = []
    for message in event["Records"] if is_batch(event) else ():
        # Other messages only wake the function up.
        with suppress(ValueError):
            names += names_of(message["body"])
    return names


async def _send_and_relay(
    container: Container, sending: WebhookSending, seconds: float
) -> SendingReport:
    """Send what is due, and relay what changes leave in their outboxes meanwhile."""
    sent = asyncio.ensure_future(sending.send_due(seconds))
    while not sent.done():
        await asyncio.wait({sent}, timeout=_RELAY_EVERY_SECONDS)
        if not sent.done():
            # If it fails, the messages that wait name the same events.
            with suppress(Unavailable):
                await container.relay.relay_waiting()
    return sent.result()


async def _sweep(container: Container, seconds: float) -> SweepReport:
    try:
        return await container.maintenance.sweep(seconds)
    finally:
        await container.reads.finish()
        await container.finish_relay()


def _initialize() -> None:
    """Do the work of a cold start early, if AWS starts the environment before a request arrives.

    With provisioned concurrency, that is all of it. With SnapStart, many environments start from
    one snapshot, possibly days later, so it must hold no credentials, connections or random
    numbers. It holds only the imports, which are 97 % of a start's work; the objects are built
    after the environment has been restored.
    """
    if not os.environ.get("_HANDLER", "").endswith(f".{api.__name__}"):
        return
    started = os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE")
    if started == "provisioned-concurrency":
        _asgi()
    elif started == "snap-start":
        with building():
            import mangum  # noqa: F401

            import gql_api.bootstrap
            import gql_api.http.app

            if os.environ.get("OIDC_ISSUERS"):
                import gql_api.issuers  # noqa: F401


_initialize()
