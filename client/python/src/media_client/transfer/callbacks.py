"""The caller's callbacks: the first one that raises an exception ends the run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

from media_client.errors import Stopped
from media_client.transfer.halt import Halt
from media_client.transfer.progress import Progress

P = ParamSpec("P")
Result = TypeVar("Result")


class Callbacks(Generic[Result]):
    """`Progress`, and `finished` for the result of each file, called by one thread at a time.

    After an exception, or after `close`, no callback is called. The exception itself does not
    propagate, because code in between might take an OSError for a network failure: the caller gets
    Stopped, and `Halt.check` raises the exception.
    """

    def __init__(
        self, progress: Progress, finished: Callable[[Result], object], halt: Halt
    ) -> None:
        self._progress = progress
        self._finished = finished
        self._halt = halt
        self._closed = False
        self._finishing = threading.Lock()

    def begin(self, key: object, name: str, size: int, done: int) -> None:
        """See `Progress`."""
        self._call(self._progress.begin, key, name, size, done)

    def advance(self, key: object, count: int) -> None:
        """See `Progress`."""
        self._call(self._progress.advance, key, count)

    def end(self, key: object, error: str | None) -> None:
        """See `Progress`."""
        self._call(self._progress.end, key, error)

    def note(self, text: str) -> None:
        """See `Progress`."""
        self._call(self._progress.note, text)

    def finished(self, result: Result, key: object, error: str | None) -> None:
        """Report the end of a file, then its result."""
        with self._finishing:
            self.end(key, error)
            self._call(self._finished, result)

    def close(self) -> None:
        """Call nothing from now on, not even for a thread that was left behind."""
        self._closed = True

    def _call(self, callback: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        if self._closed or self._halt.failure is not None:
            return
        try:
            callback(*args, **kwargs)
        except BaseException as error:
            self._halt.fail(error)
            raise Stopped("The transfer was stopped by an error.") from error
