"""Waits for a call that may take long, but not for ever once its run must end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Event
from typing import TypeVar

from media_client.errors import Stopped

# Most services respond within this time. Their response says what there is to cancel or resume.
GRACE_SECONDS = 5.0
_POLL_SECONDS = 0.1

T = TypeVar("T")


def result_of(call: Callable[[], T], stop: Event) -> T:
    """Return what `call` does. It runs in a thread, which is left behind if it does not end.

    Raises:
        Stopped: `stop` was set, and the call did not end within a few seconds after that.
        BaseException: `call` raised it.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name="request", daemon=True).start()
    while not (future.done() or stop.is_set()):
        wait([future], _POLL_SECONDS)
    wait([future], GRACE_SECONDS)
    if not future.done():
        raise Stopped("The transfer was stopped.")
    return future.result()
