"""The sweep: settles uploads that clients and events missed, and verifies the usage."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from gql_api.domain.clock import Clock
from gql_api.domain.file_requests import FIRST_CHECK_SECONDS
from gql_api.domain.metrics import SWEEP_COMPLETED, SWEEP_STEP_FAILED, Metrics, NoMetrics
from gql_api.domain.upload_store import Checkpoints, UploadStore, UsageBooks
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.services.orphans import Orphans
from gql_api.services.settling import SettlingService
from gql_api.services.sweep_report import SweepReport

_log = logging.getLogger(__name__)

_CHECK_INTERVAL_MAX = timedelta(hours=6)
_CONCURRENCY = 8


class MaintenanceService:
    """Does a bounded amount of work per run; the next run continues where this one stopped."""

    def __init__(
        self,
        *,
        uploads: UploadStore,
        usage: UsageBooks,
        orphans: Orphans,
        checkpoints: Checkpoints,
        settling: SettlingService,
        clock: Clock,
        batch: int = 1000,
        metrics: Metrics | None = None,
    ) -> None:
        self._uploads = uploads
        self._usage = usage
        self._orphans = orphans
        self._checkpoints = checkpoints
        self._settling = settling
        self._clock = clock
        self._batch = batch
        self._metrics = metrics or NoMetrics()

    async def sweep(self) -> SweepReport:
        """Settle or expire due uploads, delete orphans and recompute usage.

        If a step fails, the others still run.
        """
        report = SweepReport()
        for step in (
            self._check_due,
            self._orphans.delete_objects,
            self._orphans.abort_multiparts,
            self._recompute_usage,
        ):
            try:
                await step(report)
            except Exception:
                _log.exception("a step of the sweep failed: %s", step.__name__)
                report.failures += 1
        if report.failures:
            self._metrics.count(SWEEP_STEP_FAILED, report.failures)
        self._metrics.count(SWEEP_COMPLETED)
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
