"""Builds the service's objects from its settings; `operators` builds what only operators use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gql_api import connections, logs
from gql_api.adapters.metrics import EmbeddedMetrics, RequestLog
from gql_api.adapters.mongo.api_keys import MongoApiKeys
from gql_api.adapters.mongo.attempts import MongoAttempts
from gql_api.adapters.mongo.blocking_client import connect_blocking
from gql_api.adapters.mongo.change_feed import MongoChangeFeed
from gql_api.adapters.mongo.changes import MongoChanges
from gql_api.adapters.mongo.database import (
    Database,
    MongoCheckpoints,
    connect,
    guarded,
)
from gql_api.adapters.mongo.deliveries import MongoDeliveries
from gql_api.adapters.mongo.deployment import MongoDeployments
from gql_api.adapters.mongo.external_users import MongoExternalUsers
from gql_api.adapters.mongo.insertions import MongoInsertions
from gql_api.adapters.mongo.listing import MongoListing
from gql_api.adapters.mongo.operator_keys import MongoOperatorKeys
from gql_api.adapters.mongo.outbox import MongoOutbox
from gql_api.adapters.mongo.schema import MongoSchema
from gql_api.adapters.mongo.sessions import MongoSessions
from gql_api.adapters.mongo.unknown import MongoUnknownObjects
from gql_api.adapters.mongo.uploads import MongoUploads
from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.adapters.mongo.users import MongoUsers
from gql_api.adapters.mongo.versions import Versions
from gql_api.adapters.mongo.webhooks import MongoExternalIds, MongoWebhooks
from gql_api.adapters.passwords import Argon2Hasher
from gql_api.adapters.tokens import JwtTokens
from gql_api.container import Container
from gql_api.domain.clock import Clock
from gql_api.domain.clock import utc_now as utc_now
from gql_api.domain.upload_events import EventSink
from gql_api.services.accounts import AccountService
from gql_api.services.acting import ActingService
from gql_api.services.api_keys import ApiKeyService
from gql_api.services.authentication import AuthenticationService
from gql_api.services.deployment import DeploymentService
from gql_api.services.derived_orphans import DerivedOrphans
from gql_api.services.due_uploads import DueUploads
from gql_api.services.external_users import ExternalUsers
from gql_api.services.library import LibraryService
from gql_api.services.maintenance import MaintenanceService
from gql_api.services.media import MediaService
from gql_api.services.orphans import Orphans
from gql_api.services.password_check import PasswordCheck
from gql_api.services.preparation import PreparationService
from gql_api.services.read_backs import ReadBackService
from gql_api.services.relaying import (
    CachedSwitch,
    RelayService,
    SwitchedQueue,
    always_wanted,
    relayed,
)
from gql_api.services.request_rates import RequestRates
from gql_api.services.sessions import SessionService
from gql_api.services.settling import SettlingService
from gql_api.services.storage_events import StorageEventService
from gql_api.services.throttle import Throttle
from gql_api.services.trash import TrashService
from gql_api.services.unknown_objects import UnknownObjectService
from gql_api.services.uploads import UploadService
from gql_api.services.webhooks import WebhookEvents
from gql_api.settings import Settings

if TYPE_CHECKING:
    from gql_api.services.external_sign_ins import ExternalSignIns


def build(
    settings: Settings,
    clock: Clock = utc_now,
    *,
    one_request_at_a_time: bool = False,
    sink: EventSink | None = None,
) -> Container:
    """Build the services. Connections are opened on first use.

    With `one_request_at_a_time`, calls to the database take less processor time, but block the
    event loop. A `sink` gets all events, instead of the webhooks.
    """
    logs.configure()
    metrics = (
        EmbeddedMetrics(namespace) if (namespace := settings.metrics_namespace) else RequestLog()
    )
    connect_to = connect_blocking if one_request_at_a_time else connect
    database = connect_to(settings.db_url, settings.db_name)
    policy = settings.uploads
    own_signer = connections.presigner(settings, settings.s3_endpoint_url)
    bucket = connections.bucket(settings, own_signer)
    public = settings.s3_public_endpoint_url
    signer = own_signer if public is None else connections.presigner(settings, public)
    usage = MongoUsage(database)
    wake_ups = connections.wake_ups(settings)
    webhook_events = WebhookEvents(
        webhooks=guarded(MongoWebhooks(database)),
        deliveries=guarded(MongoDeliveries(database)),
        external_ids=guarded(MongoExternalIds(database)),
        wake_ups=wake_ups,
        clock=clock,
    )
    relay = RelayService(
        outbox=guarded(MongoOutbox(database)), sink=sink or webhook_events, clock=clock
    )
    wants_events = always_wanted if sink else CachedSwitch(webhook_events.wanted)
    relay_queue = SwitchedQueue(connections.relay_queue(settings, relay), wants_events)
    versions = Versions(clock, wants_events)
    upload_store = relayed(
        guarded(MongoUploads(database, MongoChanges(database), usage, versions)),
        relay_queue,
        # The API on AWS, which would have to wait for a message to be sent.
        leaves_stored=one_request_at_a_time,
    )
    session_store = guarded(MongoSessions(database))
    api_key_store = guarded(MongoApiKeys(database))
    attempt_store = guarded(MongoAttempts(database))
    users, hasher = guarded(MongoUsers(database)), Argon2Hasher()
    throttle = Throttle(attempt_store)
    passwords = PasswordCheck(
        users=users, hasher=hasher, throttle=throttle, enabled=settings.passwords
    )
    external_users = ExternalUsers(guarded(MongoExternalUsers(database)))
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
    media_queue = connections.media_queue(
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
    reads = connections.read_queue(settings, read_backs)
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
            acting=ActingService(keys=guarded(MongoOperatorKeys(database)), users=external_users),
            external=_external_sign_ins(settings, database, external_users, clock),
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
        changes=guarded(MongoChangeFeed(database)),
        trash=TrashService(uploads=upload_store, clock=clock, policy=policy),
        settling=settling,
        storage_events=StorageEventService(
            settling=settling,
            reads=reads,
            media=media,
            bucket_name=settings.s3_bucket,
            policy=policy,
            relay_queue=relay_queue,
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
            relay=relay,
            clock=clock,
            metrics=metrics,
        ),
        relay=relay,
        relay_queue=relay_queue,
        webhook_events=webhook_events,
        webhook_wake_ups=wake_ups,
        metrics=metrics,
    )


def _external_sign_ins(
    settings: Settings, database: Database, users: ExternalUsers, clock: Clock
) -> ExternalSignIns | None:
    if not settings.oidc_issuers:
        return None  # Without importing what reads the tokens of issuers.
    from gql_api.issuers import external_sign_ins

    return external_sign_ins(settings, database, users, clock)
