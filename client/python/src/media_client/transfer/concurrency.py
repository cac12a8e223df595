"""Adapts the number of concurrent requests to the network.

The limit starts low and doubles as long as that increases throughput. On a fast line, a single
connection is limited by latency or by the server, so more connections help. On a slow line, they
only mean more half-sent parts. A 503 SlowDown or a broken connection halves the limit; after that
it grows by one at a time, as in TCP congestion control.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from media_client.errors import Stopped

FIRST = 4
_FASTER = 1.2  # Keep doubling while each step increases throughput by this factor.
_SAMPLE_SECONDS = 0.25
_HALVE_AT_MOST_EVERY_SECONDS = 1.0


class Slots:
    """A semaphore whose limit adapts between 1 and `most`. `moved` returns the bytes sent."""

    def __init__(
        self,
        most: int,
        moved: Callable[[], int],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = max(1, most)
        self.limit = min(FIRST, self._most)
        self.taken = 0
        self._successes = 0
        self._searching = self.limit < self._most
        self._moved = moved
        self._clock = clock
        self._changed = threading.Condition()
        self._sampled_at = clock()
        self._sampled_bytes = 0
        self._rate = 0.0
        self._halved_at = float("-inf")

    def take(self, stop: threading.Event) -> None:
        """Wait for a slot and take it.

        Raises:
            Stopped: `stop` was set.
        """
        with self._changed:
            while self.taken >= self.limit:
                self._changed.wait(0.1)
                self._sample()
                if stop.is_set():
                    raise Stopped
            self.taken += 1

    def give_back(self, success: bool) -> None:
        """Return a slot. `success`: the request succeeded, which may raise the limit."""
        with self._changed:
            self._sample()
            self.taken -= 1
            if success:
                self._successes += 1
                if not self._searching and self._successes >= self.limit:
                    self._successes = 0
                    self._set(self.limit + 1)
            self._changed.notify()

    def slow_down(self) -> None:
        """Halve the limit after a 503 or a broken connection, at most once per second.

        Requests that fail together thus count as one event.
        """
        with self._changed:
            now = self._clock()
            self._searching = False
            self._successes = 0
            if now - self._halved_at >= _HALVE_AT_MOST_EVERY_SECONDS:
                self._halved_at = now
                self._set(self.limit // 2)

    def _sample(self) -> None:
        """Measure throughput periodically, and double the limit while that makes it faster."""
        now = self._clock()
        passed = now - self._sampled_at
        if not self._searching or passed < _SAMPLE_SECONDS:
            return
        moved = self._moved()
        rate = (moved - self._sampled_bytes) / passed
        self._sampled_at, self._sampled_bytes = now, moved
        if self.taken < self.limit:
            return  # Too little was sent for a meaningful measurement.
        if rate > self._rate * _FASTER:
            self._rate = rate
            self._set(self.limit * 2)
        else:
            self._searching = False
        self._searching &= self.limit < self._most

    def _set(self, limit: int) -> None:
        self.limit = max(1, min(limit, self._most))
        self._changed.notify_all()
