"""Ends a run early: because its caller asked for it, or because something in it failed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from media_client.errors import Stopped

_POLL_SECONDS = 0.1


class Halt(threading.Event):
    """Set when a run must end: the caller's event is set, or something in the run failed.

    The caller's event is read, never set: it may stand for more than one run.
    """

    def __init__(self, requested: threading.Event) -> None:
        super().__init__()
        self._requested = requested
        self._first = threading.Lock()
        self.failure: BaseException | None = None

    def is_set(self) -> bool:
        """Whether the run must end."""
        return super().is_set() or self._requested.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the run must end, or for `timeout` seconds. Returns `is_set()`."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self.is_set():
            left = _POLL_SECONDS if deadline is None else deadline - time.monotonic()
            if left <= 0:
                return False
            super().wait(min(left, _POLL_SECONDS))
        return True

    def fail(self, error: BaseException) -> None:
        """End the run because of an error. Only the first one is kept: others follow from it."""
        with self._first:
            if self.failure is None:
                self.failure = error
        self.set()

    def check(self) -> None:
        """Raise the first failure, or Stopped if the caller asked for the end."""
        if self.failure is not None:
            raise self.failure
        if self.is_set():
            raise Stopped

    def thread(self, work: Callable[[], None], name: str) -> threading.Thread:
        """Start a thread. An exception that leaves `work` ends the run."""

        def guarded() -> None:
            try:
                work()
            except Stopped:
                pass  # `check` raises what led to it.
            except BaseException as error:
                self.fail(error)

        thread = threading.Thread(target=guarded, name=name, daemon=True)
        thread.start()
        return thread
