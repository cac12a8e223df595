"""Downloads of many uploads: several files at once, and several ranges of large files.

Each thread takes the next piece of work: it opens another file while fewer than `jobs` are open,
or else fetches a range of the file whose turn it is. Signed requests are requested for many uploads
together, shortly before they are used.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from media_client.api import Api
from media_client.errors import MediaError, Stopped
from media_client.models import Upload
from media_client.transfer.download import Download
from media_client.transfer.fetcher import Fetcher, Range, Sign, Signed, originals
from media_client.transfer.halt import Halt
from media_client.transfer.progress import Progress
from media_client.transfer.targets import Targets, Wanted

DEFAULT_JOBS = 8
_POLL_SECONDS = 0.1
_LEAVE_SECONDS = 1.0  # A thread that waits for a silent server notices the end later.


@dataclass(frozen=True, slots=True)
class DownloadOutcome:
    """The result for one upload. `path`: where it is, or would be if there were no `error`."""

    upload: Upload
    path: Path
    error: MediaError | None = None


class _File:
    """A file in progress, as the scheduler sees it."""

    def __init__(self, download: Download, signed: Signed) -> None:
        self.download = download
        self.signed = signed
        self.running = 1  # The thread that opens it.
        self.error: MediaError | None = None


class Downloads:
    """One run of downloads with at most `jobs` concurrent requests.

    `finished` gets one outcome per upload, in the thread that called `run`. `stop` ends the run
    when it is set; it is never set here. `sign` signs the requests: of the uploads by default.
    """

    def __init__(
        self,
        api: Api,
        jobs: int,
        progress: Progress,
        finished: Callable[[DownloadOutcome], None],
        stop: threading.Event,
        sign: Sign = originals,
    ) -> None:
        if jobs < 1:
            raise ValueError(f"jobs must be at least 1, not {jobs}")
        self._jobs = jobs
        self._progress = progress
        self._finished = finished
        self._stop = stop
        self._sign = sign
        self._halt = Halt(stop)
        self._api = api.for_run(self._halt)
        self._pool = api.pool(self._halt)
        self._fetcher = Fetcher(self._api, self._pool, self._halt)
        self._change = threading.Condition()
        self._results: queue.SimpleQueue[DownloadOutcome | None] = queue.SimpleQueue()
        self._waiting: deque[_File] = deque()
        self._open: set[_File] = set()
        self._ready: deque[_File] = deque()  # Open files that have ranges left.
        self._started = False
        self._refilling = False
        self._exhausted = False

    def run(self, wanted: Wanted, overwrite: bool, folder: Path | None = None) -> None:
        """Download uploads to paths, and call `finished` once per upload.

        Paths are relative to `folder` if it is given; then no link below it is followed.

        Raises:
            ApiError, NetworkError, NotSignedIn: nothing can be downloaded.
            Stopped: the stop event was set. Running the same downloads again continues them.
        """
        for outcome in self.outcomes(wanted, overwrite, folder):
            self._finished(outcome)

    def outcomes(
        self, wanted: Wanted, overwrite: bool, folder: Path | None = None
    ) -> Generator[DownloadOutcome, None, None]:
        """Do what `run` does, and yield the outcomes. Closing the iterator ends the run."""
        if self._started:
            raise RuntimeError("this run has ended; create another Downloads")
        self._started = True
        self._overwrite = overwrite
        self._targets = Targets(self._api, wanted, self._refuse, overwrite, folder, self._sign)
        threads = [self._halt.thread(self._work, "download") for _ in range(self._jobs)]
        try:
            working = len(threads)
            while working and not self._stop.is_set() and self._halt.failure is None:
                try:
                    outcome = self._results.get(timeout=_POLL_SECONDS)
                except queue.Empty:
                    continue
                if outcome is None:
                    working -= 1
                else:
                    yield outcome
        finally:
            self._end(threads)
        yield from self._last_outcomes()
        if self._halt.failure is not None:
            raise self._halt.failure
        if not self._is_done():
            raise Stopped("The transfer was stopped. Run the same command again to continue it.")

    def _last_outcomes(self) -> Iterator[DownloadOutcome]:
        """Yield the outcomes of files that were completed while the run was being stopped."""
        while not self._results.empty():
            outcome = self._results.get()
            if outcome is not None:
                yield outcome

    def _end(self, threads: Sequence[threading.Thread]) -> None:
        self._halt.set()
        with self._change:
            self._change.notify_all()
        end = time.monotonic() + _LEAVE_SECONDS
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
        if not any(thread.is_alive() for thread in threads):
            for file in self._open:
                file.download.close()
        self._pool.close()

    # ------------------------------------------------------------ threads

    def _work(self) -> None:
        try:
            while (task := self._next()) is not None:
                task()
        finally:
            self._results.put(None)
            with self._change:
                self._change.notify_all()

    def _next(self) -> Callable[[], None] | None:
        """Wait for the next piece of work; None if there is nothing left to do."""
        with self._change:
            while not self._halt.is_set():
                if task := self._next_file() or self._next_range():
                    return task
                if self._is_done():
                    return None
                self._change.wait()
        return None

    def _is_done(self) -> bool:
        return self._exhausted and not (self._waiting or self._open)

    def _next_file(self) -> Callable[[], None] | None:
        if len(self._open) >= self._jobs:
            return None
        if self._waiting:
            file = self._waiting.popleft()
            self._open.add(file)
            return partial(self._begin, file)
        if self._refilling or self._exhausted:
            return None
        self._refilling = True
        return self._refill

    def _next_range(self) -> Callable[[], None] | None:
        if not self._ready:
            return None
        file = self._ready.popleft()
        part = file.download.todo.popleft()
        file.running += 1
        if file.download.todo:
            self._ready.append(file)
        return partial(self._fetch, file, part)

    def _refill(self) -> None:
        batch = self._targets.next_batch()
        with self._change:
            self._waiting.extend(_File(download, signed) for download, signed in batch or ())
            self._exhausted = batch is None
            self._refilling = False
            self._change.notify_all()

    def _begin(self, file: _File) -> None:
        upload = file.download.upload
        error: MediaError | None = None
        try:
            done_bytes = file.download.open()
            self._progress.begin(file, upload.filename, upload.size, done_bytes)
        except MediaError as failure:
            error = failure
        self._leave(file, error)

    def _fetch(self, file: _File, part: Range) -> None:
        def write(data: memoryview, offset: int) -> None:
            file.download.write(data, offset)
            self._progress.advance(file, len(data))

        error: MediaError | None = None
        try:
            self._fetcher.fetch(file.signed, part, write)
            file.download.complete(part)
        except MediaError as failure:
            error = failure
        self._leave(file, error)

    def _leave(self, file: _File, error: MediaError | None) -> None:
        """Record the end of a thread's work on a file. The last thread settles the file."""
        with self._change:
            file.running -= 1
            file.error = file.error or error
            if file in self._ready and file.error is not None:
                self._ready.remove(file)
            elif file not in self._ready and file.error is None and file.download.todo:
                self._ready.append(file)
                self._change.notify_all()
            is_last = not file.running and (file.error is not None or not file.download.todo)
        if isinstance(error, Stopped):
            raise error
        if is_last and not isinstance(file.error, Stopped):
            self._settle(file)

    def _settle(self, file: _File) -> None:
        """Publish a complete file, or close one that failed; report the outcome."""
        download = file.download
        try:
            note = None if file.error else download.publish(overwrite=self._overwrite)
            if note is not None:
                self._progress.note(note)
        except MediaError as failure:
            file.error = failure
        finally:
            download.close()
        self._progress.end(file, None if file.error is None else str(file.error))
        self._results.put(DownloadOutcome(download.upload, download.path, file.error))
        with self._change:
            self._open.discard(file)
            self._change.notify_all()

    def _refuse(self, download: Download, error: MediaError) -> None:
        self._results.put(DownloadOutcome(download.upload, download.path, error))
