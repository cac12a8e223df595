"""Handles batches of SQS messages that invoke a Lambda function."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from gql_api.domain.metrics import EVENTS_FAILED, EVENTS_HANDLED, Metrics

_log = logging.getLogger(__name__)


@contextmanager
def counted(metrics: Metrics) -> Iterator[None]:
    """Count an event by its result."""
    try:
        yield
    except Exception:
        metrics.count(EVENTS_FAILED)
        raise
    metrics.count(EVENTS_HANDLED)


async def handle_batch(
    metrics: Metrics,
    messages: Sequence[Mapping[str, Any]],
    handle: Callable[[str], Awaitable[None]],
    *,
    at_once: int,
) -> dict[str, Any]:
    """Pass each message's body to `handle`, and return the ids of the messages that failed.

    Handles `at_once` messages concurrently, counts them, and logs every failure. The result tells
    SQS to deliver only the failed messages again ("Implementing partial batch responses", Lambda
    Developer Guide).
    """
    limit = asyncio.Semaphore(at_once)

    async def fails(message: Mapping[str, Any]) -> bool:
        async with limit:
            try:
                with counted(metrics):
                    await handle(message["body"])
            except Exception:
                _log.exception("Handling the message %s failed.", message["messageId"])
                return True
        return False

    failures = await asyncio.gather(*map(fails, messages))
    return {
        "batchItemFailures": [
            {"itemIdentifier": message["messageId"]}
            for message, failed in zip(messages, failures, strict=True)
            if failed
        ]
    }


def is_batch(event: Any) -> bool:
    """Return whether the event is a batch of SQS messages."""
    match event:
        case {"Records": [{"eventSource": "aws:sqs"}, *_]}:
            return True
    return False
