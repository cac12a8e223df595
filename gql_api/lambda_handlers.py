"""The entry points on AWS Lambda: `api`, `storage_events` and `maintenance` (see template.yaml).

Settings come from the environment. Lambda sets `AWS_DEFAULT_REGION` and the role's credentials by
itself ("Using Lambda environment variables", Lambda Developer Guide).

Everything is built at the first call, and kept for the later ones of the same execution
environment, on one event loop: Mangum runs the app on the current loop of the thread, and a MongoDB
client works on the loop of its first operation only. So nothing here may call `asyncio.run`, which
takes the current loop away. Each function imports only what it needs: GraphQL is for `api` alone.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from gql_api.domain.deadline import REQUEST_SECONDS, time_limit
from gql_api.settings import read_settings

if TYPE_CHECKING:
    from mangum import Mangum
    from mangum.types import LambdaContext

    from gql_api.bootstrap import Container

T = TypeVar("T")
_log = logging.getLogger(__name__)

# How long a call may wait for the indexes; what it does next may take some seconds as well.
_PREPARE_SECONDS = 3

# What is answered as text; all else is sent as Base64.
_TEXT_MIME_TYPES = ["text/", "application/json", "application/graphql-response+json"]


def api(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer a request of an API Gateway HTTP API, payload format 2.0.

    Raises:
        SettingsError: if the environment is not usable; API Gateway makes a 500 of it.
    """
    # Inside, the app sets the same limit again, which then ends no later than this one.
    with time_limit(REQUEST_SECONDS):
        _environment().prepare()
        return _asgi()(event, context)


def storage_events(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Settle what the messages of an SQS batch say was created in the bucket.

    Returns the ids of the messages that could not be handled: SQS delivers just these again, and
    after some times moves them to the dead-letter queue ("Implementing partial batch responses",
    Lambda Developer Guide). A message that is no JSON object takes the same way: it will not get
    better, but S3 never sends one, so whoever did should hear of it from the queue's alarm. The
    `s3:TestEvent` that S3 sends when it is subscribed names no object and is simply done.

    Raises:
        SettingsError: if the environment is not usable; SQS delivers the batch again.
    """
    environment = _environment()
    environment.prepare()
    failed = environment.run(_handle_messages(environment.container, event["Records"]))
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def maintenance(event: Mapping[str, Any], context: LambdaContext) -> dict[str, int]:
    """Run the sweep, which does a bounded amount of work; return what it counted.

    Raises:
        SettingsError: if the environment is not usable.
    """
    environment = _environment()
    environment.prepare()
    report = environment.run(environment.container.maintenance.sweep())
    _log.info("sweep: %s", report)
    return asdict(report)


class _Environment:
    """What an execution environment keeps from call to call."""

    def __init__(self) -> None:
        from gql_api.bootstrap import build

        self.container: Container = build(read_settings(os.environ))
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._has_indexes = False

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`, run on the loop of this environment."""
        return self._loop.run_until_complete(work)

    def prepare(self) -> None:
        """Create the indexes that are missing, once; usernames are unique by an index alone.

        A failure is only logged: if the database can't be reached, /health has to say so, and the
        next call tries again.
        """
        if self._has_indexes:
            return
        try:
            self.run(asyncio.wait_for(self.container.ensure_indexes(), _PREPARE_SECONDS))
        except Exception:
            _log.exception("The indexes could not be created.")
        else:
            self._has_indexes = True


@contextmanager
def _building() -> Iterator[None]:
    """Without garbage collection: what is imported and built stays, and looking for garbage in it
    takes a twelfth of a cold start. Later collections leave it out as well."""
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
    """The ids of the messages that failed."""
    handled = await asyncio.gather(*(_handle_message(container, message) for message in messages))
    return [
        message["messageId"] for message, good in zip(messages, handled, strict=True) if not good
    ]


async def _handle_message(container: Container, message: dict[str, Any]) -> bool:
    """Whether the message is done with. Failures of every kind go back to the queue."""
    try:
        await container.storage_events.handle(_document(message["body"]))
    except Exception:
        _log.exception("The message %s was not handled.", message["messageId"])
        return False
    return True


def _document(body: str) -> Mapping[str, Any]:
    """The S3 event document in the body of a message; ValueError if there is none."""
    document = json.loads(body)
    if not isinstance(document, dict):
        raise ValueError("The body of the message is not a JSON object.")
    return document
