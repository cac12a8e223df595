"""What is measured against: the embedded service, and beside it a second one on a slow line."""

from __future__ import annotations

import os
import time
from pathlib import Path

from local.child import ChildStack

BUCKET = "bench"
_DEADLINE_SECONDS = 120
_TICKS = os.sysconf("SC_CLK_TCK")


def wait_until_quiet(stacks: list[ChildStack]) -> None:
    """Return once the service has nothing left to do from the run before."""
    end = time.monotonic() + _DEADLINE_SECONDS
    before = sum(map(_busy_seconds, stacks))
    while time.monotonic() < end:
        time.sleep(0.5)
        now = sum(map(_busy_seconds, stacks))
        if now - before < 0.04:
            return
        before = now


def _busy_seconds(stack: ChildStack) -> float:
    """The CPU time that it and its children have used."""
    pid = stack.process.pid
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(map(_busy_seconds_of_one, (str(pid), *listed)))


def _busy_seconds_of_one(pid: str) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
