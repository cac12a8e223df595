"""Builds the service's objects from its settings: the only place that creates them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime

from gql_api import logs
from gql_api.adapters.metrics import EmbeddedMetrics, RequestLog
from gql_api.adapters.mongo import api_keys, attempts, sessions, uploads, users
from gql_api.adapters.mongo.api_keys import MongoApiKeys
from gql_api.adapters.mongo.attempts import MongoAttempts
from gql_api.adapters.mongo.changes import MongoChanges
from gql_api.adapters.mongo.database import (
    Database,
    MongoCheckpoints,
    connect,
    ensure_indexes,
    guarded,
    ping,
)
from gql_api.adapters.mongo.insertions import MongoInsertions
from gql_api.adapters.mongo.listing import MongoListing
from gql_api.adapters.mongo.sessions import MongoSessions
from gql_api.adapters.mongo.uploads import MongoUploads
from gql_api.adapters.mongo.usage import MongoUsage
from gql_api.adapters.mongo.users import MongoUsers
from gql_api.adapters.passwords import Argon2Hasher
from gql_api.adapters.s3.bucket import S3Bucket
from gql_api.adapters.s3.presigner import S3Presigner
from gql_api.adapters.tokens import JwtTokens
from gql_api.domain.clock import Clock
from gql_api.domain.metrics import MetricsWriter
from gql_api.domain.policy import UploadPolicy
from gql_api.services.accounts import AccountService
from gql_api.services.api_keys import ApiKeyService
from gql_api.services.authentication import AuthenticationService
from gql_api.services.library import LibraryService
from gql_api.services.maintenance import MaintenanceService
from gql_api.services.orphans import Orphans
from gql_api.services.request_rates import RequestRates
from gql_api.services.settling import SettlingService
from gql_api.services.storage_events import StorageEventService
from gql_api.services.uploads import UploadService
from gql_api.settings import Settings

HEALTH_SECONDS = 4

_INDEXES = [module.INDEXES for module in (uploads, users, sessions, api_keys, attempts)]


def utc_now() -> datetime:
    """Return the current time, truncated to milliseconds, MongoDB's precision."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


@dataclass(frozen=True, slots=True)
class Container:
    """The services and what they share."""

    settings: Settings
    database: Database
    bucket: S3Bucket
    accounts: AccountService
    api_keys: ApiKeyService
    authentication: AuthenticationService
    uploads: UploadService
    library: LibraryService
    settling: SettlingService
    storage_events: StorageEventService
    maintenance: MaintenanceService
    metrics: MetricsWriter

    @property
    def upload_policy(self) -> UploadPolicy:
        """The limits that the operator sets for uploads."""
        return self.settings.uploads

    @property
    def refresh_ttl_seconds(self) -> int:
        """How long a refresh token lives without use."""
        return self.settings.sessions.refresh_ttl_seconds

    @property
    def cookie_secure(self) -> bool:
        """Whether browsers send the cookie over HTTPS only."""
        return self.settings.cookie_secure

    async def ensure_indexes(self) -> None:
        """Create missing indexes."""
        await ensure_indexes(self.database, *_INDEXES)

    async def health(self) -> dict[str, bool]:
        """Return whether the database and the storage respond within four seconds each."""

        async def works(ping: Awaitable[None]) -> bool:
            try:
                async with asyncio.timeout(HEALTH_SECONDS):
                    await ping
            except Exception:
                return False
            return True

        parts = {"database": ping(self.database), "storage": self.bucket.ping()}
        return dict(zip(parts, await asyncio.gather(*map(works, parts.values())), strict=True))

    async def close(self) -> None:
        """Close connections and stop threads."""
        await self.bucket.close()
        await self.database.client.close()


def build(settings: Settings, clock: Clock = utc_now) -> Container:
    """Build the services. Connections are opened on first use."""
    logs.configure()
    metrics = (
        EmbeddedMetrics(namespace) if (namespace := settings.metrics_namespace) else RequestLog()
    )
    database = connect(settings.db_url, settings.db_name)
    policy = settings.uploads
    bucket = _bucket(settings)
    presigner = S3Presigner(
        access_key_id=settings.aws.access_key_id,
        secret_access_key=settings.aws.secret_access_key,
        session_token=settings.aws.session_token,
        credentials_expire_at=settings.aws.expires_at,
        region=settings.aws_region,
        bucket=settings.s3_bucket,
        endpoint_url=settings.s3_public_endpoint_url or settings.s3_endpoint_url,
    )
    usage = MongoUsage(database)
    upload_store = guarded(MongoUploads(database, MongoChanges(database), usage))
    session_store = guarded(MongoSessions(database))
    api_key_store = guarded(MongoApiKeys(database))
    attempt_store = guarded(MongoAttempts(database))
    tokens = JwtTokens(keys=settings.jwt_keys, algorithm=settings.algorithm)
    checkpoints = guarded(MongoCheckpoints(database))
    settling = SettlingService(
        uploads=upload_store, bucket=bucket, clock=clock, policy=policy, metrics=metrics
    )
    return Container(
        settings=settings,
        database=database,
        bucket=bucket,
        accounts=AccountService(
            users=guarded(MongoUsers(database)),
            sessions=session_store,
            attempts=attempt_store,
            hasher=Argon2Hasher(),
            tokens=tokens,
            clock=clock,
            policy=settings.sessions,
        ),
        api_keys=ApiKeyService(api_keys=api_key_store, clock=clock),
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
            presigner=presigner,
            settling=settling,
            clock=clock,
            policy=policy,
            metrics=metrics,
        ),
        library=LibraryService(
            uploads=upload_store,
            listing=guarded(MongoListing(database, usage)),
            presigner=presigner,
            settling=settling,
            clock=clock,
            policy=policy,
        ),
        settling=settling,
        storage_events=StorageEventService(
            settling=settling, bucket_name=settings.s3_bucket, key_prefix=policy.key_prefix
        ),
        maintenance=MaintenanceService(
            uploads=upload_store,
            usage=guarded(usage),
            orphans=Orphans(
                uploads=upload_store,
                bucket=bucket,
                checkpoints=checkpoints,
                clock=clock,
                policy=policy,
            ),
            checkpoints=checkpoints,
            settling=settling,
            clock=clock,
            metrics=metrics,
        ),
        metrics=metrics,
    )


def _bucket(settings: Settings) -> S3Bucket:
    return S3Bucket(
        bucket=settings.s3_bucket,
        region=settings.aws_region,
        endpoint_url=settings.s3_endpoint_url,
        access_key_id=settings.aws.access_key_id,
        secret_access_key=settings.aws.secret_access_key,
        session_token=settings.aws.session_token,
    )
