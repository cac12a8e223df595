"""The sweep: settles uploads that clients and events missed, and verifies bucket and usage."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from functools import partial

from gql_api.domain.clock import Clock
from gql_api.domain.metrics import SWEEP_COMPLETED, SWEEP_STEP_FAILED, Metrics, NoMetrics
from gql_api.domain.upload_store import Checkpoints, UsageBooks
from gql_api.services.derived_orphans import DerivedOrphans
from gql_api.services.due_uploads import DueUploads
from gql_api.services.orphans import Orphans
from gql_api.services.passes import begins_pass
from gql_api.services.relaying import RelayService
from gql_api.services.sweep_report import SweepFailed, SweepReport
from gql_api.services.turns import HasTime, Step, Timer, take_turns
from gql_api.services.unknown_objects import UnknownObjectService

_log = logging.getLogger(__name__)

SWEEP_SECONDS = 50.0

# Usage changes only in transactions, so this pass finds nothing unless someone edits the database.
# It reads an index entry per upload; if run more often, it would keep a large database busy.
USAGE_PASS_EVERY = timedelta(days=1)


class MaintenanceService:
    """Works for a limited time; the next sweep continues where this one stopped.

    Several sweeps may run at once: they share the work.
    """

    def __init__(
        self,
        *,
        due: DueUploads,
        usage: UsageBooks,
        orphans: Orphans,
        derived: DerivedOrphans,
        unknown: UnknownObjectService,
        checkpoints: Checkpoints,
        relay: RelayService | None = None,
        clock: Clock,
        batch: int = 50,
        timer: Timer = time.monotonic,
        metrics: Metrics | None = None,
    ) -> None:
        self._due = due
        self._usage = usage
        self._orphans = orphans
        self._derived = derived
        self._unknown = unknown
        self._checkpoints = checkpoints
        self._relay = relay
        self._clock = clock
        self._batch = batch
        self._timer = timer
        self._metrics = metrics or NoMetrics()

    async def sweep(self, seconds: float = SWEEP_SECONDS) -> SweepReport:
        """Settle or expire due uploads, delete orphans and recompute usage.

        Begins no new work after `seconds`. The work begun by then takes at most
        `turns.GRACE_SECONDS` more. If there is more work than time, due uploads get 60 % of the
        time and the walk through the bucket 40 %, less what the other steps need. Once a day, the
        walk through the derived files gets half as much as the one through the bucket.

        Raises:
            SweepFailed: a step failed; the others have run.
        """
        report = SweepReport()

        def failed(step: Step, error: Exception) -> None:
            _log.error("a step of the sweep failed: %s", step.name, exc_info=error)
            report.steps_failed += 1

        steps = [
            Step("due uploads", partial(self._due.check, report), weight=3),
            Step("orphaned objects", partial(self._orphans.delete_objects, report), weight=2),
            Step("orphaned multipart uploads", partial(self._orphans.abort_multiparts, report)),
            Step("derived files", partial(self._derived.delete_outlived, report)),
            Step("unknown objects", partial(self._unknown.delete_unknown, report)),
            Step("usage", partial(self._recompute_usage, report)),
        ]
        if self._relay is not None:
            steps.insert(0, Step("events", partial(self._relay.relay_overdue, report)))
        await take_turns(steps, seconds, self._timer, failed)
        self._metrics.count(SWEEP_COMPLETED)
        if report.steps_failed:
            self._metrics.count(SWEEP_STEP_FAILED, report.steps_failed)
            raise SweepFailed(report)
        return report

    async def _recompute_usage(self, report: SweepReport, has_time: HasTime) -> None:
        """Recompute the next users' usage, up to the last; the next pass begins a day later."""
        while has_time():
            position = await self._checkpoints.get("usage")
            if not position and not await begins_pass(
                self._checkpoints, "usage", USAGE_PASS_EVERY, self._clock()
            ):
                return
            owner_ids = await self._usage.owner_ids(position, self._batch)
            reached = owner_ids[-1] if len(owner_ids) == self._batch else ""
            if not await self._checkpoints.move("usage", position, reached):
                continue
            report.usages_corrected += await self._usage.recompute(owner_ids)
