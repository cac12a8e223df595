"""A process that dies at its n-th call to the database or the bucket."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any, TypeVar, cast

from gql_api.adapters.mongo.database import MongoCheckpoints
from gql_api.adapters.mongo.deployment import MongoDeployments
from gql_api.adapters.mongo.unknown import MongoUnknownObjects
from gql_api.adapters.s3.credentials import Credentials, FixedCredentials
from gql_api.adapters.s3.presigner import S3Presigner
from gql_api.domain.bucket import Bucket
from gql_api.domain.deployment import Deployments
from gql_api.domain.media_queue import MediaQueue
from gql_api.domain.outbox import Outbox
from gql_api.domain.presigner import Presigner
from gql_api.domain.unknown_objects import UnknownObjects
from gql_api.domain.upload_events import EventSink
from gql_api.domain.upload_store import (
    Checkpoints,
    UploadInsertions,
    UploadListing,
    UploadStore,
    UsageBooks,
)
from gql_api.domain.uploads import UploadName
from gql_api.services.deployment import DeploymentService
from gql_api.services.derived_orphans import DerivedOrphans
from gql_api.services.due_uploads import DueUploads
from gql_api.services.library import LibraryService
from gql_api.services.maintenance import MaintenanceService
from gql_api.services.media import MediaService
from gql_api.services.orphans import Orphans
from gql_api.services.relaying import RelayService, relayed
from gql_api.services.settling import SettlingService
from gql_api.services.storage_events import StorageEventService
from gql_api.services.trash import TrashService
from gql_api.services.unknown_objects import UnknownObjectService
from gql_api.services.uploads import UploadService
from tests.services.world import World
from tests.upload_records import Stores

T = TypeVar("T")


class Crash(BaseException):
    """The death of the process; a `BaseException`, so `except Exception` does not catch it."""


class Fuse:
    """Kills the process at its n-th call (1-based), before or after making it; 0 means never.

    Then other tasks of the process crash too, at their next call or when the current one returns.
    """

    def __init__(self, at: int = 0, after: bool = False) -> None:
        self.left = at
        self.after = after
        self.dead = False
        self._tasks: set[asyncio.Task[Any]] = set()

    def wrap(self, port: object) -> Any:
        """Return a proxy of the port that counts each call and may crash."""
        fuse = self

        class Wrapped:
            def __getattr__(self, name: str) -> Any:
                async def call(*args: Any, **named: Any) -> Any:
                    last = fuse.count()
                    if fuse.dead or (last and not fuse.after):
                        fuse.dead = True
                        raise Crash
                    result = await getattr(port, name)(*args, **named)
                    if last:
                        fuse.dead = True
                    if fuse.dead:
                        raise Crash
                    return result

                return call

        return Wrapped()

    def count(self) -> bool:
        """Count a call; return whether it is the n-th."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.left -= 1
        return self.left == 0

    async def outlive(self, verb: Awaitable[T]) -> T | None:
        """Return the result of the verb, or None if the process died; its tasks have then ended."""
        try:
            return await verb
        except Crash:
            current = asyncio.current_task()
            await asyncio.gather(*(self._tasks - {current}), return_exceptions=True)
            return None


class AtOnce:
    """Implements `RelayQueue`: relays before it returns."""

    def __init__(self, relay: RelayService) -> None:
        self._relay = relay

    async def send(self, names: Sequence[UploadName]) -> None:
        await self._relay.relay(names)

    async def finish(self) -> None: ...

    async def close(self) -> None: ...


def presigner(world: World) -> S3Presigner:
    """Return a presigner with the settings of the world's own services."""
    settings = world.container.settings
    return S3Presigner(
        credentials=FixedCredentials(
            Credentials(settings.aws.access_key_id, settings.aws.secret_access_key, None, None)
        ),
        session_token_seconds=900,
        region=settings.aws_region,
        bucket=world.bucket_name,
        endpoint_url=settings.s3_endpoint_url,
    )


class Process:
    """The services of a process that the fuse kills."""

    def __init__(
        self,
        world: World,
        fuse: Fuse,
        signer: Presigner | None = None,
        stores: Stores | None = None,
        sink: EventSink | None = None,
    ) -> None:
        """With a `sink`, each change is relayed to it, unless the process dies before."""
        database, policy = world.container.database, world.container.settings.uploads
        stores = stores or Stores(database, world.clock, events=sink is not None)
        uploads = cast(UploadStore, fuse.wrap(stores.uploads))
        relay, relay_queue = None, world.container.relay_queue
        if sink is not None:
            relay = RelayService(
                outbox=cast(Outbox, fuse.wrap(stores.outbox)),
                sink=cast(EventSink, fuse.wrap(sink)),
                clock=world.clock,
            )
            relay_queue = AtOnce(relay)
            uploads = relayed(uploads, relay_queue)
        bucket = cast(Bucket, fuse.wrap(world.container.bucket))
        signer = signer or presigner(world)
        settling = SettlingService(
            uploads=uploads,
            bucket=bucket,
            deployment=world.container.deployment,
            clock=world.clock,
            policy=policy,
        )
        self.uploads = UploadService(
            uploads=uploads,
            insertions=cast(UploadInsertions, fuse.wrap(stores.insertions)),
            bucket=bucket,
            presigner=signer,
            settling=settling,
            deployment=world.container.deployment,
            clock=world.clock,
            policy=policy,
        )
        self.library = LibraryService(
            uploads=uploads,
            listing=cast(UploadListing, fuse.wrap(stores.listing)),
            presigner=signer,
            settling=settling,
            clock=world.clock,
            policy=policy,
        )
        self.trash = TrashService(uploads=uploads, clock=world.clock, policy=policy)
        self.media = MediaService(
            uploads=uploads,
            bucket=bucket,
            queue=cast(MediaQueue, fuse.wrap(world.container.media_queue)),
            settling=settling,
            deployment=world.container.deployment,
            clock=world.clock,
            policy=policy,
        )
        self.storage_events = StorageEventService(
            settling=settling,
            reads=world.container.reads,
            media=self.media,
            bucket_name=world.bucket_name,
            policy=policy,
            relay_queue=relay_queue,
        )
        checkpoints = cast(Checkpoints, fuse.wrap(MongoCheckpoints(database)))
        notes = cast(UnknownObjects, fuse.wrap(MongoUnknownObjects(database)))
        deployments = cast(Deployments, fuse.wrap(MongoDeployments(database)))
        self.deployment = DeploymentService(
            deployments=deployments,
            unknown_objects=notes,
            bucket=bucket,
            key_prefix=policy.key_prefix,
        )
        unknown = UnknownObjectService(
            notes=notes,
            uploads=uploads,
            bucket=bucket,
            deployment=self.deployment,
            clock=world.clock,
            policy=policy,
        )
        self.maintenance = MaintenanceService(
            due=DueUploads(
                uploads=uploads,
                settling=settling,
                media=self.media,
                reads=world.container.reads,
                deployment=self.deployment,
                clock=world.clock,
                policy=policy,
            ),
            usage=cast(UsageBooks, fuse.wrap(stores.usage)),
            orphans=Orphans(
                uploads=uploads,
                bucket=bucket,
                checkpoints=checkpoints,
                deployment=world.container.deployment,
                unknown=unknown,
                clock=world.clock,
                policy=policy,
            ),
            derived=DerivedOrphans(
                uploads=uploads,
                bucket=bucket,
                checkpoints=checkpoints,
                deployment=world.container.deployment,
                unknown=unknown,
                clock=world.clock,
                policy=policy,
            ),
            unknown=unknown,
            checkpoints=checkpoints,
            relay=relay,
            clock=world.clock,
        )
