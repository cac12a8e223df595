"""The upload services on real servers, and the actions of clients and outsiders on them.

`World.assert_consistent` checks the invariants that hold once all work has finished.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import inspect
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import quote_plus

import httpx

from gql_api.adapters.mongo.database import MongoCheckpoints
from gql_api.adapters.mongo.documents import to_upload
from gql_api.adapters.mongo.unknown import MongoUnknownObjects
from gql_api.adapters.mongo.users import MongoUsers
from gql_api.container import Container
from gql_api.domain.accounts import Usage, User
from gql_api.domain.errors import Failure
from gql_api.domain.file_requests import FIRST_CHECK_SECONDS, FileRequest, PartSelection
from gql_api.domain.ids import new_id
from gql_api.domain.media import Media, RenditionName
from gql_api.domain.parts import PartPlan
from gql_api.domain.policy import ARRIVAL_SECONDS
from gql_api.domain.presigner import PresignedRequest
from gql_api.domain.processing import Processing, ProcessingStatus, StoredRendition, folder
from gql_api.domain.uploads import Checksum, ChecksumAlgorithm, Upload, UploadStatus
from gql_api.services.derived_orphans import DerivedOrphans
from gql_api.services.due_uploads import DueUploads
from gql_api.services.maintenance import MaintenanceService
from gql_api.services.orphans import Orphans
from gql_api.services.sweep_report import SweepReport
from gql_api.services.unknown_objects import UnknownObjectService
from tests.clock import SettableClock
from tests.upload_records import Stores

Json: TypeAlias = dict[str, Any]

TYPE = "image/png"
THUMBNAIL = b"a small picture"


def sha256(data: bytes) -> str:
    """Return the SHA-256 of `data` in Base64."""
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def checksum(data: bytes) -> Checksum:
    """Return the checksum that a client declares for `data`."""
    return Checksum(ChecksumAlgorithm.SHA256, sha256(data))


def small_plan(size_bytes: int, single_part_max_bytes: int) -> PartPlan:
    """Replace `plan_parts`: split more than 1000 bytes into parts of 1000.

    S3 requires parts of at least 5 MiB; the tests' S3 server accepts smaller ones.
    """
    multipart = size_bytes > 1000 or not single_part_max_bytes
    return PartPlan(size_bytes, 1000 if multipart else size_bytes, multipart)


@dataclass
class World:
    """The services, a clock that the test sets, and access to the servers behind the services.

    `s3` is a boto3 client with full access, for changes that bypass the services.
    """

    container: Container
    clock: SettableClock
    s3: Any
    http: httpx.AsyncClient
    owner_ids: list[str] = field(default_factory=list)

    @property
    def owner_id(self) -> str:
        """The id of the first user."""
        return self.owner_ids[0]

    @property
    def bucket_name(self) -> str:
        return self.container.settings.s3_bucket

    @property
    def key_prefix(self) -> str:
        return self.container.settings.uploads.key_prefix

    @property
    def renditions_prefix(self) -> str:
        return self.container.settings.uploads.renditions_prefix

    async def add_owner(self) -> str:
        """Create a user and return their id."""
        user = User(new_id(self.clock()), uuid.uuid4().hex, None, None, self.clock(), Usage(0, 0))
        assert await MongoUsers(self.container.database).insert(user, "-")
        self.owner_ids.append(user.id)
        return user.id

    # -------------------------------------------------------------- actions of clients

    async def request(self, size_bytes: int, owner_id: str | None = None, **more: Any) -> Upload:
        """Request an upload; `more` contains further fields of `FileRequest`."""
        request = FileRequest(
            **{"filename": "a.png", "content_type": TYPE, **more}, size_bytes=size_bytes
        )
        outcome = await self.container.uploads.request(owner_id or self.owner_id, request)
        if isinstance(outcome, Failure):
            raise outcome
        return outcome.upload

    async def sign(self, upload: Upload, *numbers: int) -> list[PresignedRequest]:
        """Return signed requests for these parts, or for the first 100."""
        select = [PartSelection(number) for number in numbers] or None
        return [part.request for part in await self.container.uploads.sign_parts(upload, select)]

    async def put(self, request: PresignedRequest, data: bytes) -> httpx.Response:
        """Send `data` with the signed request."""
        return await self.http.request(
            request.method, request.url, headers=dict(request.headers), content=data
        )

    async def send(self, upload: Upload, data: bytes, *numbers: int) -> Upload:
        """Send these parts, or all of them; return the current upload."""
        wanted = numbers or range(1, upload.plan.count + 1)
        for number, request in zip(wanted, await self.sign(upload, *wanted), strict=True):
            start = upload.plan.offset(number)
            response = await self.put(request, data[start : start + upload.plan.size(number)])
            assert response.status_code == 200, response.text
        return await self.record(upload)

    async def sent(self, data: bytes, owner_id: str | None = None, **more: Any) -> Upload:
        """Return a PENDING upload with all of its bytes in the bucket."""
        return await self.send(await self.request(len(data), owner_id, **more), data)

    async def stored(self, data: bytes, **more: Any) -> Upload:
        """Return a STORED upload."""
        return await self.complete(await self.sent(data, **more))

    async def complete(self, upload: Upload) -> Upload:
        """Complete and return the upload; raise the failure if there is one."""
        outcome = await self.container.uploads.complete(upload.owner_id, upload.id)
        if isinstance(outcome, Failure):
            raise outcome
        return outcome

    async def processed(self, data: bytes, **more: Any) -> Upload:
        """Return a STORED upload whose thumbnail was derived and recorded."""
        upload = await self.stored(data, **more)
        await self.derive(upload)
        await self.note_derived(upload)
        return await self.record(upload)

    # -------------------------------------------------------------- events and the sweep

    def event(self, key: str, name: str = "ObjectCreated:Put", bucket: str | None = None) -> Json:
        """Return an event as S3 sends it; the key is form-encoded."""
        s3 = {"bucket": {"name": bucket or self.bucket_name}, "object": {"key": quote_plus(key)}}
        record = {"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": name, "s3": s3}
        return {"Records": [record]}

    async def hear(self, upload: Upload) -> None:
        """Have the service handle the creation event of the upload's object."""
        assert await self.container.storage_events.handle(self.event(upload.key)) == 1

    async def sweep(self, **advance: float) -> SweepReport:
        """Advance the clock and sweep; by default, after every URL signed so far has expired."""
        lifetime = self.container.settings.uploads.url_ttl_seconds
        rest = {"seconds": lifetime + ARRIVAL_SECONDS + FIRST_CHECK_SECONDS}
        self.clock.advance(**(advance or rest))
        return await self.container.maintenance.sweep()

    async def sweep_twice(self) -> tuple[SweepReport, SweepReport]:
        """Sweep a bucket that is the service's own, and sweep again when a day has passed."""
        await self.container.deployment.adopt()
        return await self.sweep(hours=2), await self.sweep(days=1, seconds=1)

    # -------------------------------------------------------------- actions of outsiders

    def unknown_key(self) -> str:
        """Return a valid key of an upload that never existed."""
        return f"{self.key_prefix}/{self.owner_id}/{new_id(self.clock())}"

    async def put_behind(self, key: str, data: bytes, content_type: str = TYPE) -> None:
        """Put an object into the bucket, bypassing the service."""
        await asyncio.to_thread(
            self.s3.put_object,
            Bucket=self.bucket_name,
            Key=key,
            Body=data,
            ContentType=content_type,
        )

    async def derive(self, upload: Upload, etag: str | None = None) -> set[str]:
        """Put a thumbnail and facts of an object into the bucket, of the present one by default.

        Returns their keys. Nothing is recorded.
        """
        place = self.folder(upload, etag or str(upload.etag))
        files = {f"{place}/thumbnail.webp": THUMBNAIL, f"{place}/facts.json": b"{}"}
        for key, data in files.items():
            await self.put_behind(key, data)
        return set(files)

    async def note_derived(self, upload: Upload) -> None:
        """Record what `derive` has put into the bucket for the present object."""
        pictures = (StoredRendition(RenditionName.THUMBNAIL, 1, 1, len(THUMBNAIL)),)
        done = Processing(ProcessingStatus.DONE, None, upload.etag, Media(1, 1), pictures)
        store = Stores(self.container.database).uploads
        assert await store.note_processing(upload, done, check_at=upload.check_at) is not None

    def folder(self, upload: Upload, etag: str) -> str:
        """Return the folder of the files derived from an object of the upload."""
        return folder(self.renditions_prefix, *upload.name, etag)

    # -------------------------------------------------------------- current state

    async def record(self, upload: Upload) -> Upload:
        """Return the current record."""
        found = await self.find_record(upload)
        assert found is not None
        return found

    async def find_record(self, upload: Upload) -> Upload | None:
        """Return the current record; None if it was purged."""
        return await Stores(self.container.database).uploads.find_any(*upload.name)

    async def usage(self, owner_id: str | None = None) -> Json:
        """Return the recorded usage of a user."""
        user = await self.container.database["users"].find_one({"_id": owner_id or self.owner_id})
        assert user is not None
        usage: Json = user["usage"]
        return usage

    async def visible(self, owner_id: str) -> Json:
        """Return the recorded number of visible uploads of a user."""
        user = await self.container.database["users"].find_one({"_id": owner_id})
        assert user is not None
        visible: Json = user["visible"]
        return visible

    async def objects(self) -> dict[str, bytes]:
        """Return all objects of this test except for derived files, by key."""
        derived = f"{self.renditions_prefix}/"
        found = await self.under(self.key_prefix)
        return {key: data for key, data in found.items() if not key.startswith(derived)}

    async def derived(self) -> dict[str, bytes]:
        """Return all derived files of this test, by key."""
        return await self.under(f"{self.renditions_prefix}/")

    async def under(self, prefix: str) -> dict[str, bytes]:
        """Return all objects whose keys begin with the prefix, by key."""

        def read() -> dict[str, bytes]:
            pages = self.s3.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket_name, Prefix=prefix
            )
            keys = [entry["Key"] for page in pages for entry in page.get("Contents", ())]
            # The tests' S3 server may list folders that have become empty.
            keys = [key for key in keys if not key.endswith("/")]
            return {
                key: self.s3.get_object(Bucket=self.bucket_name, Key=key)["Body"].read()
                for key in keys
            }

        return await asyncio.to_thread(read)

    async def object(self, upload: Upload) -> bytes | None:
        """Return the bytes of the upload's object, or None."""
        return (await self.objects()).get(upload.key)

    async def multiparts(self) -> set[tuple[str, str]]:
        """Return the key and id of each multipart upload in progress in this test."""
        listed = await asyncio.to_thread(
            self.s3.list_multipart_uploads, Bucket=self.bucket_name, Prefix=self.key_prefix
        )
        return {
            (entry["Key"], entry["UploadId"])
            for entry in listed.get("Uploads", ())
            if entry["Key"].startswith(self.key_prefix)
        }

    async def records(self) -> Sequence[Upload]:
        """Return all records, including tombstones."""
        return [to_upload(row) async for row in self.container.database["uploads"].find({})]

    async def with_events(self) -> list[dict[str, Any]]:
        """Return the documents of the records in whose outbox events wait."""
        return (
            await self.container.database["uploads"].find({"outbox": {"$exists": True}}).to_list()
        )

    async def assert_consistent(self, sent: dict[str, bytes] | None = None) -> None:
        """Check that records, bucket and usage agree; `sent` maps upload ids to the bytes sent."""
        records = await self.records()
        objects = await self.objects()
        by_key = {upload.key: upload for upload in records}
        stored = {key for key, it in by_key.items() if it.status.stored}
        pending = {key for key, it in by_key.items() if it.status is UploadStatus.PENDING}
        assert stored <= objects.keys() <= stored | pending
        for key in stored:
            assert len(objects[key]) == by_key[key].size_bytes
            if sent is not None:
                assert objects[key] == sent[by_key[key].id]
        known = {(key, by_key[key].multipart_id) for key in pending}
        assert await self.multiparts() <= known
        for owner_id in self.owner_ids:
            counted = [it for it in records if it.owner_id == owner_id and it.status.counts]
            assert await self.usage(owner_id) == {
                "bytes": sum(upload.size_bytes for upload in counted),
                "uploads": len(counted),
            }
            seen = sum(it.owner_id == owner_id and it.status.visible for it in records)
            assert await self.visible(owner_id) == {"uploads": seen, "exact": True}


def maintenance(world: World, **changes: Any) -> MaintenanceService:
    """Return a sweep like the world's own, with other ports or another batch size."""
    return MaintenanceService(**_taken_by(MaintenanceService, _ports(world, changes)))


def derived_orphans(world: World, **changes: Any) -> DerivedOrphans:
    """Return the walk through the derived files, with other ports or another batch size."""
    return DerivedOrphans(**_taken_by(DerivedOrphans, _ports(world, changes)))


def _ports(world: World, changes: dict[str, Any]) -> dict[str, Any]:
    container = world.container
    stores = Stores(container.database)
    ports: dict[str, Any] = {
        "uploads": stores.uploads,
        "usage": stores.usage,
        "bucket": container.bucket,
        "checkpoints": MongoCheckpoints(container.database),
        "settling": container.settling,
        "reads": container.reads,
        "media": container.media,
        "clock": world.clock,
        "deployment": container.deployment,
        "policy": container.settings.uploads,
        "notes": MongoUnknownObjects(container.database),
        **changes,
    }
    ports["due"] = DueUploads(**_taken_by(DueUploads, ports))
    ports["unknown"] = UnknownObjectService(**_taken_by(UnknownObjectService, ports))
    ports["orphans"] = Orphans(**_taken_by(Orphans, ports))
    ports["derived"] = DerivedOrphans(**_taken_by(DerivedOrphans, ports))
    return ports


def _taken_by(service: type, ports: dict[str, Any]) -> dict[str, Any]:
    """Return the ports that the constructor of `service` takes."""
    return {name: ports[name] for name in inspect.signature(service).parameters if name in ports}
