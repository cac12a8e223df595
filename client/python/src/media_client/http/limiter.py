"""The bandwidth limit that all transfers of a client share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from threading import Event

from media_client import backoff

_BURST_SECONDS = 0.1
_PIECE_MIN_BYTES = 4096


class Limiter:
    """A token bucket: bytes per second in both directions together; None for no limit."""

    def __init__(
        self,
        bytes_per_second: int | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate = bytes_per_second
        self._clock = clock
        self._lock = threading.Lock()
        self._free_at = clock()

    def take(self, count: int, stop: Event | None) -> None:
        """Wait until `count` more bytes fit into the limit. Call it after moving them.

        Raises:
            Stopped: `stop` was set.
        """
        if self._rate is None:
            return
        with self._lock:
            now = self._clock()
            self._free_at = max(self._free_at, now - _BURST_SECONDS) + count / self._rate
            seconds = self._free_at - now
        if seconds > 0:
            backoff.wait(seconds, stop)

    def piece_bytes(self, most: int) -> int:
        """Return how many bytes to move at once, at most `most`: those of a tenth of a second."""
        if self._rate is None:
            return most
        return min(most, max(_PIECE_MIN_BYTES, int(self._rate * _BURST_SECONDS)))
