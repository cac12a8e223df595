"""Settling: the only way for an upload to become STORED or REJECTED.

completeUpload, storage events and the sweep all settle uploads here. None of them is trusted: the
bucket is checked each time. Every change is conditional on the state that was read, so triggers may
be duplicated, late, concurrent or lost.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from gql_api.domain import magic_bytes
from gql_api.domain.bucket import Bucket
from gql_api.domain.clock import Clock
from gql_api.domain.errors import ForeignBucket
from gql_api.domain.metrics import SECONDS_TO_STORED, UNKNOWN_OBJECTS, Metrics, NoMetrics
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.upload_store import UploadStore
from gql_api.domain.uploads import (
    ObjectFacts,
    Upload,
    UploadName,
    UploadStatus,
    checksum_difference,
    difference,
    missing_parts,
)
from gql_api.services.deployment import DeploymentService
from gql_api.services.evidence import Evidence
from gql_api.services.settlement import Settlement

# How long a request that started in time may still be arriving after its URL has expired.
ARRIVAL_SECONDS = 3600
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
        self._deployment = deployment
        self._clock = clock
        self._policy = policy
        self._metrics = metrics or NoMetrics()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def settle(self, upload: Upload, *, read_max_bytes: int | None = None) -> Settlement:
        """Check the bucket and move the upload to the resulting state; safe to repeat.

        If a checksum was declared but the bucket proves none, the object is read, unless it is
        larger than `read_max_bytes`. Bytes that arrive for a closed upload are deleted.
        """
        for _ in range(_TURNS):
            with contextlib.suppress(_Changed):
                settlement = await self._try_to_settle(upload, read_max_bytes)
                if settlement is not None:
                    return settlement
            upload = await self._current(upload)
        return Settlement(upload)

    async def _try_to_settle(self, upload: Upload, read_max_bytes: int | None) -> Settlement | None:
        """Try once to settle; returns None if the record changed concurrently."""
        if upload.status is UploadStatus.PENDING:
            return await self._settle_pending(upload, read_max_bytes)
        if upload.status is UploadStatus.STORED:
            return await self._check_stored(upload, read_max_bytes)
        await self._clear(upload)
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
        checked = upload.status is UploadStatus.STORED and upload.etag is not None
        if checked and etag == str(upload.etag).strip('"'):
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
        closed = await self._uploads.transition(
            upload, to, at=self._clock(), reason=reason, check_at=self._last_arrival()
        )
        if closed is None:
            return await self._current(upload)
        await self._clear(closed, found)
        return closed

    async def delete(self, upload: Upload) -> None:
        """Delete the upload's bytes and leave a tombstone; safe to repeat."""
        while upload.status is not UploadStatus.DELETED:
            # The state may change concurrently, but only forward, so the loop terminates.
            upload = await self.close(upload, UploadStatus.DELETED)

    async def _settle_pending(
        self, upload: Upload, read_max_bytes: int | None
    ) -> Settlement | None:
        """Settle a PENDING upload; returns None if record or bucket changed concurrently."""
        async with self._turn(upload):
            facts, missing = await self._look(upload)
        if missing:
            return Settlement(upload, missing)
        if facts is None:
            return await self._without_multipart(upload)
        if _is_too_long(upload, facts, read_max_bytes):
            return Settlement(upload, unread=True)
        flaw = await self._flaw(upload, facts)
        if flaw is not None:
            return await self._reject(upload, flaw)
        overwritable = await self._evidence.may_be_overwritten(upload)
        stored = await self._uploads.transition(
            upload,
            UploadStatus.STORED,
            at=(now := self._clock()),
            etag=facts.etag,
            check_at=self._last_arrival() if overwritable else None,
        )
        if stored is None:
            return await self._stored_by_another(upload, facts)
        self._metrics.duration(SECONDS_TO_STORED, (now - upload.created_at).total_seconds())
        return Settlement(stored)

    async def _stored_by_another(self, upload: Upload, facts: ObjectFacts) -> Settlement | None:
        """Return the settlement if another process stored exactly this object; None otherwise."""
        current = await self._current(upload)
        same = current.status is UploadStatus.STORED and current.etag == facts.etag
        return Settlement(current) if same else None

    async def _look(self, upload: Upload) -> tuple[ObjectFacts | None, Sequence[int]]:
        """Return the facts of the object, after assembling it if needed, and the missing parts."""
        missing = await self._assemble(upload)
        facts = await self._evidence.facts(upload)
        return facts, missing if facts is None else ()

    async def _assemble(self, upload: Upload) -> Sequence[int]:
        """Assemble the parts if all have been received; returns the numbers of the missing ones."""
        if upload.multipart_id is None:
            return range(1, upload.plan.count + 1)
        parts = await self._bucket.list_parts(upload.key, upload.multipart_id)
        if parts is None:
            return ()
        missing = missing_parts(upload.plan, {part.number: part.size_bytes for part in parts})
        if not missing:
            planned = [part for part in parts if part.number <= upload.plan.count]
            await self._bucket.complete_multipart(upload.key, upload.multipart_id, planned)
        return missing

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
        replaced = await self._uploads.note_replaced(upload, etag=facts.etag, at=self._clock())
        return None if replaced is None else Settlement(replaced)

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
        if not (self._policy.check_file_types and magic_bytes.has_pattern(upload.content_type)):
            return None
        start: bytes | None = b""
        if facts.size_bytes:
            start = await self._bucket.read_start(upload.key, facts.etag, magic_bytes.READ_BYTES)
        if start is None:
            raise _Changed
        return magic_bytes.contradiction(upload.content_type, start)

    async def _clear(self, upload: Upload, found: bool = True) -> None:
        async with self._turn(upload):
            if upload.multipart_id is not None:
                await self._bucket.abort_multipart(upload.key, upload.multipart_id)
            if found:
                await self._bucket.delete(upload.key)

    def _turn(self, upload: Upload) -> asyncio.Lock:
        """Return a lock that serializes assembling and clearing of an upload in this process.

        S3 itself does not need it. JuiceFS's gateway does: if two requests complete the same
        multipart upload, one fails, and the object is visible before it has its content type.
        """
        return self._turns.setdefault(upload.id, asyncio.Lock())

    async def _current(self, upload: Upload) -> Upload:
        """Return the current record; a purged record counts as deleted."""
        current = await self._uploads.find_any(*upload.name)
        return current or upload._replace(status=UploadStatus.DELETED)

    def _last_arrival(self) -> datetime:
        """Return when bytes can no longer arrive by any request signed so far."""
        return self._clock() + timedelta(seconds=self._policy.url_ttl_seconds + ARRIVAL_SECONDS)


def _is_unproven(upload: Upload, facts: ObjectFacts) -> bool:
    """Return whether a checksum was declared that the bucket does not report."""
    declared = upload.checksum
    return declared is not None and facts.checksum(declared.algorithm) is None


def _is_too_long(upload: Upload, facts: ObjectFacts, read_max_bytes: int | None) -> bool:
    """Return whether only reading more than `read_max_bytes` can show that the object matches."""
    to_read = upload.size_bytes if _is_unproven(upload, facts) else 0
    too_long = read_max_bytes is not None and to_read > read_max_bytes
    return too_long and difference(upload, facts) is None
