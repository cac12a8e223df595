"""The interface through which a transfer reports progress."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

OnProgress = Callable[[int, int], object]


class Progress(Protocol):
    """Receives progress events. `key` identifies a file; methods are called from any thread."""

    def begin(self, key: object, name: str, size: int, done: int) -> None:
        """A file of `size` bytes started; `done` bytes were already transferred earlier."""

    def advance(self, key: object, count: int) -> None:
        """`count` bytes were transferred. A negative count takes back bytes of a failed part."""

    def end(self, key: object, error: str | None) -> None:
        """A file finished, or failed with `error`."""

    def note(self, text: str) -> None:
        """A message for the user that is not a failure of a file."""


class Silent:
    """Ignores all events."""

    def begin(self, key: object, name: str, size: int, done: int) -> None:
        """See `Progress`."""

    def advance(self, key: object, count: int) -> None:
        """See `Progress`."""

    def end(self, key: object, error: str | None) -> None:
        """See `Progress`."""

    def note(self, text: str) -> None:
        """See `Progress`."""


class Totals(Silent):
    """Calls `on_progress` with the bytes done and the bytes in total, of all files together."""

    def __init__(self, on_progress: OnProgress) -> None:
        self._on_progress = on_progress
        self._done = self._total = 0
        self._lock = threading.Lock()

    def begin(self, key: object, name: str, size: int, done: int) -> None:
        """See `Progress`."""
        self._add(done, size)

    def advance(self, key: object, count: int) -> None:
        """See `Progress`."""
        self._add(count, 0)

    def _add(self, done: int, total: int) -> None:
        with self._lock:  # Also while calling, so that the numbers arrive in order.
            self._done += done
            self._total += total
            self._on_progress(self._done, self._total)


def choose(progress: Progress | None, on_progress: OnProgress | None) -> Progress:
    """Return the progress to report to. Raises TypeError if both are given."""
    if progress is not None and on_progress is not None:
        raise TypeError("Pass progress or on_progress, not both.")
    if on_progress is not None:
        return Totals(on_progress)
    return progress or Silent()
