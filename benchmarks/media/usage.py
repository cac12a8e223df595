"""What a contender prints: the CPU time, the duration and the peak memory of its work."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage


def report(once: Callable[[], None], count: int) -> None:
    """Do the work once to warm up, then `count` times, and print the figures per time as JSON.

    The memory is that of this process and of its largest child together.
    """
    once()
    cpu, began = _cpu_seconds(), time.perf_counter()
    for _ in range(count):
        once()
    figures = {
        "cpu_seconds": (_cpu_seconds() - cpu) / count,
        "seconds": (time.perf_counter() - began) / count,
        "peak_mib": sum(getrusage(who).ru_maxrss for who in (RUSAGE_SELF, RUSAGE_CHILDREN)) / 1024,
    }
    print(json.dumps(figures))


def _cpu_seconds() -> float:
    usages = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
