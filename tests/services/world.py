"""The upload services of one test on real servers, and what a client or a stranger may do to them.

`World.assert_consistent` is the list of what must hold once everything has come to rest.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import quote_plus

import httpx

from gql_api.adapters.mongo.database import MongoCheckpoints
from gql_api.adapters.mongo.users import MongoUsers
from gql_api.bootstrap import Container
from gql_api.domain.accounts import Usage, User
from gql_api.domain.errors import Failure
from gql_api.domain.file_requests import FIRST_CHECK_SECONDS, FileRequest, PartSelection
from gql_api.domain.ids import new_id
from gql_api.domain.parts import PartPlan
from gql_api.domain.presigner import PresignedRequest
from gql_api.domain.uploads import Checksum, ChecksumAlgorithm, Upload, UploadStatus
from gql_api.services.maintenance import MaintenanceService, SweepReport
from gql_api.services.settling import ARRIVAL_SECONDS
from tests.clock import SettableClock
from tests.upload_records import Stores

Json: TypeAlias = dict[str, Any]

TYPE = "image/png"


def sha256(data: bytes) -> str:
    """The Base64 SHA-256 of `data`."""
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def checksum(data: bytes) -> Checksum:
    """The checksum that a client declares for `data`."""
    return Checksum(ChecksumAlgorithm.SHA256, sha256(data))


def small_plan(size_bytes: int, single_part_max_bytes: int) -> PartPlan:
    """In place of `plan_parts`: more than 1000 bytes are sent in parts of 1000.

    S3 wants parts of 5 MiB; the tests' S3 server takes these as well.
    """
    multipart = size_bytes > 1000
    return PartPlan(size_bytes, 1000 if multipart else size_bytes, multipart)


@dataclass
class World:
    """`s3` is a boto3 client with all rights: it does things behind the service's back."""

    container: Container
    clock: SettableClock
    s3: Any
    http: httpx.AsyncClient
    owner_ids: list[str] = field(default_factory=list)

    @property
    def owner_id(self) -> str:
        """The first user."""
        return self.owner_ids[0]

    @property
    def bucket_name(self) -> str:
        return self.container.settings.s3_bucket

    @property
    def key_prefix(self) -> str:
        return self.container.settings.uploads.key_prefix

    async def add_owner(self) -> str:
        """The id of a new user."""
        user = User(new_id(self.clock()), uuid.uuid4().hex, None, None, self.clock(), Usage(0, 0))
        assert await MongoUsers(self.container.database).insert(user, "-")
        self.owner_ids.append(user.id)
        return user.id

    # -------------------------------------------------------------- what a client does

    async def request(self, size_bytes: int, owner_id: str | None = None, **more: Any) -> Upload:
        """A PENDING upload; `more` are further fields of `FileRequest`."""
        request = FileRequest(
            **{"filename": "a.png", "content_type": TYPE, **more}, size_bytes=size_bytes
        )
        outcome = await self.container.uploads.request(owner_id or self.owner_id, request)
        if isinstance(outcome, Failure):
            raise outcome
        return outcome.upload

    async def sign(self, upload: Upload, *numbers: int) -> list[PresignedRequest]:
        """Requests for these parts, or for the first 100."""
        select = [PartSelection(number) for number in numbers] or None
        return [part.request for part in await self.container.uploads.sign_parts(upload, select)]

    async def put(self, request: PresignedRequest, data: bytes) -> httpx.Response:
        """Send `data` as the signed request says."""
        return await self.http.request(
            request.method, request.url, headers=dict(request.headers), content=data
        )

    async def send(self, upload: Upload, data: bytes, *numbers: int) -> Upload:
        """Send these parts, or all; the upload as it is then."""
        wanted = numbers or range(1, upload.plan.count + 1)
        for number, request in zip(wanted, await self.sign(upload, *wanted), strict=True):
            start = upload.plan.offset(number)
            response = await self.put(request, data[start : start + upload.plan.size(number)])
            assert response.status_code == 200, response.text
        return await self.record(upload)

    async def sent(self, data: bytes, owner_id: str | None = None, **more: Any) -> Upload:
        """A PENDING upload of which all bytes are in the bucket."""
        return await self.send(await self.request(len(data), owner_id, **more), data)

    async def stored(self, data: bytes, **more: Any) -> Upload:
        """A STORED upload."""
        return await self.complete(await self.sent(data, **more))

    async def complete(self, upload: Upload) -> Upload:
        """The upload once it is completed; raises the failure if it is not."""
        outcome = await self.container.uploads.complete(upload.owner_id, upload.id)
        if isinstance(outcome, Failure):
            raise outcome
        return outcome

    # -------------------------------------------------------------- what happens by itself

    def event(self, key: str, name: str = "ObjectCreated:Put", bucket: str | None = None) -> Json:
        """An event as S3 sends it; the key is encoded as in a form."""
        s3 = {"bucket": {"name": bucket or self.bucket_name}, "object": {"key": quote_plus(key)}}
        record = {"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": name, "s3": s3}
        return {"Records": [record]}

    async def hear(self, upload: Upload) -> None:
        """Have the service handle the event that the upload's object was created."""
        assert await self.container.storage_events.handle(self.event(upload.key)) == 1

    async def sweep(self, **advance: float) -> SweepReport:
        """Sweep after a while; without arguments, when each URL signed so far is long expired."""
        lifetime = self.container.settings.uploads.url_ttl_seconds
        rest = {"seconds": lifetime + ARRIVAL_SECONDS + FIRST_CHECK_SECONDS}
        self.clock.advance(**(advance or rest))
        return await self.container.maintenance.sweep()

    # -------------------------------------------------------------- what a stranger does

    def unknown_key(self) -> str:
        """A key as ours, of an upload that never was."""
        return f"{self.key_prefix}/{self.owner_id}/{new_id(self.clock())}"

    async def put_behind(self, key: str, data: bytes, content_type: str = TYPE) -> None:
        """Put an object into the bucket without asking anybody."""
        await asyncio.to_thread(
            self.s3.put_object,
            Bucket=self.bucket_name,
            Key=key,
            Body=data,
            ContentType=content_type,
        )

    # -------------------------------------------------------------- how things are

    async def record(self, upload: Upload) -> Upload:
        """The record as it is now."""
        found = await self.find_record(upload)
        assert found is not None
        return found

    async def find_record(self, upload: Upload) -> Upload | None:
        """The record as it is now; None if it was purged."""
        return await Stores(self.container.database).uploads.find_any(upload.id)

    async def usage(self, owner_id: str | None = None) -> Json:
        """What is booked for a user."""
        user = await self.container.database["users"].find_one({"_id": owner_id or self.owner_id})
        assert user is not None
        usage: Json = user["usage"]
        return usage

    async def visible(self, owner_id: str) -> Json:
        """What is booked for a user as the uploads that he sees."""
        user = await self.container.database["users"].find_one({"_id": owner_id})
        assert user is not None
        visible: Json = user["visible"]
        return visible

    async def objects(self) -> dict[str, bytes]:
        """All objects of this test, by key."""

        def read() -> dict[str, bytes]:
            pages = self.s3.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket_name, Prefix=self.key_prefix
            )
            keys = [entry["Key"] for page in pages for entry in page.get("Contents", ())]
            return {
                key: self.s3.get_object(Bucket=self.bucket_name, Key=key)["Body"].read()
                for key in keys
            }

        return await asyncio.to_thread(read)

    async def object(self, upload: Upload) -> bytes | None:
        """The bytes of the upload's object, if there is one."""
        return (await self.objects()).get(upload.key)

    async def multiparts(self) -> set[tuple[str, str]]:
        """Key and id of all multipart uploads under way in this test."""
        listed = await asyncio.to_thread(
            self.s3.list_multipart_uploads, Bucket=self.bucket_name, Prefix=self.key_prefix
        )
        return {
            (entry["Key"], entry["UploadId"])
            for entry in listed.get("Uploads", ())
            if entry["Key"].startswith(self.key_prefix)
        }

    async def records(self) -> Sequence[Upload]:
        """All records, tombstones included."""
        ids = [row["_id"] async for row in self.container.database["uploads"].find({}, {"_id": 1})]
        return list((await Stores(self.container.database).uploads.find_many(ids)).values())

    async def assert_consistent(self, sent: dict[str, bytes] | None = None) -> None:
        """Records, bucket and books agree; `sent` maps upload ids to the bytes that were sent."""
        records = await self.records()
        objects = await self.objects()
        by_key = {upload.key: upload for upload in records}
        stored = {key for key, it in by_key.items() if it.status is UploadStatus.STORED}
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
    """The world's own sweep with other ports or another batch."""
    container = world.container
    stores = Stores(container.database)
    ports: dict[str, Any] = {
        "uploads": stores.uploads,
        "usage": stores.usage,
        "bucket": container.bucket,
        "checkpoints": MongoCheckpoints(container.database),
        "settling": container.settling,
        "clock": world.clock,
        "policy": container.settings.uploads,
    }
    return MaintenanceService(**{**ports, **changes})
