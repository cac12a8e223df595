"""The container: the services and what they share. `bootstrap` builds it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import NamedTuple

from gql_api.adapters.mongo.database import Database, ping
from gql_api.adapters.s3.bucket import S3Bucket
from gql_api.domain.change_feed import ChangeFeed
from gql_api.domain.deadline import time_limit
from gql_api.domain.errors import NotPrepared
from gql_api.domain.issuers import SignInMethods
from gql_api.domain.media_queue import MediaQueue
from gql_api.domain.metrics import MetricsWriter
from gql_api.domain.outbox import RelayQueue
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.read_queue import ReadQueue
from gql_api.domain.webhook_sending import WakeUps
from gql_api.services.accounts import AccountService
from gql_api.services.api_keys import ApiKeyService
from gql_api.services.authentication import AuthenticationService
from gql_api.services.deployment import DeploymentService
from gql_api.services.library import LibraryService
from gql_api.services.maintenance import MaintenanceService
from gql_api.services.media import MediaService
from gql_api.services.preparation import PreparationService
from gql_api.services.read_backs import ReadBackService
from gql_api.services.relaying import RelayService
from gql_api.services.sessions import SessionService
from gql_api.services.settling import SettlingService
from gql_api.services.storage_events import StorageEventService
from gql_api.services.trash import TrashService
from gql_api.services.unknown_objects import UnknownObjectService
from gql_api.services.uploads import UploadService
from gql_api.services.webhooks import WebhookEvents
from gql_api.settings import Settings

HEALTH_SECONDS = 4


class Container(NamedTuple):
    """The services and what they share."""

    settings: Settings
    database: Database
    bucket: S3Bucket
    deployment: DeploymentService
    preparation: PreparationService
    accounts: AccountService
    sessions: SessionService
    api_keys: ApiKeyService
    authentication: AuthenticationService
    uploads: UploadService
    library: LibraryService
    changes: ChangeFeed
    trash: TrashService
    settling: SettlingService
    storage_events: StorageEventService
    read_backs: ReadBackService
    reads: ReadQueue
    media: MediaService
    media_queue: MediaQueue
    unknown: UnknownObjectService
    maintenance: MaintenanceService
    relay: RelayService
    relay_queue: RelayQueue
    webhook_events: WebhookEvents
    webhook_wake_ups: WakeUps
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
    def max_response_bytes(self) -> int:
        """The largest response that a request may ask for."""
        return self.settings.graphql_max_response_bytes

    @property
    def cookie_secure(self) -> bool:
        """Whether browsers send the cookie over HTTPS only."""
        return self.settings.cookie_secure

    @property
    def deployment_name(self) -> str:
        """The place of the files, which no two deployments share."""
        settings = self.settings
        endpoint, prefix = settings.s3_endpoint_url or "", settings.uploads.key_prefix
        return f"{endpoint}/{settings.s3_bucket}/{prefix}"

    @property
    def base_path(self) -> str:
        """The path below which clients reach the API, such as /api; empty for none."""
        return self.settings.base_path

    @property
    def sign_in_methods(self) -> SignInMethods:
        """How people sign in."""
        settings = self.settings
        return SignInMethods(
            passwords=settings.passwords,
            sign_up=settings.passwords and settings.sign_up_open,
            issuers=settings.oidc_issuers,
        )

    async def health(self) -> dict[str, str | None]:
        """Return what is wrong with the database and with the storage; None for what works.

        Each must respond within four seconds, and the database must be prepared.
        """

        async def problem(ping: Awaitable[None]) -> str | None:
            try:
                # The adapters observe `time_limit`: asyncio cannot interrupt a blocking client.
                with time_limit(HEALTH_SECONDS):
                    async with asyncio.timeout(HEALTH_SECONDS):
                        await ping
            except NotPrepared as error:
                return error.message
            except Exception:
                return "does not respond"
            return None

        parts = {"database": self._ping_database(), "storage": self.bucket.ping()}
        return dict(zip(parts, await asyncio.gather(*map(problem, parts.values())), strict=True))

    async def _ping_database(self) -> None:
        await ping(self.database)
        await self.deployment.current()

    async def finish_relay(self) -> None:
        """Have the events so far relayed, before the process is suspended."""
        await self.relay_queue.finish()

    async def close(self) -> None:
        """Close connections and stop threads."""
        await self.reads.close()
        await self.media_queue.close()
        await self.relay_queue.close()
        await self.bucket.close()
        await self.database.client.close()
