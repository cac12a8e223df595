"""Builds the objects of the service from its settings: the only place where they are made."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime

from gql_api import logs
from gql_api.adapters import (
    mongo,
    mongo_api_keys,
    mongo_attempts,
    mongo_sessions,
    mongo_uploads,
    mongo_users,
)
from gql_api.adapters.jwt_tokens import JwtTokens
from gql_api.adapters.mongo_usage import MongoUsage
from gql_api.adapters.passwords import Argon2Hasher
from gql_api.adapters.s3_bucket import S3Bucket
from gql_api.adapters.s3_presigner import S3Presigner
from gql_api.domain.ports import Clock
from gql_api.services.accounts import AccountService
from gql_api.services.api_keys import ApiKeyService
from gql_api.services.authentication import AuthenticationService
from gql_api.services.library import LibraryService
from gql_api.services.maintenance import MaintenanceService
from gql_api.services.request_rates import RequestRates
from gql_api.services.settling import SettlingService
from gql_api.services.storage_events import StorageEventService
from gql_api.services.uploads import UploadService
from gql_api.settings import Settings

HEALTH_SECONDS = 4


def utc_now() -> datetime:
    """The system's clock, to the millisecond, which is what MongoDB keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


@dataclass(frozen=True, slots=True)
class Container:
    """The services, wired. `close` ends its connections and threads."""

    settings: Settings
    database: mongo.Database
    bucket: S3Bucket
    accounts: AccountService
    api_keys: ApiKeyService
    authentication: AuthenticationService
    uploads: UploadService
    library: LibraryService
    settling: SettlingService
    storage_events: StorageEventService
    maintenance: MaintenanceService

    async def ensure_indexes(self) -> None:
        """Create the indexes that are missing."""
        await mongo.ensure_indexes(
            self.database,
            mongo_uploads.INDEXES,
            mongo_users.INDEXES,
            mongo_sessions.INDEXES,
            mongo_api_keys.INDEXES,
            mongo_attempts.INDEXES,
        )

    async def health(self) -> dict[str, bool]:
        """Whether each part works, within four seconds."""

        async def works(ping: Awaitable[None]) -> bool:
            try:
                async with asyncio.timeout(HEALTH_SECONDS):
                    await ping
            except Exception:
                return False
            return True

        parts = {"database": mongo.ping(self.database), "storage": self.bucket.ping()}
        return dict(zip(parts, await asyncio.gather(*map(works, parts.values())), strict=True))

    async def close(self) -> None:
        """Let go of connections and threads."""
        await self.bucket.close()
        await self.database.client.close()


def build(settings: Settings, clock: Clock = utc_now) -> Container:
    """The wired services. Nothing is connected before the first use."""
    logs.configure()
    database = mongo.connect(settings.db_url, settings.db_name)
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
    uploads = mongo.guarded(mongo_uploads.MongoUploads(database))
    sessions = mongo.guarded(mongo_sessions.MongoSessions(database))
    api_keys = mongo.guarded(mongo_api_keys.MongoApiKeys(database))
    attempts = mongo.guarded(mongo_attempts.MongoAttempts(database))
    tokens = JwtTokens(keys=settings.jwt_keys, algorithm=settings.algorithm)
    settling = SettlingService(uploads=uploads, bucket=bucket, clock=clock, policy=policy)
    return Container(
        settings=settings,
        database=database,
        bucket=bucket,
        accounts=AccountService(
            users=mongo.guarded(mongo_users.MongoUsers(database)),
            sessions=sessions,
            attempts=attempts,
            hasher=Argon2Hasher(),
            tokens=tokens,
            clock=clock,
            policy=settings.sessions,
        ),
        api_keys=ApiKeyService(api_keys=api_keys, clock=clock),
        authentication=AuthenticationService(
            sessions=sessions,
            api_keys=api_keys,
            tokens=tokens,
            clock=clock,
            rates=RequestRates(
                counters=attempts, clock=clock, per_minute=settings.user_requests_per_minute
            ),
        ),
        uploads=UploadService(
            uploads=uploads,
            bucket=bucket,
            presigner=presigner,
            settling=settling,
            clock=clock,
            policy=policy,
        ),
        library=LibraryService(
            uploads=uploads, presigner=presigner, settling=settling, clock=clock, policy=policy
        ),
        settling=settling,
        storage_events=StorageEventService(
            settling=settling, bucket_name=settings.s3_bucket, key_prefix=policy.key_prefix
        ),
        maintenance=MaintenanceService(
            uploads=uploads,
            usage=mongo.guarded(MongoUsage(database)),
            bucket=bucket,
            checkpoints=mongo.guarded(mongo.MongoCheckpoints(database)),
            settling=settling,
            clock=clock,
            policy=policy,
        ),
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
