"""Repeats a sync while the folder or the library changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable

POLL_SECONDS = 2.0
REPEAT_SECONDS = 60.0
_REST = 20  # A sync that takes 10 s is repeated after 200 s at the earliest.


def watch(
    sync: Callable[[], None],
    snapshot: Callable[[], Hashable],
    stop: threading.Event,
    *,
    poll_seconds: float = POLL_SECONDS,
    repeat_seconds: float = REPEAT_SECONDS,
) -> None:
    """Call `sync` now, whenever `snapshot` has changed, and from time to time, until `stop` is set.

    After a change, wait until two snapshots are equal, because files may still be written. If that
    never happens, `sync` is called as often as without changes.
    """
    while not stop.is_set():
        began = time.monotonic()
        synced = latest = snapshot()
        sync()
        ended = time.monotonic()
        repeat_at = ended + max(repeat_seconds, (ended - began) * _REST)
        while not stop.wait(poll_seconds):
            before, latest = latest, snapshot()
            if (latest != synced and latest == before) or time.monotonic() >= repeat_at:
                break
