"""A run of uploads as an iterator of outcomes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable
from contextlib import suppress

from media_client.api import Api
from media_client.transfer.engine import Engine
from media_client.transfer.halt import Halt
from media_client.transfer.job import Outcome
from media_client.transfer.journal import Journal
from media_client.transfer.options import Options
from media_client.transfer.progress import Progress
from media_client.transfer.source import Source

_UNREAD_MOST = 1000
_POLL_SECONDS = 0.1
_LEAVE_SECONDS = 30.0


def outcomes_of(
    api: Api,
    options: Options,
    progress: Progress,
    journal: Journal | None,
    stop: threading.Event | None,
    sources: Iterable[Source],
) -> Generator[Outcome, None, None]:
    """Upload files in another thread, and yield an outcome for each.

    Closing the iterator ends the run. Raises what `Engine.run` raises.
    """
    halt = Halt(stop or threading.Event())
    outcomes: queue.Queue[Outcome | None] = queue.Queue(_UNREAD_MOST)

    def put(outcome: Outcome | None) -> None:
        """Queue an outcome. Waits for room, unless the iterator has been closed."""
        while not closed.is_set():
            with suppress(queue.Full):
                outcomes.put(outcome, timeout=_POLL_SECONDS)
                return

    def run() -> None:
        try:
            Engine(api, options, progress, put, halt, journal).run(sources)
        except BaseException as error:
            halt.fail(error)
        finally:
            put(None)

    closed = threading.Event()
    thread = threading.Thread(target=run, name="uploads", daemon=True)
    thread.start()
    try:
        while (outcome := outcomes.get()) is not None:
            yield outcome
    finally:
        closed.set()
        halt.set()
        thread.join(_LEAVE_SECONDS)  # It does not end while `sources` blocks.
    if halt.failure is not None:
        raise halt.failure
