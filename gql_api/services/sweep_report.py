"""What a sweep did, and what its steps are called with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

HasTime = Callable[[], bool]
"""Tells a step whether it may begin another batch."""


@dataclass(slots=True)
class SweepReport:
    """Counts of a sweep. Failures are logged, and a later sweep tries again.

    `failures`: uploads whose check failed. `steps_failed`: steps that stopped with an error.
    """

    checked: int = 0
    stored: int = 0
    rejected: int = 0
    expired: int = 0
    purged: int = 0
    orphans_deleted: int = 0
    multiparts_aborted: int = 0
    usages_corrected: int = 0
    failures: int = 0
    steps_failed: int = 0

    def __str__(self) -> str:
        counts = ((field.name, getattr(self, field.name)) for field in fields(self))
        return ", ".join(f"{name} {count}" for name, count in counts if count) or "nothing to do"


class SweepFailed(Exception):
    """At least one step of the sweep failed; the others were run. `report` has the counts."""

    def __init__(self, report: SweepReport) -> None:
        super().__init__(f"{report.steps_failed} steps of the sweep failed: {report}")
        self.report = report
