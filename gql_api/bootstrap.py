"""Builds the service's objects from its settings; `operators` builds what only operators use."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from gql_api import logs
from gql_api.adapters.media_queues import HttpMediaQueue, SqsMediaQueue
from gql_api.adapters.metrics import EmbeddedMetrics, RequestLog
from gql_api.adapters.mongo.api_keys import MongoApiKeys
from gql_api.adapters.mongo.attempts import MongoAttempts
from gql_api.adapters.mongo.blocking_client import connect_blocking
from gql_api.adapters.mongo.changes import MongoChanges
from gql_api.adapters.mongo.database import (
    MongoCheckpoints,
    connect,
    guarded,
)
from gql_api.adapters.mongo.deployment import MongoDeployments
from gql_api.adapters.mongo.insertions import MongoInsertions
from gql_api.adapters.mongo.listing import MongoListing
from gql_api.adapters.mongo.schema import MongoSchema
from gql_api.adapters.mongo.sessions import MongoSessions
from gql_api.adapters.mongo.unknown import MongoUnknownObjects
from gql_api.adapters.mongo.uploads import MongoUploads
from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.adapters.mongo.users import MongoUsers
from gql_api.adapters.passwords import Argon2Hasher
from gql_api.adapters.read_queues import InProcessReadQueue, SqsReadQueue
from gql_api.adapters.s3.bucket import S3Bucket
from gql_api.adapters.s3.client import Session, make_sqs_client, session
from gql_api.adapters.s3.credentials import (
    ContainerCredentials,
    Credentials,
    CredentialsSource,
    FixedCredentials,
)
from gql_api.adapters.s3.presigner import S3Presigner
from gql_api.adapters.tokens import JwtTokens
from gql_api.container import Container
from gql_api.domain.clock import Clock
from gql_api.domain.media_queue import MediaQueue, NoMediaQueue
from gql_api.domain.processing import MediaRequest
from gql_api.domain.read_queue import ReadQueue
from gql_api.services.accounts import AccountService
from gql_api.services.api_keys import ApiKeyService
from gql_api.services.authentication import AuthenticationService
from gql_api.services.deployment import DeploymentService
from gql_api.services.derived_orphans import DerivedOrphans
from gql_api.services.due_uploads import DueUploads
from gql_api.services.library import LibraryService
from gql_api.services.maintenance import MaintenanceService
from gql_api.services.media import MediaService
from gql_api.services.orphans import Orphans
from gql_api.services.password_check import PasswordCheck
from gql_api.services.preparation import PreparationService
from gql_api.services.read_backs import ReadBackService
from gql_api.services.request_rates import RequestRates
from gql_api.services.sessions import SessionService
from gql_api.services.settling import SettlingService
from gql_api.services.storage_events import StorageEventService
from gql_api.services.throttle import Throttle
from gql_api.services.trash import TrashService
from gql_api.services.unknown_objects import UnknownObjectService
from gql_api.services.uploads import UploadService
from gql_api.settings import AwsCredentials, Settings


def utc_now() -> datetime:
    """Return the current time, truncated to milliseconds, MongoDB's precision."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def build(
    settings: Settings, clock: Clock = utc_now, *, one_request_at_a_time: bool = False
) -> Container:
    """Build the services. Connections are opened on first use.

    With `one_request_at_a_time`, calls to the database take less processor time, but block the
    event loop.
    """
    logs.configure()
    metrics = (
        EmbeddedMetrics(namespace) if (namespace := settings.metrics_namespace) else RequestLog()
    )
    connect_to = connect_blocking if one_request_at_a_time else connect
    database = connect_to(settings.db_url, settings.db_name)
    policy = settings.uploads
    own_signer = presigner(settings, settings.s3_endpoint_url)
    bucket = _bucket(settings, own_signer)
    public = settings.s3_public_endpoint_url
    signer = own_signer if public is None else presigner(settings, public)
    usage = MongoUsage(database)
    upload_store = guarded(MongoUploads(database, MongoChanges(database), usage))
    session_store = guarded(MongoSessions(database))
    api_key_store = guarded(MongoApiKeys(database))
    attempt_store = guarded(MongoAttempts(database))
    users, hasher = guarded(MongoUsers(database)), Argon2Hasher()
    throttle = Throttle(attempt_store)
    passwords = PasswordCheck(users=users, hasher=hasher, throttle=throttle)
    tokens = JwtTokens(keys=settings.jwt_keys, algorithm=settings.algorithm)
    sessions = SessionService(
        store=session_store, tokens=tokens, clock=clock, policy=settings.sessions
    )
    checkpoints = guarded(MongoCheckpoints(database))
    deployments = guarded(MongoDeployments(database))
    unknown_objects = guarded(MongoUnknownObjects(database))
    deployment = DeploymentService(
        deployments=deployments,
        unknown_objects=unknown_objects,
        bucket=bucket,
        key_prefix=policy.key_prefix,
    )
    settling = SettlingService(
        uploads=upload_store,
        bucket=bucket,
        deployment=deployment,
        clock=clock,
        policy=policy,
        metrics=metrics,
    )
    unknown = UnknownObjectService(
        notes=unknown_objects,
        uploads=upload_store,
        bucket=bucket,
        deployment=deployment,
        clock=clock,
        policy=policy,
        metrics=metrics,
    )
    media_queue = _media_queue(
        settings,
        collect=lambda request: media.collect(request),
        give_up=lambda request, why: media.give_up(request, why),
    )
    media = MediaService(
        uploads=upload_store,
        bucket=bucket,
        queue=media_queue,
        settling=settling,
        deployment=deployment,
        clock=clock,
        policy=policy,
        metrics=metrics,
    )
    read_backs = ReadBackService(settling=settling, media=media, key_prefix=policy.key_prefix)
    reads = _read_queue(settings, read_backs)
    return Container(
        settings=settings,
        database=database,
        bucket=bucket,
        deployment=deployment,
        # Not guarded: an operator sees the driver's errors, which say more than `Unavailable`.
        preparation=PreparationService(
            schema=MongoSchema(database),
            deployments=MongoDeployments(database),
            deployment=deployment,
        ),
        accounts=AccountService(
            users=users,
            session_store=session_store,
            sessions=sessions,
            throttle=throttle,
            passwords=passwords,
            hasher=hasher,
            clock=clock,
            sign_up_open=settings.sign_up_open,
        ),
        sessions=sessions,
        api_keys=ApiKeyService(api_keys=api_key_store, passwords=passwords, clock=clock),
        authentication=AuthenticationService(
            sessions=session_store,
            api_keys=api_key_store,
            tokens=tokens,
            clock=clock,
            rates=RequestRates(
                counters=attempt_store, clock=clock, per_minute=settings.user_requests_per_minute
            ),
        ),
        uploads=UploadService(
            uploads=upload_store,
            insertions=guarded(MongoInsertions(database, usage)),
            bucket=bucket,
            presigner=signer,
            settling=settling,
            deployment=deployment,
            clock=clock,
            policy=policy,
            # SQS would cost the API an import of boto3 and a call, and events on AWS are quick.
            media=media if settings.media_worker_url is not None else None,
            metrics=metrics,
        ),
        library=LibraryService(
            uploads=upload_store,
            listing=guarded(MongoListing(database, usage)),
            presigner=signer,
            settling=settling,
            clock=clock,
            policy=policy,
        ),
        trash=TrashService(uploads=upload_store, clock=clock, policy=policy),
        settling=settling,
        storage_events=StorageEventService(
            settling=settling,
            reads=reads,
            media=media,
            bucket_name=settings.s3_bucket,
            policy=policy,
        ),
        read_backs=read_backs,
        reads=reads,
        media=media,
        media_queue=media_queue,
        unknown=unknown,
        maintenance=MaintenanceService(
            due=DueUploads(
                uploads=upload_store,
                settling=settling,
                media=media,
                reads=reads,
                deployment=deployment,
                clock=clock,
                policy=policy,
            ),
            usage=guarded(usage),
            orphans=Orphans(
                uploads=upload_store,
                bucket=bucket,
                checkpoints=checkpoints,
                deployment=deployment,
                unknown=unknown,
                clock=clock,
                policy=policy,
            ),
            derived=DerivedOrphans(
                uploads=upload_store,
                bucket=bucket,
                checkpoints=checkpoints,
                deployment=deployment,
                unknown=unknown,
                clock=clock,
                policy=policy,
            ),
            unknown=unknown,
            checkpoints=checkpoints,
            clock=clock,
            metrics=metrics,
        ),
        metrics=metrics,
    )


def _read_queue(settings: Settings, read_backs: ReadBackService) -> ReadQueue:
    if settings.checksum_queue_url is None:
        return InProcessReadQueue(read_backs.read)
    credentials = aws_session(settings)
    return SqsReadQueue(lambda: make_sqs_client(credentials), settings.checksum_queue_url)


def _media_queue(
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
        credentials = aws_session(settings)
        return SqsMediaQueue(lambda: make_sqs_client(credentials), settings.media_queue_url)
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


def _bucket(settings: Settings, signer: S3Presigner) -> S3Bucket:
    return S3Bucket(
        bucket=settings.s3_bucket,
        endpoint_url=settings.s3_endpoint_url,
        session=aws_session(settings),
        signer=signer,
    )
