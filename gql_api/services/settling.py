"""Settling: the only way in which an upload becomes STORED or REJECTED.

completeUpload, the storage events and the sweep all come here, and none of them is believed: the
bucket is asked what it holds. Each change is conditional on the state that was read, so any of
them may come twice, late, at the same time as another, or never.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from gql_api.domain import magic_bytes
from gql_api.domain.bucket import Bucket
from gql_api.domain.clock import Clock
from gql_api.domain.errors import (
    Failure,
    UploadClosed,
    UploadIncomplete,
    UploadNotFound,
    UploadRejected,
)
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.upload_store import UploadStore
from gql_api.domain.uploads import (
    ObjectFacts,
    Upload,
    UploadStatus,
    checksum_difference,
    difference,
    missing_parts,
)

# How long after its last URL has expired a request that began in time may still be arriving.
ARRIVAL_SECONDS = 3600
_TURNS = 5
_SECOND_LOOK_SECONDS = 0.1


class _Changed(Exception):
    """The object changed under our hands: look again."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where an upload stands after a look at the bucket.

    `missing`: the parts that are not there, while it is PENDING. PENDING with none missing means
    that all bytes are there and their checksum still has to be read.
    """

    upload: Upload
    missing: Sequence[int] = ()

    def accepted(self) -> Upload | Failure:
        """Return the upload if it is STORED, or PENDING with all bytes in the bucket.

        Any other upload is an UploadIncomplete, UploadRejected, UploadClosed or UploadNotFound.
        """
        upload = self.upload
        if self.missing:
            return UploadIncomplete(self.missing, len(self.missing))
        if upload.status is UploadStatus.REJECTED:
            return UploadRejected(upload)
        if upload.status in (UploadStatus.CANCELLED, UploadStatus.EXPIRED):
            return UploadClosed(upload.status)
        if upload.status is UploadStatus.DELETED:
            return UploadNotFound()
        return upload


class SettlingService:
    """Makes record and bucket agree."""

    def __init__(
        self, *, uploads: UploadStore, bucket: Bucket, clock: Clock, policy: UploadPolicy
    ) -> None:
        self._uploads = uploads
        self._bucket = bucket
        self._clock = clock
        self._policy = policy
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def settle(self, upload: Upload, *, read_max_bytes: int | None = None) -> Settlement:
        """Ask the bucket and move the upload to the state that follows; safe to repeat.

        Where the bucket reports no checksum and one was declared, the object is read, unless it
        is larger than `read_max_bytes`. Whatever arrived for an upload that is closed is deleted.
        """
        for _ in range(_TURNS):
            with contextlib.suppress(_Changed):
                settlement = await self._try_to_settle(upload, read_max_bytes)
                if settlement is not None:
                    return settlement
            upload = await self._current(upload)
        return Settlement(upload)

    async def _try_to_settle(self, upload: Upload, read_max_bytes: int | None) -> Settlement | None:
        """One try to settle; None if the record changed under our hands: look again."""
        if upload.status is UploadStatus.PENDING:
            return await self._settle_pending(upload, read_max_bytes)
        if upload.status is UploadStatus.STORED:
            return await self._check_stored(upload)
        await self._clear(upload)
        return Settlement(upload)

    async def settle_object(
        self, upload_id: str, key: str, etag: str | None = None
    ) -> Settlement | None:
        """Settle the upload whose object an event names; an object without a record is deleted.

        A record exists before the first URL for its object does, so there is none to wait for.

        `etag`, as the event has it, is believed in one thing only: that it tells of the very object
        that was looked at when the upload became STORED. Whatever overwrites that one has an event
        of its own, with another ETag, unless the bytes are the same; its size and type are signed.
        """
        upload = await self._uploads.find_any(upload_id)
        if upload is None or upload.key != key:
            await self._bucket.delete(key)
            return None
        checked = upload.status is UploadStatus.STORED and upload.etag is not None
        if checked and etag == str(upload.etag).strip('"'):
            return Settlement(upload)
        return await self.settle(upload)

    async def close(self, upload: Upload, to: UploadStatus, reason: str | None = None) -> Upload:
        """Move the upload to a closed state and take its bytes out of the bucket.

        The record changes first: if we die in between, the sweep finds a closed upload whose
        `check_at` comes, and takes away the bytes. Returns the upload as it is now: in another
        state than `to` if somebody else moved it first.
        """
        closed = await self._uploads.transition(
            upload, to, at=self._clock(), reason=reason, check_at=self._last_arrival()
        )
        if closed is None:
            return await self._current(upload)
        await self._clear(closed)
        return closed

    async def _settle_pending(
        self, upload: Upload, read_max_bytes: int | None
    ) -> Settlement | None:
        """The settlement, or None if record or bucket changed under our hands: look again."""
        async with self._turn(upload):
            facts, missing = await self._look(upload)
        if missing:
            return Settlement(upload, missing)
        if facts is None:
            return await self._without_multipart(upload)
        to_read = upload.size_bytes if upload.checksum and facts.sha256 is None else 0
        too_long = read_max_bytes is not None and to_read > read_max_bytes
        if too_long and difference(upload, facts) is None:
            return Settlement(upload)
        flaw = await self._flaw(upload, facts)
        if flaw is not None:
            return await self._reject(upload, flaw)
        stored = await self._uploads.transition(
            upload,
            UploadStatus.STORED,
            at=self._clock(),
            etag=facts.etag,
            check_at=None if upload.plan.multipart else self._last_arrival(),
        )
        return Settlement(stored) if stored else await self._stored_by_another(upload, facts)

    async def _stored_by_another(self, upload: Upload, facts: ObjectFacts) -> Settlement | None:
        """The settlement if somebody stored it with just these facts; None: look again."""
        current = await self._current(upload)
        same = current.status is UploadStatus.STORED and current.etag == facts.etag
        return Settlement(current) if same else None

    async def _look(self, upload: Upload) -> tuple[ObjectFacts | None, Sequence[int]]:
        """What the bucket says of the object, put together if need be, or the missing parts."""
        facts = await self._bucket.head(upload.key)
        missing = await self._assemble(upload) if facts is None else ()
        if facts is None and not missing:
            facts = await self._bucket.head(upload.key)
        return facts, missing

    async def _assemble(self, upload: Upload) -> Sequence[int]:
        """Put the parts together if all are there; else the numbers of those that are missing."""
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
        """Neither object nor multipart upload: somebody dropped it in the bucket, so begin anew."""
        current = await self._current(upload)
        if current.status is not UploadStatus.PENDING or upload.multipart_id is None:
            return None
        anew = await self._uploads.set_multipart(upload, None, part_checksums=False)
        if anew is None:
            return None
        return Settlement(anew, range(1, upload.plan.count + 1))

    async def _check_stored(self, upload: Upload) -> Settlement | None:
        """Look again at a stored object: an old URL may have overwritten it."""
        facts = await self._bucket.head(upload.key)
        if facts is None:
            return await self._reject(upload, "The object is no longer in the bucket.")
        if facts.etag == upload.etag and difference(upload, facts) is None:
            return Settlement(upload)
        flaw = await self._flaw(upload, facts)
        if flaw is not None:
            return await self._reject(upload, flaw)
        await self._uploads.note_check(upload, etag=facts.etag, check_at=upload.check_at)
        return Settlement(replace(upload, etag=facts.etag))

    async def _reject(self, upload: Upload, reason: str) -> Settlement | None:
        rejected = await self.close(upload, UploadStatus.REJECTED, reason)
        return Settlement(rejected) if rejected.status is UploadStatus.REJECTED else None

    async def _flaw(self, upload: Upload, facts: ObjectFacts) -> str | None:
        """How the object differs from what was declared, read in full where need be.

        A difference counts if it is still there at a second look: while an object is being
        overwritten, JuiceFS's gateway shows another content type for a millisecond.

        Raises:
            _Changed: the object is no longer the one of these facts.
        """
        flaw = difference(upload, facts)
        if flaw is not None:
            await asyncio.sleep(_SECOND_LOOK_SECONDS)
            if await self._bucket.head(upload.key) != facts:
                raise _Changed
            return flaw
        if upload.checksum is not None and facts.sha256 is None:
            sha256 = await self._bucket.sha256(upload.key, facts.etag)
            if sha256 is None:
                raise _Changed
            if sha256 != upload.checksum.value:
                return checksum_difference(upload.checksum, sha256)
        return await self._contradiction(upload, facts)

    async def _contradiction(self, upload: Upload, facts: ObjectFacts) -> str | None:
        """How the first bytes contradict the declared type, where the operator wants to know.

        Raises:
            _Changed: the object is no longer the one of these facts.
        """
        wanted = self._policy.check_file_types and magic_bytes.has_pattern(upload.content_type)
        if not wanted:
            return None
        start: bytes | None = b""
        if facts.size_bytes:
            start = await self._bucket.read_start(upload.key, facts.etag, magic_bytes.READ_BYTES)
        if start is None:
            raise _Changed
        return magic_bytes.contradiction(upload.content_type, start)

    async def _clear(self, upload: Upload) -> None:
        async with self._turn(upload):
            if upload.multipart_id is not None:
                await self._bucket.abort_multipart(upload.key, upload.multipart_id)
            await self._bucket.delete(upload.key)

    def _turn(self, upload: Upload) -> asyncio.Lock:
        """Keeps calls of this process from assembling or clearing one upload at the same time.

        S3 itself needs no such care. JuiceFS's gateway does: of two calls that complete one
        multipart upload it fails one, and the object is seen before it has its content type.
        """
        return self._turns.setdefault(upload.id, asyncio.Lock())

    async def _current(self, upload: Upload) -> Upload:
        """The record as it is now; one that was purged is as good as deleted."""
        current = await self._uploads.find_any(upload.id)
        return current or replace(upload, status=UploadStatus.DELETED)

    def _last_arrival(self) -> datetime:
        """When no request that is signed by now can bring bytes any more."""
        return self._clock() + timedelta(seconds=self._policy.url_ttl_seconds + ARRIVAL_SECONDS)
