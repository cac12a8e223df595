"""Progress where stderr is not a terminal: a line every ten seconds, for logs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Self

from media_client.cli.output import size_text
from media_client.cli.streams import message
from media_client.transfer.source import shown

INTERVAL_SECONDS = 10.0


class Summary:
    """`transfer.progress.Progress` as a line of totals per interval."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._repeat, name="summary", daemon=True)
        self._files = self._ended = self._total = self._done = 0
        self._last = (clock(), 0)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._thread.join()

    def begin(self, key: object, name: str, size: int, done: int) -> None:
        """See `Progress`."""
        with self._lock:
            self._files += 1
            self._total += size
            self._done += done
            # Bytes of an earlier run say nothing about the speed of this one.
            self._last = (self._last[0], self._last[1] + done)

    def advance(self, key: object, count: int) -> None:
        """See `Progress`."""
        with self._lock:
            self._done += count

    def end(self, key: object, error: str | None) -> None:
        """See `Progress`."""
        with self._lock:
            self._ended += 1

    def note(self, text: str) -> None:
        """See `Progress`."""
        message(f"media: {shown(text)}")

    def text(self) -> str:
        """Return the totals, and the speed since the last call."""
        with self._lock:
            now = self._clock()
            seconds, count = now - self._last[0], self._done - self._last[1]
            self._last = (now, self._done)
            left = self._total - self._done
            amount = f"{size_text(self._done)} of {size_text(self._total)}"
            files = f"{self._ended} of {self._files} files"
        speed = max(0.0, count / seconds) if seconds > 0 else 0.0
        if not speed:
            return f"{files}, {amount}, stalled"
        return f"{files}, {amount}, {size_text(speed)}/s, {_duration(left / speed)} left"

    def _repeat(self) -> None:
        while not self._closed.wait(INTERVAL_SECONDS):
            if self._files:
                message(f"media: {self.text()}")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
