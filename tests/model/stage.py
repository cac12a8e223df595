"""The base of the state machine: calls to the services, and comparison with the model.

Expected states come from `reference`. After a crash, the progress of the dead process is unknown,
so the real state is read: it must be the one before the call, the one after it, or one between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from copy import deepcopy
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine

from gql_api import bootstrap
from gql_api.domain.errors import DomainError
from gql_api.domain.file_requests import FileRequest, Ticket
from gql_api.domain.uploads import Upload, may_become
from gql_api.domain.uploads import UploadStatus as Status
from gql_api.services.sweep_report import SweepReport
from tests.model.bench import Bench
from tests.model.reference import File, Thing, Url
from tests.model.versions import Versions
from tests.services.dying import Fuse, Process
from tests.services.world import World
from tests.upload_records import Stores

QUOTA_BYTES = 12_000
USERS = 3

CRASHED = object()
Crashing = tuple[int, bool] | None
Verb = Callable[[Process], Coroutine[Any, Any, object]]


class Stage(RuleBasedStateMachine):
    """A machine without rules.

    `files` holds every file ever requested; `events`, those with an undelivered storage event.
    """

    bench: Bench

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, File] = {}
        self.events: list[File] = []
        self.last_url: dict[str, Url] = {}
        self.seen: dict[str, Status] = {}
        self.versions = Versions()
        self.living = self.bench.process(Fuse(), self.versions.sink)
        self.bench.examples += 1
        self.do(self.bench.clean())
        self.world.clock.now = bootstrap.utc_now()
        for _ in range(USERS):
            self.do(self.world.add_owner())

    @property
    def world(self) -> World:
        return self.bench.world

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run the coroutine and return its result."""
        return self.bench.run(work)

    def call(self, verb: Verb, crash: Crashing) -> Any:
        """Return the result of the verb, the domain error that it raised, or CRASHED."""
        fuse = Fuse(*crash) if crash else Fuse()
        process = self.bench.process(fuse, self.versions.sink) if crash else self.living

        async def outcome() -> object:
            try:
                return await verb(process)
            except DomainError as error:
                return error

        result = self.do(fuse.outlive(outcome()))
        if fuse.dead:
            self.bench.reached["crash"] += 1
        return CRASHED if fuse.dead else result

    def assembled(self, file: File) -> None:
        """Add the storage event that S3 sends for an object assembled from parts."""
        self.events.append(file)

    # -------------------------------------------------------------- after a crash

    async def adopt(self, file: File, before: File) -> None:
        """Update `file` to the state in which a dead process left it: from `before` to `file`."""
        record = await Stores(self.world.container.database).uploads.find_any(
            file.owner_id, file.id
        )
        status = record.status if record else None
        assert status in (before.status, file.status), (status, before, file)
        thing = await self.thing(file.key)
        gone = None if not before.counts else file.thing
        assert thing in (before.thing, before.whole(), file.thing, gone), (thing, before, file)
        if thing is not None and thing != before.thing:
            self.assembled(file)
        under_way = {id for key, id in await self.world.multiparts() if key == file.key}
        file.bucket_parts = {id: before.bucket_parts.get(id, {}) for id in under_way}
        file.thing, file.status = thing, status
        file.multipart_id = record.multipart_id if record else None
        etag = record.etag if record else None
        assert etag in (before.etag, file.etag), (etag, before, file)
        file.etag = etag
        trashed_at = record.trashed_at if record else None
        assert trashed_at in (before.trashed_at, file.trashed_at), (trashed_at, before, file)
        file.trashed_at = trashed_at

    async def adopt_new(self, owner_id: str, request: FileRequest) -> None:
        """Add the upload to the model if the dead process recorded the request."""
        new = [upload for upload in await self.world.records() if upload.id not in self.files]
        assert len(new) <= 1
        for upload in new:
            assert upload.owner_id == owner_id
            self.note(upload, request)

    def note(self, upload: Upload, request: FileRequest) -> File:
        """Add a new PENDING upload to the model."""
        assert upload.id not in self.files
        assert (upload.status, upload.size_bytes) == (Status.PENDING, request.size_bytes)
        file = File(upload.id, upload.owner_id, upload.key, request, upload.plan, upload.expires_at)
        self.files[file.id] = file
        return file

    def on(self, file: File, verb: Verb, crash: Crashing, effect: Callable[[], object]) -> Any:
        """Call a verb that must have this effect on the file unless it crashes; see `call`."""
        before = deepcopy(file)
        outcome = self.call(verb, crash)
        if effect() is True:
            self.assembled(file)
        if outcome is CRASHED:
            self.do(self.adopt(file, before))
        return outcome

    # -------------------------------------------------------------- shared by several rules

    def signed(self, file: File, crash: Crashing) -> list[Url]:
        """Return URLs for all parts, as the API does; none unless PENDING and not expired."""
        upload = self.do(self.living.library.find(file.owner_id, file.id))
        if upload is None or upload.status is not Status.PENDING:
            return []
        if self.world.clock() >= file.expires_at:
            return []
        before = deepcopy(file)
        parts = self.call(lambda process: process.uploads.sign_parts(upload, None), crash)
        if parts is CRASHED:
            self.do(self.adopt(file, before))
            return []
        if file.plan.multipart and file.multipart_id is None:
            file.multipart_id = self.do(self.world.record(upload)).multipart_id
            assert file.multipart_id is not None
            file.bucket_parts[file.multipart_id] = {}
        multipart_id = file.multipart_id if file.plan.multipart else None
        urls = [Url(file, part.number, part.request, multipart_id) for part in parts]
        self.last_url[file.id] = urls[-1]
        return urls

    def swept(self, crash: Crashing) -> None:
        """Sweep; the uploads that are due must change as in the model, and no others."""
        now = self.world.clock()
        checks = {upload.id: upload.check_at for upload in self.do(self.world.records())}
        before = deepcopy(self.files)
        report = self.call(lambda process: process.maintenance.sweep(), crash)
        if report is not CRASHED:
            assert isinstance(report, SweepReport)
            assert report.failures == 0
            assert report.usages_corrected == 0
        for file in self.files.values():
            due = checks.get(file.id)
            if due is not None and due <= now and file.sweep(now):
                self.events.append(file)
            self.do(self.adopt_swept(file, before[file.id], report is CRASHED))
            emptied = (before[file.id].status, file.status) == (Status.TRASHED, Status.DELETED)
            self.bench.reached["trash emptied"] += emptied

    async def adopt_swept(self, file: File, before: File, crashed: bool) -> None:
        """Read which leftovers the sweep deleted: it alone decides which are old enough."""
        if crashed:
            await self.adopt(file, before)
        elif not file.counts and file.thing is not None:
            file.thing = await self.thing(file.key)
        if not crashed and file.bucket_parts:
            under_way = await self.world.multiparts()
            file.bucket_parts = {
                id: parts
                for id, parts in file.bucket_parts.items()
                if (file.key, id) in under_way
                or (id == file.multipart_id and file.status is Status.PENDING)
            }

    # -------------------------------------------------------------- the real state

    async def thing(self, key: str) -> Thing | None:
        """Return the object at the key, or None."""

        def read() -> Thing | None:
            try:
                found = self.world.s3.get_object(Bucket=self.world.bucket_name, Key=key)
            except self.world.s3.exceptions.NoSuchKey:
                return None
            return Thing(found["Body"].read(), found["ContentType"], found["ETag"])

        return await asyncio.to_thread(read)

    async def etags(self) -> dict[str, str]:
        """Return the ETags of all objects by key, also those of derived files."""
        world = self.world
        listed = await asyncio.to_thread(
            world.s3.list_objects_v2, Bucket=world.bucket_name, Prefix=world.key_prefix
        )
        return {entry["Key"]: entry["ETag"] for entry in listed.get("Contents", ())}

    def assert_derived(self, records: Mapping[str, Upload], keys: set[str]) -> None:
        """Compare records with the keys of the derived files; see `media`."""

    async def assert_as_modelled(self) -> None:
        """Assert that records, bucket and usage counts equal the model."""
        records = {upload.id: upload for upload in await self.world.records()}
        multiparts, listed = await asyncio.gather(self.world.multiparts(), self.etags())
        derived = {key for key in listed if key.startswith(f"{self.world.renditions_prefix}/")}
        etags = {key: etag for key, etag in listed.items() if key not in derived}
        self.assert_derived(records, derived)
        self.versions.check(records.values(), await self.world.with_events())
        statuses = {id: upload.status for id, upload in records.items()}
        assert statuses == {it.id: it.status for it in self.files.values() if it.status}
        for file in self.files.values():
            if record := records.get(file.id):
                assert record.multipart_id == file.multipart_id or not record.status.counts
                assert record.etag == file.etag, (record, file)
                assert record.trashed_at == file.trashed_at, (record, file)
                self.assert_legal(file.id, record.status)
        known = {(it.key, id) for it in self.files.values() for id in it.bucket_parts}
        assert multiparts == known
        expected = {it.key: it.thing.etag for it in self.files.values() if it.thing}
        assert etags == expected
        for owner_id in self.world.owner_ids:
            counted = [it for it in self.files.values() if it.owner_id == owner_id and it.counts]
            used = sum(it.request.size_bytes for it in counted)
            assert used <= QUOTA_BYTES
            assert await self.world.usage(owner_id) == {"bytes": used, "uploads": len(counted)}
            seen = sum(it.owner_id == owner_id and it.listed for it in self.files.values())
            assert await self.world.visible(owner_id) == {"uploads": seen, "exact": True}

    def assert_legal(self, upload_id: str, status: Status) -> None:
        """Assert that the transition from the last seen status is allowed."""
        last = self.seen.get(upload_id, Status.PENDING)
        assert status is last or may_become(last, status), (last, status)
        self.bench.reached[status.value] += status is not self.seen.get(upload_id)
        self.bench.reached["restored"] += (last, status) == (Status.TRASHED, Status.STORED)
        self.seen[upload_id] = status

    def used(self, owner_id: str) -> int:
        """Return how many bytes of the quota the owner's files use."""
        files = [it for it in self.files.values() if it.owner_id == owner_id and it.counts]
        return sum(it.request.size_bytes for it in files)

    def ticket(self, owner_id: str, request: FileRequest) -> File | None:
        """Return the file of an earlier request with the same client token, or None."""
        for file in self.files.values():
            same = file.owner_id == owner_id and file.request.client_token == request.client_token
            if request.client_token and same and file.visible:
                return file
        return None


def created(outcome: Any) -> Upload:
    """Return the upload of a ticket that must be for a new upload."""
    assert isinstance(outcome, Ticket), outcome
    assert outcome.created
    return outcome.upload
