"""Uploads that are due: the sweep checks what neither the client nor an event has settled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from gql_api.domain.clock import Clock
from gql_api.domain.errors import ForeignBucket
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.read_queue import READ_AT_ONCE_MAX_BYTES, ReadQueue
from gql_api.domain.upload_store import UploadStore
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.services.deployment import DeploymentService
from gql_api.services.media import MediaService
from gql_api.services.schedule import wait
from gql_api.services.settling import SettlingService
from gql_api.services.sweep_report import SweepReport
from gql_api.services.turns import Turn

_log = logging.getLogger(__name__)

# Longer than any sweep: Lambda ends one after 15 minutes.
LEASE = timedelta(minutes=16)
# The time until an object that is read separately is checked again. 5 GiB takes minutes at most.
_READ_TIME = timedelta(hours=1)
# As many as the bucket has threads, see adapters/s3/client.py. Checks that wait for the database
# are sent in groups and need few connections.
_CONCURRENCY = 16
# If this many checks fail and none succeeds, the bucket or the database does not work. The others
# would fail too, each after seconds of waiting.
_HOPELESS = 2 * _CONCURRENCY
# Less than `turns.GRACE_SECONDS`, so that the step can still record the result of a check.
_GRACE_SECONDS = 10


class AllChecksFailed(Exception):
    """Checks failed, and none succeeded."""


class _Batch:
    """The uploads of one claim, by what became of them."""

    def __init__(self, waiting: Iterator[Upload]) -> None:
        self.waiting = waiting
        self.succeeded = 0
        self.failed: list[Upload] = []
        self.left: list[Upload] = []

    @property
    def hopeless(self) -> bool:
        return not self.succeeded and len(self.failed) >= _HOPELESS


class DueUploads:
    """Checks uploads whose `check_at` has passed; a step of the sweep.

    Uploads are claimed before they are checked: their `check_at` moves to the end of a lease. So
    concurrent sweeps check different uploads, and if a process dies, its uploads become due again.
    """

    def __init__(
        self,
        *,
        uploads: UploadStore,
        settling: SettlingService,
        media: MediaService,
        reads: ReadQueue,
        deployment: DeploymentService,
        clock: Clock,
        policy: UploadPolicy,
        batch: int = 500,
    ) -> None:
        self._uploads = uploads
        self._settling = settling
        self._media = media
        self._reads = reads
        self._deployment = deployment
        self._clock = clock
        self._policy = policy
        self._batch = batch

    async def check(self, report: SweepReport, turn: Turn) -> None:
        """Check uploads, the longest overdue first, until none is due or the turn ends.

        An upload whose check fails is counted and postponed, so that it does not keep others from
        being checked. In a bucket of another database, all uploads would look as if their bytes
        were missing: nothing is checked, and nothing expires.

        Raises:
            AllChecksFailed: checks of one batch failed, and none succeeded.
            ForeignBucket: the bucket does not carry the identity of this database.
        """
        if await self._deployment.is_foreign():
            raise ForeignBucket
        while turn():
            now = self._clock()
            due = await self._uploads.claim_due(now, self._batch, until=now + LEASE)
            if not due:
                return
            batch = _Batch(iter(due))
            await asyncio.gather(*(self._work(batch, report, turn) for _ in range(_CONCURRENCY)))
            await self._put_off(batch)
            if batch.failed and not batch.succeeded:
                raise AllChecksFailed(f"{len(batch.failed)} checks failed, and none succeeded")

    async def _work(self, batch: _Batch, report: SweepReport, turn: Turn) -> None:
        for upload in batch.waiting:
            if batch.hopeless or not turn():
                batch.left.append(upload)
                continue
            try:
                async with asyncio.timeout(max(0, turn.seconds_left()) + _GRACE_SECONDS):
                    await self._check(upload, report)
            except Exception:
                _log.exception("upload %s could not be checked", upload.id)
                report.failures += 1
                batch.failed.append(upload)
            else:
                batch.succeeded += 1

    async def _put_off(self, batch: _Batch) -> None:
        """Make uploads that were not checked due again, and postpone those whose check failed."""
        now = self._clock()
        await asyncio.gather(
            *(self._note(upload, now) for upload in batch.left),
            *(self._note(upload, now + wait(upload, now)) for upload in batch.failed),
        )

    async def _check(self, due: Upload, report: SweepReport) -> None:
        """Settle one upload, expire it if it is overdue, and schedule its next check."""
        now = self._clock()
        report.checked += 1
        settlement = await self._settling.settle(due, read_max_bytes=READ_AT_ONCE_MAX_BYTES)
        upload = settlement.upload
        if settlement.unread:
            # All bytes have arrived, so the upload does not expire before they have been read.
            await self._reads.send(upload.key)
            await self._note(upload, now + _READ_TIME)
            return
        if upload.status is UploadStatus.PENDING and now >= upload.expires_at:
            upload = await self._settling.close(
                upload, UploadStatus.EXPIRED, found=not settlement.missing
            )
        if upload.status is UploadStatus.PENDING:
            next_check = min(now + wait(upload, now), upload.expires_at)
            await self._uploads.note_check(upload, check_at=next_check)
        elif upload.status.stored:
            await self._after_look(due, upload, now, report)
        elif due.status is UploadStatus.DELETED:
            await self._after_deletion(upload, now, report)
        elif due.status is upload.status:
            await self._note(upload, None)
        # Uploads that their owner has restored meanwhile do not count.
        stored = due.status is UploadStatus.PENDING and upload.status is UploadStatus.STORED
        report.stored += stored
        report.rejected += due.status is not upload.status is UploadStatus.REJECTED
        report.expired += due.status is not upload.status is UploadStatus.EXPIRED

    async def _after_look(
        self, due: Upload, upload: Upload, now: datetime, report: SweepReport
    ) -> None:
        """Delete a stored upload if its time in the trash is over.

        Otherwise, have it processed if nothing has done that, and schedule its next check, unless
        the change to its present status has scheduled it.
        """
        trashed = upload.status is UploadStatus.TRASHED
        if trashed and now >= self._policy.trash_ends_at(upload.trashed_at or now):
            closed = await self._settling.close(upload, UploadStatus.DELETED)
            report.trash_deleted += closed.status is UploadStatus.DELETED
            return
        upload = await self._media.request_again(upload)
        if trashed or due.status is upload.status:
            await self._note(upload, await self._settling.schedule.checked(upload, now))

    async def _after_deletion(self, upload: Upload, now: datetime, report: SweepReport) -> None:
        """Remove a tombstone that neither late bytes nor readers of the feed need any more."""
        kept_until = self._policy.tombstone_ends_at(upload.changed_at or now)
        if upload.changed_at is not None and now < kept_until:
            await self._note(upload, kept_until)
            return
        # One with events stays until they are relayed; the lease of this check ends soon.
        await self._uploads.purge(upload)
        report.purged += 1

    async def _note(self, upload: Upload, check_at: datetime | None) -> None:
        await self._uploads.note_check(upload, check_at=check_at)
