"""Repeats a sync while the folder or the library changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable

POLL_SECONDS = 2.0
REPEAT_SECONDS = 60.0
_REST = 20  # What takes 10 s, a sync or a snapshot, is repeated after 200 s at the earliest.


def watch(
    sync: Callable[[bool], None],
    snapshot: Callable[[], Hashable],
    stop: threading.Event,
    *,
    poll_seconds: float = POLL_SECONDS,
    repeat_seconds: float = REPEAT_SECONDS,
) -> None:
    """Call `sync` now, whenever `snapshot` has changed, and from time to time, until `stop` is set.

    The argument of `sync` is False if a changed snapshot is the only reason for the call. After a
    change, this waits until two snapshots are equal, because files may still be written. If they
    never are, `sync` is called as often as without changes.
    """
    is_due = True
    while not stop.is_set():
        began = time.monotonic()
        synced = latest = snapshot()
        looked = time.monotonic()
        sync(is_due)
        pause = max(poll_seconds, (looked - began) * _REST)
        ended = time.monotonic()
        repeat_at = ended + max(repeat_seconds, (ended - began) * _REST)
        while not stop.wait(pause):
            before, latest = latest, snapshot()
            is_due = time.monotonic() >= repeat_at
            if is_due or (latest != synced and latest == before):
                break
