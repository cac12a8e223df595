"""What a sweep did."""

from __future__ import annotations

from dataclasses import dataclass, fields


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
