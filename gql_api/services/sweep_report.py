"""The report of a sweep."""

from __future__ import annotations

from dataclasses import dataclass, field, fields


@dataclass(slots=True)
class SweepReport:
    """Counts of a sweep. Failures are logged, and a later sweep tries again.

    `objects_seen`: objects in the bucket that were looked at. `derived_deleted`: derived files that
    had outlived their object. `unknown_objects`: objects and multipart uploads that no record
    names; `unknown_deleted`: how many, noted earlier, were deleted. `events_relayed`: events that
    their own process did not relay. `failures`: uploads whose check
    failed. `steps_failed`: steps that stopped with an error.
    """

    checked: int = 0
    stored: int = 0
    rejected: int = 0
    expired: int = 0
    trash_deleted: int = 0
    purged: int = 0
    objects_seen: int = field(default=0, compare=False)
    orphans_deleted: int = 0
    multiparts_aborted: int = 0
    derived_deleted: int = 0
    unknown_objects: int = 0
    unknown_deleted: int = 0
    usages_corrected: int = 0
    events_relayed: int = 0
    failures: int = 0
    steps_failed: int = 0

    def __str__(self) -> str:
        counts = ((it.name, getattr(self, it.name)) for it in fields(self) if it.compare)
        return ", ".join(f"{name} {count}" for name, count in counts if count) or "nothing to do"


class SweepFailed(Exception):
    """At least one step of the sweep failed; the others were run. `report` has the counts."""

    def __init__(self, report: SweepReport) -> None:
        super().__init__(f"{report.steps_failed} steps of the sweep failed: {report}")
        self.report = report
