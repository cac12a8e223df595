"""Settling: the only way for an upload to become STORED or REJECTED.

completeUpload, storage events and the sweep all settle uploads here. None of them is trusted: the
bucket is checked each time. Every change is conditional on the state that was read, so triggers may
be duplicated, late, concurrent or lost.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable
from datetime import datetime

from gql_api.domain import etags, magic_bytes
from gql_api.domain.bucket import Bucket
from gql_api.domain.clock import Clock
from gql_api.domain.errors import ForeignBucket
from gql_api.domain.metrics import SECONDS_TO_STORED, UNKNOWN_OBJECTS, Metrics, NoMetrics
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.processing import TO_PROCESS
from gql_api.domain.upload_store import UploadStore
from gql_api.domain.uploads import (
    ObjectFacts,
    Upload,
    UploadName,
    UploadStatus,
    checksum_difference,
    difference,
)
from gql_api.services.deployment import DeploymentService
from gql_api.services.evidence import Evidence
from gql_api.services.looks import Look, Looks
from gql_api.services.recent_objects import RecentObjects
from gql_api.services.schedule import Schedule
from gql_api.services.settlement import Settlement

_TURNS = 5
_SECOND_LOOK_SECONDS = 0.1


class _Changed(Exception):
    """The object changed concurrently: check again."""


class SettlingService:
    """Makes an upload's record agree with the bucket."""

    def __init__(
        self,
        *,
        uploads: UploadStore,
        bucket: Bucket,
        deployment: DeploymentService,
        clock: Clock,
        policy: UploadPolicy,
        metrics: Metrics | None = None,
    ) -> None:
        self._uploads = uploads
        self._bucket = bucket
        self._evidence = Evidence(bucket, deployment)
        self.looks = Looks(bucket, self._evidence, policy.renditions_prefix)
        self.schedule = Schedule(self._evidence, policy)
        self._deployment = deployment
        self._clock = clock
        self._policy = policy
        self._metrics = metrics or NoMetrics()
        self.recent = RecentObjects()

    async def settle(
        self,
        upload: Upload,
        *,
        read_max_bytes: int | None = None,
        look: Awaitable[Look] | None = None,
    ) -> Settlement:
        """Check the bucket and move the upload to the resulting state; safe to repeat.

        If a checksum was declared but the bucket proves none, the object is read, unless it is
        larger than `read_max_bytes`. Bytes that arrive for a closed upload are deleted. `look` is
        what the bucket was just asked about a PENDING upload; see `Looks.look`.
        """
        for _ in range(_TURNS):
            with contextlib.suppress(_Changed):
                settlement = await self._try_to_settle(upload, read_max_bytes, look)
                if settlement is not None:
                    return settlement
            upload, look = await self._current(upload), None
        return Settlement(upload)

    async def _try_to_settle(
        self, upload: Upload, read_max_bytes: int | None, look: Awaitable[Look] | None
    ) -> Settlement | None:
        """Try once to settle; returns None if the record changed concurrently."""
        if upload.status is UploadStatus.PENDING:
            return await self._settle_pending(upload, read_max_bytes, look)
        if upload.status.stored:
            return await self._check_stored(upload, read_max_bytes)
        await self.looks.clear_again(upload)
        return Settlement(upload)

    async def settle_object(
        self, name: UploadName, key: str, etag: str | None = None, read_max_bytes: int | None = None
    ) -> Settlement | None:
        """Settle the upload whose object an event names; counts an object without a record.

        The record is created before the first URL for its object, so it need not be waited for.
        Nothing proves that an unknown object is the service's own, so it is left to the sweep.

        The event's `etag` is trusted for one purpose: if it is that of the object that was checked
        when the upload became STORED, nothing remains to be done. An object that overwrites it has
        an event of its own, with another ETag unless the bytes are equal; size and type are signed.
        """
        upload = await self._uploads.find_any(*name)
        if upload is None or upload.key != key:
            if await self._bucket.head(key) is not None:
                self._metrics.count(UNKNOWN_OBJECTS)
            return None
        if upload.status.stored and etags.same(etag, upload.etag):
            return Settlement(upload)
        return await self.settle(upload, read_max_bytes=read_max_bytes)

    async def close(
        self, upload: Upload, to: UploadStatus, reason: str | None = None, found: bool = True
    ) -> Upload:
        """Move the upload to a closed state and delete its bytes from the bucket.

        The record changes first: the sweep finds the closed upload by its `check_at` and deletes
        bytes that a crash left or that arrive later. `found` is False if the bucket was just seen
        to have no object. Returns the current upload, which is in a state other than `to` if
        another process moved it first.
        """
        self.recent.discard(upload.key)
        closed = await self._uploads.transition(
            upload, to, at=self._clock(), reason=reason, check_at=self._last_arrival()
        )
        if closed is None:
            return await self._current(upload)
        await self.looks.clear(closed, found)
        return closed

    async def delete(self, upload: Upload) -> None:
        """Delete the upload's bytes and leave a tombstone; safe to repeat."""
        while upload.status is not UploadStatus.DELETED:
            # This repeats if the upload has changed meanwhile. Only its owner can move it back, out
            # of the trash, so the loop ends.
            upload = await self.close(upload, UploadStatus.DELETED)

    async def _settle_pending(
        self, upload: Upload, read_max_bytes: int | None, look: Awaitable[Look] | None
    ) -> Settlement | None:
        """Settle a PENDING upload; returns None if record or bucket changed concurrently."""
        facts, missing = await (look or self.looks.look(upload))
        if missing:
            return Settlement(upload, missing)
        if facts is None:
            return await self._without_multipart(upload)
        if _is_too_long(upload, facts, read_max_bytes):
            return Settlement(upload, unread=True)
        flaw = await self._flaw(upload, facts)
        if flaw is not None:
            return await self._reject(upload, flaw)
        now, processing = self._clock(), self._policy.first_processing(upload)
        stored = await self._uploads.transition(
            upload,
            UploadStatus.STORED,
            at=now,
            etag=facts.etag,
            check_at=await self.schedule.stored(upload, now, processing),
            processing=processing,
        )
        if stored is None:
            return await self._stored_by_another(upload, facts)
        if processing is not TO_PROCESS:
            # Otherwise, the event still has to have the object processed.
            self.recent.add(upload.key, facts.etag)
        self._metrics.duration(SECONDS_TO_STORED, (now - upload.created_at).total_seconds())
        return Settlement(stored)

    async def _stored_by_another(self, upload: Upload, facts: ObjectFacts) -> Settlement | None:
        """Return the settlement if another process stored exactly this object; None otherwise."""
        current = await self._current(upload)
        same = current.status.stored and current.etag == facts.etag
        return Settlement(current) if same else None

    def may_read(self, upload: Upload) -> bool:
        """Return whether settling the upload may read its object."""
        return upload.checksum is not None or self._is_type_checked(upload)

    def _is_type_checked(self, upload: Upload) -> bool:
        return self._policy.check_file_types and magic_bytes.has_pattern(upload.content_type)

    async def _without_multipart(self, upload: Upload) -> Settlement | None:
        """Restart an upload whose multipart upload was aborted by a third party in the bucket."""
        current = await self._current(upload)
        if current.status is not UploadStatus.PENDING or upload.multipart_id is None:
            return None
        restarted = await self._uploads.set_multipart(upload, None, part_checksums=False)
        if restarted is None:
            return None
        return Settlement(restarted, range(1, upload.plan.count + 1))

    async def _check_stored(self, upload: Upload, read_max_bytes: int | None) -> Settlement | None:
        """Check a stored object again: a client may have overwritten it with an old URL.

        Raises:
            ForeignBucket: there is no object, but the bucket may be that of another database.
        """
        self.recent.discard(upload.key)
        facts = await self._evidence.facts(upload)
        if facts is None and not await self._deployment.owns_bucket():
            raise ForeignBucket
        if facts is None:
            return await self._reject(upload, "The object is no longer in the bucket.")
        if facts.etag == upload.etag and difference(upload, facts) is None:
            return Settlement(upload)
        if _is_too_long(upload, facts, read_max_bytes):
            return Settlement(upload, unread=True)
        flaw = await self._flaw(upload, facts)
        if flaw is not None:
            return await self._reject(upload, flaw)
        now, processing = self._clock(), self._policy.first_processing(upload)
        replaced = await self._uploads.note_replaced(
            upload,
            etag=facts.etag,
            at=now,
            processing=processing,
            check_at=self.schedule.replaced(upload, now, processing),
        )
        if replaced is None:
            return None
        await self.looks.derived.delete_recorded(upload)
        return Settlement(replaced)

    async def _reject(self, upload: Upload, reason: str) -> Settlement | None:
        rejected = await self.close(upload, UploadStatus.REJECTED, reason)
        return Settlement(rejected) if rejected.status is UploadStatus.REJECTED else None

    async def _flaw(self, upload: Upload, facts: ObjectFacts) -> str | None:
        """Return how the object differs from the declaration, reading all of it if necessary.

        A difference must persist at a second check: while an object is being overwritten,
        JuiceFS's gateway reports another content type for a millisecond.

        Raises:
            _Changed: the object no longer has these facts.
        """
        flaw = difference(upload, facts)
        if flaw is not None:
            await asyncio.sleep(_SECOND_LOOK_SECONDS)
            if await self._evidence.facts(upload) != facts:
                raise _Changed
            return flaw
        if upload.checksum is not None and _is_unproven(upload, facts):
            algorithm = upload.checksum.algorithm
            digest = await self._bucket.digest(upload.key, facts.etag, algorithm)
            if digest is None:
                raise _Changed
            if digest != upload.checksum.value:
                return checksum_difference(upload.checksum, digest)
        return await self._contradiction(upload, facts)

    async def _contradiction(self, upload: Upload, facts: ObjectFacts) -> str | None:
        """Return how the first bytes contradict the declared type, if the operator checks types.

        Raises:
            _Changed: the object no longer has these facts.
        """
        if not self._is_type_checked(upload):
            return None
        start: bytes | None = b""
        if facts.size_bytes:
            start = await self._bucket.read_start(upload.key, facts.etag, magic_bytes.READ_BYTES)
        if start is None:
            raise _Changed
        return magic_bytes.contradiction(upload.content_type, start)

    async def _current(self, upload: Upload) -> Upload:
        """Return the current record; a purged record counts as deleted."""
        current = await self._uploads.find_any(*upload.name)
        return current or upload._replace(status=UploadStatus.DELETED)

    def _last_arrival(self) -> datetime:
        """Return when bytes can no longer arrive by any request signed so far."""
        return self._policy.last_arrival(self._clock())


def _is_unproven(upload: Upload, facts: ObjectFacts) -> bool:
    """Return whether a checksum was declared that the bucket does not report."""
    declared = upload.checksum
    return declared is not None and facts.checksum(declared.algorithm) is None


def _is_too_long(upload: Upload, facts: ObjectFacts, read_max_bytes: int | None) -> bool:
    """Return whether only reading more than `read_max_bytes` can show that the object matches."""
    to_read = upload.size_bytes if _is_unproven(upload, facts) else 0
    too_long = read_max_bytes is not None and to_read > read_max_bytes
    return too_long and difference(upload, facts) is None
