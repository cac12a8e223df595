"""What the decoding process may use. It takes its own rights away before it reads a byte."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from typing import NamedTuple

from gql_api.adapters.media import seccomp


class Limits(NamedTuple):
    """What decoding one file may take.

    `memory_bytes` is address space, of which the libraries take up to 150 MiB.
    `elapsed_seconds` includes the time that reading the file takes.
    """

    memory_bytes: int = 1536 * 1024**2
    cpu_seconds: int = 30
    elapsed_seconds: float = 120.0


LIMITS = Limits()

_PR_SET_PDEATHSIG = 1  # From <linux/prctl.h>.


def end_with_parent(parent: int) -> None:
    """Have the kernel end this process when its parent dies (Linux only).

    Otherwise, a decoder would keep running after its worker was killed.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # The parent died before the call above.
        os._exit(1)


def confine(limits: Limits) -> None:
    """Limit this process: memory, CPU time, no files, and no other system calls than it needs.

    The system ends the process when it exceeds its CPU time. Memory that is not granted is an error
    in the decoder. All modules that will be used must have been imported.

    Raises:
        OSError, ValueError: the system does not accept a limit.
    """
    _limit(resource.RLIMIT_AS, limits.memory_bytes)
    # The parent recognizes the signal of the lower limit.
    _limit(resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    seccomp.restrict()


def _limit(kind: int, value: int, hard: int | None = None) -> None:
    """Set a limit. An inherited limit that is lower stays."""
    wanted = (value, value if hard is None else hard)
    inherited = resource.getrlimit(kind)
    soft, most = (
        want if have == resource.RLIM_INFINITY else min(want, have)
        for want, have in zip(wanted, inherited, strict=True)
    )
    try:
        resource.setrlimit(kind, (soft, most))
    except (ValueError, OSError):
        # macOS accepts no limit of address space. Elsewhere, nothing is decoded without limits.
        if sys.platform != "darwin":
            raise
