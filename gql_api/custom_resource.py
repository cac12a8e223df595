"""Answers AWS CloudFormation for a custom resource that a Lambda function implements.

CloudFormation waits for one answer, sent by PUT to the URL in its request ("Custom resource request
and response reference", AWS CloudFormation User Guide). Without it, a stack waits for an hour.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen

_log = logging.getLogger(__name__)

_ATTEMPTS = 3
_TIMEOUT_SECONDS = 5
# How much of the invocation's time the answer may take.
ANSWER_SECONDS = _ATTEMPTS * (_TIMEOUT_SECONDS + 1)
_REASON_MAX_CHARACTERS = 1000  # An answer may have 4,096 bytes.


@contextmanager
def answering(event: Mapping[str, Any], resource_id: str) -> Iterator[None]:
    """Answer the request: SUCCESS if the block succeeds, FAILED with the reason if it raises.

    The error is logged and not raised again, because Lambda would repeat a failed invocation.
    `resource_id` must never change, so that no update replaces the resource.
    """
    status, reason = "SUCCESS", ""
    try:
        yield
    except Exception as error:
        _log.exception("The request %s of the stack failed.", event["RequestType"])
        status, reason = "FAILED", str(error) or type(error).__name__
    _send(
        event["ResponseURL"],
        {
            "Status": status,
            "Reason": reason[:_REASON_MAX_CHARACTERS],
            "PhysicalResourceId": resource_id,
            "StackId": event["StackId"],
            "RequestId": event["RequestId"],
            "LogicalResourceId": event["LogicalResourceId"],
        },
    )


def _send(url: str, answer: Mapping[str, str]) -> None:
    """Send the answer. The URL is signed without a content type, and must not be logged."""
    body = json.dumps(answer).encode()
    for attempts_left in reversed(range(_ATTEMPTS)):
        request = Request(url, body, {"Content-Type": ""}, method="PUT")  # noqa: S310
        try:
            with urlopen(request, timeout=_TIMEOUT_SECONDS):  # noqa: S310  # nosec B310
                return
        except OSError:
            if not attempts_left:
                raise
            time.sleep(1)
