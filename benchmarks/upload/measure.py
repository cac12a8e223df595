"""Wall-clock time, CPU time and memory of a command."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one run, or the medians of several."""

    wall_seconds: float
    cpu_seconds: float
    memory_bytes: int


def measure(command: Sequence[str], environment: Mapping[str, str], directory: Path) -> Figures:
    """Run a command and return its figures.

    The memory is that of the largest process. Linux includes the memory of the parent at the fork,
    so values below the 20 MB of this process are not visible.

    Raises:
        SystemExit: the command failed; the message has its standard error.
    """
    errors = directory / "stderr.txt"
    with errors.open("wb") as stderr:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, env=environment, cwd=directory, stdout=subprocess.DEVNULL, stderr=stderr
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command[:3])} … failed:\n{errors.read_text()}")
    return Figures(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def medians(runs: Sequence[Figures]) -> Figures:
    """Return the median of each figure."""
    return Figures(
        median(run.wall_seconds for run in runs),
        median(run.cpu_seconds for run in runs),
        int(median(run.memory_bytes for run in runs)),
    )
