"""Helpers for the embedded services that the tools upload to."""

from __future__ import annotations

import os
import time
from pathlib import Path

from local.child import ChildStack

BUCKET = "bench"
_DEADLINE_SECONDS = 120
_TICKS = os.sysconf("SC_CLK_TCK")


def wait_until_quiet(stacks: list[ChildStack]) -> None:
    """Wait until the services have finished the work of the previous run, up to two minutes."""
    end = time.monotonic() + _DEADLINE_SECONDS
    before = sum(map(_busy_seconds, stacks))
    while time.monotonic() < end:
        time.sleep(0.5)
        now = sum(map(_busy_seconds, stacks))
        if now - before < 0.04:
            return
        before = now


def _busy_seconds(stack: ChildStack) -> float:
    """Return the CPU time used by the process and its children."""
    pid = stack.process.pid
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(map(_busy_seconds_of_one, (str(pid), *listed)))


def _busy_seconds_of_one(pid: str) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
