"""Builds what only operators use, so that functions on Lambda need not import it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from gql_api.adapters.mongo.account_records import MongoAccountRecords
from gql_api.adapters.mongo.api_keys import MongoApiKeys
from gql_api.adapters.mongo.database import guarded
from gql_api.adapters.mongo.deliveries import MongoDeliveries
from gql_api.adapters.mongo.deployment import MongoDeployments
from gql_api.adapters.mongo.operator_keys import MongoOperatorKeys
from gql_api.adapters.mongo.reports import MongoReports
from gql_api.adapters.mongo.reprocessing import MongoProcessingRecords
from gql_api.adapters.mongo.sessions import MongoSessions
from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.adapters.mongo.webhooks import MongoWebhooks
from gql_api.adapters.passwords import Argon2Hasher
from gql_api.adapters.s3.dead_letters import SqsDeadLetters
from gql_api.adapters.s3.probe import S3StoreProbe
from gql_api.bootstrap import utc_now
from gql_api.connections import presigner, sqs_client
from gql_api.container import Container
from gql_api.domain.clock import Clock
from gql_api.domain.dead_letters import DeadLetters
from gql_api.domain.store_probe import StoreProblem as StoreProblem  # For `store_service`.
from gql_api.services.administration import AdministrationService
from gql_api.services.operator_keys import OperatorKeyService
from gql_api.services.reprocessing import ReprocessingService
from gql_api.services.stores import StoreService
from gql_api.services.stuck_uploads import StuckUploads
from gql_api.services.webhook_administration import WebhookAdministration
from gql_api.settings import Settings
from gql_api.webhook_builder import webhook_sender


@dataclass(frozen=True, slots=True)
class Administration:
    """What only operators use, in addition to the services."""

    accounts: AdministrationService
    stuck_uploads: StuckUploads
    reprocessing: ReprocessingService
    webhooks: WebhookAdministration
    dead_letters: Callable[[str], DeadLetters]
    """Returns the dead-letter queue with this URL."""


def store_service(container: Container) -> StoreService:
    """Build the service that probes the store.

    The probe uses the service's own endpoint, and this machine's clock.
    """
    settings = container.settings
    return StoreService(
        probe=S3StoreProbe(
            bucket=container.bucket,
            presigner=presigner(settings, settings.s3_endpoint_url),
            clock=utc_now,
        ),
        deployments=guarded(MongoDeployments(container.database)),
        deployment=container.deployment,
        policy=settings.uploads,
    )


def administration(container: Container, clock: Clock = utc_now) -> Administration:
    """Build the services that only operators use."""
    database = container.database
    reports = guarded(MongoReports(database))
    return Administration(
        accounts=AdministrationService(
            accounts=guarded(MongoAccountRecords(database)),
            sessions=guarded(MongoSessions(database)),
            api_keys=guarded(MongoApiKeys(database)),
            uploads=reports,
            usage=guarded(MongoUsage(database)),
            settling=container.settling,
            hasher=Argon2Hasher(),
            clock=clock,
        ),
        stuck_uploads=StuckUploads(
            uploads=reports, bucket=container.bucket, settling=container.settling, clock=clock
        ),
        reprocessing=ReprocessingService(
            records=guarded(MongoProcessingRecords(database)), clock=clock
        ),
        webhooks=WebhookAdministration(
            webhooks=guarded(MongoWebhooks(database)),
            deliveries=guarded(MongoDeliveries(database)),
            sender=webhook_sender(container.settings),
            wake_ups=container.webhook_wake_ups,
            clock=clock,
            allowed_hosts=container.settings.webhook_allowed_hosts,
        ),
        dead_letters=partial(_dead_letters, container.settings),
    )


def operator_keys(container: Container, clock: Clock = utc_now) -> OperatorKeyService:
    """Build the service that manages the keys with which backends act for users."""
    return OperatorKeyService(
        keys=guarded(MongoOperatorKeys(container.database)),
        issuers=container.settings.oidc_issuers,
        clock=clock,
    )


def _dead_letters(settings: Settings, url: str) -> DeadLetters:
    return SqsDeadLetters(partial(sqs_client, settings), url)
