"""The sweep: settles uploads that clients and events missed, and verifies the usage."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from gql_api.domain.bucket import Bucket, MultipartEntry
from gql_api.domain.clock import Clock
from gql_api.domain.file_requests import FIRST_CHECK_SECONDS
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.upload_store import Checkpoints, UploadStore, UsageBooks
from gql_api.domain.uploads import Upload, UploadStatus, upload_id_of
from gql_api.services.settling import SettlingService

_log = logging.getLogger(__name__)

# Younger objects and multipart uploads may belong to a request in progress.
ORPHAN_AGE = timedelta(hours=1)
_CHECK_INTERVAL_MAX = timedelta(hours=6)
_CONCURRENCY = 8


@dataclass(slots=True)
class SweepReport:
    """Counts of a sweep. `failures` are logged; the next sweep tries them again."""

    checked: int = 0
    stored: int = 0
    rejected: int = 0
    expired: int = 0
    purged: int = 0
    orphans_deleted: int = 0
    multiparts_aborted: int = 0
    usages_corrected: int = 0
    failures: int = 0

    def __str__(self) -> str:
        counts = ((field.name, getattr(self, field.name)) for field in fields(self))
        return ", ".join(f"{name} {count}" for name, count in counts if count) or "nothing to do"


class MaintenanceService:
    """Does a bounded amount of work per run; the next run continues where this one stopped."""

    def __init__(
        self,
        *,
        uploads: UploadStore,
        usage: UsageBooks,
        bucket: Bucket,
        checkpoints: Checkpoints,
        settling: SettlingService,
        clock: Clock,
        policy: UploadPolicy,
        batch: int = 1000,
    ) -> None:
        self._uploads = uploads
        self._usage = usage
        self._bucket = bucket
        self._checkpoints = checkpoints
        self._settling = settling
        self._clock = clock
        self._policy = policy
        self._batch = batch

    async def sweep(self) -> SweepReport:
        """Settle or expire due uploads, delete orphans and recompute usage.

        If a step fails, the others still run.
        """
        report = SweepReport()
        for step in (
            self._check_due,
            self._delete_orphans,
            self._abort_orphans,
            self._recompute_usage,
        ):
            try:
                await step(report)
            except Exception:
                _log.exception("a step of the sweep failed: %s", step.__name__)
                report.failures += 1
        return report

    async def _check_due(self, report: SweepReport) -> None:
        due = await self._uploads.due(self._clock(), self._batch)
        limit = asyncio.Semaphore(_CONCURRENCY)
        failed: list[Upload] = []

        async def check(upload: Upload) -> None:
            async with limit:
                try:
                    await self._check(upload, report)
                except Exception:
                    _log.exception("upload %s could not be checked", upload.id)
                    report.failures += 1
                    failed.append(upload)

        await asyncio.gather(*map(check, due))
        # The longest overdue come first: unless they are postponed, a batch of uploads that always
        # fail would prevent all others from being checked.
        later = self._clock() + timedelta(seconds=FIRST_CHECK_SECONDS)
        for upload in failed:
            await self._uploads.note_check(upload, etag=upload.etag, check_at=later)

    async def _check(self, due: Upload, report: SweepReport) -> None:
        """Settle one upload, expire it if it is overdue, and schedule its next check."""
        now = self._clock()
        report.checked += 1
        upload = (await self._settling.settle(due)).upload
        if upload.status is UploadStatus.PENDING and now >= upload.expires_at:
            upload = await self._settling.close(upload, UploadStatus.EXPIRED)
        if upload.status is UploadStatus.PENDING:
            await self._uploads.note_check(upload, etag=None, check_at=_next_check(upload, now))
        elif due.status is UploadStatus.DELETED:
            await self._uploads.purge(upload)
            report.purged += 1
        elif due.status is upload.status:
            await self._uploads.note_check(upload, etag=upload.etag, check_at=None)
        report.stored += due.status is not upload.status is UploadStatus.STORED
        report.rejected += due.status is not upload.status is UploadStatus.REJECTED
        report.expired += due.status is not upload.status is UploadStatus.EXPIRED

    async def _delete_orphans(self, report: SweepReport) -> None:
        """Continue through the bucket and delete objects without a live record."""
        position = await self._checkpoints.get("orphans")
        prefix = f"{self._policy.key_prefix}/"
        entries = await self._bucket.list_objects(prefix, position, self._batch)
        horizon = self._clock() - ORPHAN_AGE
        old = [entry.key for entry in entries if entry.modified_at < horizon]
        for key in await self._without_record(old):
            await self._bucket.delete(key)
            report.orphans_deleted += 1
        reached = entries[-1].key if len(entries) == self._batch else ""
        await self._checkpoints.set("orphans", reached)

    async def _without_record(self, keys: Sequence[str]) -> list[str]:
        """Return the keys of uploads without a live record; ignores keys of any other form."""
        ids = {key: upload_id_of(self._policy.key_prefix, key) for key in keys}
        known = await self._uploads.find_many(filter(None, ids.values()))
        return [
            key
            for key, upload_id in ids.items()
            if upload_id is not None
            and not (
                (upload := known.get(upload_id)) and upload.key == key and upload.status.counts
            )
        ]

    async def _abort_orphans(self, report: SweepReport) -> None:
        """Abort multipart uploads that belong to no PENDING record."""
        horizon = self._clock() - ORPHAN_AGE
        entries = await self._bucket.list_multiparts(f"{self._policy.key_prefix}/")
        ours: list[tuple[MultipartEntry, str]] = [
            (entry, upload_id)
            for entry in entries
            if entry.initiated_at < horizon
            and (upload_id := upload_id_of(self._policy.key_prefix, entry.key))
        ]
        known = await self._uploads.find_many(upload_id for _, upload_id in ours)
        for entry, upload_id in ours:
            upload = known.get(upload_id)
            pending = upload is not None and upload.status is UploadStatus.PENDING
            if not (upload and pending and upload.multipart_id == entry.multipart_id):
                await self._bucket.abort_multipart(entry.key, entry.multipart_id)
                report.multiparts_aborted += 1

    async def _recompute_usage(self, report: SweepReport) -> None:
        position = await self._checkpoints.get("usage")
        owner_ids = await self._usage.owner_ids(position, self._batch)
        report.usages_corrected += await self._usage.recompute(owner_ids)
        reached = owner_ids[-1] if len(owner_ids) == self._batch else ""
        await self._checkpoints.set("usage", reached)


def _next_check(upload: Upload, now: datetime) -> datetime:
    """Return the next check: less frequent the older the upload, and no later than its expiry."""
    age = max(now - upload.created_at, timedelta(seconds=FIRST_CHECK_SECONDS))
    return min(now + min(age, _CHECK_INTERVAL_MAX), upload.expires_at)
