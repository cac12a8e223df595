"""Makes a folder once per test run, for all of its workers."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def once_per_run(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]
) -> Path:
    """Return the folder `name`, which the first worker that asks for it has made with `make`.

    After a failure, the next one starts anew.
    """
    shared = factory.getbasetemp()
    # Each worker has a folder of its own in that of the run.
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            part = shared / f"{name}.part-{os.getpid()}"
            make(part)
            part.rename(folder)
    return folder
