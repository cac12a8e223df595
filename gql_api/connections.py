"""Builds what connects to the queues and to the bucket, from the settings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from gql_api.adapters.media_queues import HttpMediaQueue, SqsMediaQueue
from gql_api.adapters.read_queues import InProcessReadQueue, SqsReadQueue
from gql_api.adapters.relay_queues import InProcessRelayQueue, SqsRelayQueue
from gql_api.adapters.s3.bucket import S3Bucket
from gql_api.adapters.s3.client import Session, make_sqs_client, session
from gql_api.adapters.s3.credentials import (
    ContainerCredentials,
    Credentials,
    CredentialsSource,
    FixedCredentials,
)
from gql_api.adapters.s3.presigner import S3Presigner
from gql_api.adapters.webhook_queues import InProcessWakeUps, SqsWakeUps
from gql_api.domain.media_queue import MediaQueue, NoMediaQueue
from gql_api.domain.outbox import RelayQueue
from gql_api.domain.processing import MediaRequest
from gql_api.domain.read_queue import ReadQueue
from gql_api.domain.webhook_sending import WakeUps
from gql_api.services.read_backs import ReadBackService
from gql_api.services.relaying import RelayService
from gql_api.settings import AwsCredentials, Settings


def relay_queue(settings: Settings, relay: RelayService) -> RelayQueue:
    """Return the queue of what is relayed: on AWS, the function for webhooks does it."""
    if settings.webhook_queue_url is None:
        return InProcessRelayQueue(relay.relay)
    return SqsRelayQueue(partial(sqs_client, settings), settings.webhook_queue_url)


def wake_ups(settings: Settings) -> WakeUps:
    """Return what wakes the senders of webhooks: a message on AWS."""
    if settings.webhook_queue_url is None:
        return InProcessWakeUps()
    return SqsWakeUps(partial(sqs_client, settings), settings.webhook_queue_url)


def read_queue(settings: Settings, read_backs: ReadBackService) -> ReadQueue:
    """Return the queue of objects whose checksums are computed by reading them."""
    if settings.checksum_queue_url is None:
        return InProcessReadQueue(read_backs.read)
    return SqsReadQueue(partial(sqs_client, settings), settings.checksum_queue_url)


def media_queue(
    settings: Settings,
    *,
    collect: Callable[[MediaRequest], Awaitable[None]],
    give_up: Callable[[MediaRequest, str], Awaitable[None]],
) -> MediaQueue:
    """Return the queue of the media function.

    A queue in this process calls `collect` after each success, and `give_up` after the last failed
    attempt. On AWS, events and the function `media_failures` do that.
    """
    if settings.media_queue_url is not None:
        return SqsMediaQueue(partial(sqs_client, settings), settings.media_queue_url)
    if settings.media_worker_url is not None and settings.media_worker_token is not None:
        return HttpMediaQueue(
            settings.media_worker_url,
            settings.media_worker_token,
            collect=collect,
            give_up=give_up,
        )
    return NoMediaQueue()


def presigner(settings: Settings, endpoint_url: str | None) -> S3Presigner:
    """Return a signer of requests to the store at `endpoint_url`, or to AWS without one."""
    return S3Presigner(
        credentials=_credentials(settings.aws),
        session_token_seconds=settings.aws.session_token_seconds,
        region=settings.aws_region,
        bucket=settings.s3_bucket,
        endpoint_url=endpoint_url,
    )


def _credentials(aws: AwsCredentials) -> CredentialsSource:
    """Return the source of the credentials that sign URLs."""
    if aws.provider is not None:
        provider = aws.provider
        return ContainerCredentials(provider.url, provider.token, provider.token_file)
    return FixedCredentials(
        Credentials(aws.access_key_id, aws.secret_access_key, aws.session_token, aws.expires_at)
    )


def aws_session(settings: Settings) -> Session:
    """Return boto3's credentials. boto3 itself finds a container credentials provider."""
    aws = settings.aws
    if aws.provider is not None:
        return session(settings.aws_region, None, None)
    return session(settings.aws_region, aws.access_key_id, aws.secret_access_key, aws.session_token)


def sqs_client(settings: Settings) -> Any:
    """Return a client of SQS; the first one imports boto3."""
    return make_sqs_client(aws_session(settings))


def bucket(settings: Settings, signer: S3Presigner) -> S3Bucket:
    """Return the bucket; `signer` signs the requests that boto3 does not make."""
    return S3Bucket(
        bucket=settings.s3_bucket,
        endpoint_url=settings.s3_endpoint_url,
        session=aws_session(settings),
        signer=signer,
    )
