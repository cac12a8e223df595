"""The media function: derives facts and renditions from uploaded files.

On AWS, `handler` is its entry point. Elsewhere, `python -m gql_api.media_worker` serves it on
MEDIA_WORKER_URL, for the service with the same MEDIA_WORKER_TOKEN.

It decodes bytes that anyone may have sent, so it must not know the database or a signing key: it
refuses to start with them. The decoders run in processes of their own, which know nothing at all.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from gql_api import logs
from gql_api.adapters.media.decoding import decode
from gql_api.adapters.s3.client import session
from gql_api.adapters.s3.media_objects import S3MediaObjects
from gql_api.domain.metrics import NoMetrics
from gql_api.domain.processing import request_of
from gql_api.environment import SettingsError
from gql_api.services.derivation import Derivation
from gql_api.sqs_batches import handle_batch
from gql_api.worker_settings import WorkerSettings, read_worker_settings

if TYPE_CHECKING:
    from mangum.types import LambdaContext


def build(settings: WorkerSettings) -> Derivation:
    """Build what the media function keeps between invocations."""
    logs.configure()
    aws = settings.aws
    credentials = session(
        settings.aws_region,
        *(aws.access_key_id or None, aws.secret_access_key or None, aws.session_token),
    )
    objects = S3MediaObjects(
        bucket=settings.s3_bucket, endpoint_url=settings.s3_endpoint_url, session=credentials
    )
    return Derivation(
        objects=objects,
        decode=decode,
        key_prefix=settings.key_prefix,
        renditions_prefix=settings.renditions_prefix,
    )


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Process the objects that an SQS batch names; returns the ids of the failed messages.

    The batch should have one message: a file may need most of the invocation's time. SQS delivers a
    failed message again, and moves it to the dead-letter queue after the third attempt.

    Raises:
        SettingsError: a setting is missing, invalid or forbidden. SQS delivers the batch again.
    """
    derivation = _derivation()

    async def derive(message: str) -> None:
        derivation.derive(request_of(message))

    return asyncio.run(handle_batch(NoMetrics(), event["Records"], derive, at_once=1))


@cache
def _derivation() -> Derivation:
    return build(read_worker_settings(os.environ))


def main() -> int:
    """Serve the media function until SIGTERM, and return the exit status."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    from gql_api import media_server

    try:
        settings = read_worker_settings(os.environ, serves=True)
        media_server.serve(build(settings).derive, settings.url or "", settings.token or "")
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
