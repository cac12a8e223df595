"""The transfer engine: uploads many files and parts with few threads.

One thread requests tickets: hundreds of small files per call, signed requests included, and large
files one by one. Senders take parts from a short queue. Completion tells the service when a file
has been sent. Memory holds a few buffers and a few hundred tickets, regardless of the number and
size of the files.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Sequence

from media_client import operations
from media_client.api import Api
from media_client.errors import MediaError, SourceChanged, SourceError, Stopped
from media_client.models import Upload, UploadStatus
from media_client.transfer.completion import Completion
from media_client.transfer.concurrency import Slots
from media_client.transfer.job import Job, Outcome
from media_client.transfer.journal import Journal
from media_client.transfer.options import Options
from media_client.transfer.progress import Progress
from media_client.transfer.sender import Sender
from media_client.transfer.source import Source
from media_client.transfer.tickets import Tickets

_QUEUED = 128

Finished = Callable[[Outcome], None]


class Engine:
    """One run of uploads."""

    def __init__(
        self,
        api: Api,
        options: Options,
        progress: Progress,
        finished: Finished,
        stop: threading.Event,
        journal: Journal | None = None,
    ) -> None:
        api = api.for_run(stop)
        self._api = api
        self._progress = progress
        self._finished = finished
        self._stop = stop
        self._journal = journal
        self._pool = api.pool(stop)
        self._slots = Slots(options.jobs, self._pool.moved_bytes)
        self._sender = Sender(api, self._pool, self._slots, progress, stop)
        self._completion = Completion(api, self._settled, self._resend, stop)
        self._tickets = Tickets(api, options, progress, journal, self._start, self._report)
        self._tasks: queue.Queue[tuple[Job, int] | None] = queue.Queue(_QUEUED)
        self._jobs = options.jobs
        self._senders: list[threading.Thread] = []
        self._under_way = 0
        self._idle = threading.Condition()
        self._crash: BaseException | None = None

    def run(self, sources: Iterable[Source]) -> None:
        """Upload the files. Calls `finished` once per file, from one thread at a time.

        Raises:
            Stopped: the stop event was set. The remaining uploads can be resumed.
        """
        try:
            for batch in self._tickets.batches(sources):
                self._check()
                self._tickets.request(batch)
            self._wait_until_idle()
        except BaseException:
            self._stop.set()
            raise
        finally:
            self._end()
        self._check()

    # ------------------------------------------------------------ flow

    def _start(self, job: Job) -> None:
        """Queue the parts of a file that has a ticket. Blocks while the queue is full."""
        with self._idle:
            self._under_way += 1
        self._progress.begin(job, job.source.filename, job.fingerprint.size, job.bytes_there)
        if job.todo:
            self._queue(job, job.todo)
        else:
            self._completion.add(job)

    def _queue(self, job: Job, numbers: Sequence[int]) -> None:
        for number in numbers:
            self._start_sender()
            while not self._stop.is_set():
                try:
                    self._tasks.put((job, number), timeout=0.5)
                    break
                except queue.Full:
                    continue
            if job.error is not None:
                return

    def _start_sender(self) -> None:
        if len(self._senders) < self._jobs and self._tasks.qsize() >= len(self._senders) // 2:
            thread = threading.Thread(target=self._send, name="sender", daemon=True)
            self._senders.append(thread)
            thread.start()

    def _send(self) -> None:
        while (task := self._tasks.get()) is not None:
            job, number = task
            if job.error is not None or self._stop.is_set():
                continue
            try:
                self._slots.take(self._stop)
                success = False
                try:
                    self._sender.send(job, number)
                    success = True
                finally:
                    self._slots.give_back(success)
                if job.sent():
                    self._completion.add(job)
            except Stopped:
                continue
            except MediaError as error:
                if job.fail(error):
                    self._settled(job, error)
            except BaseException as error:
                self._crash = error
                self._stop.set()

    def _resend(self, job: Job, numbers: Sequence[int]) -> None:
        self._progress.advance(job, -sum(job.size_of(number) for number in numbers))
        job.again(numbers)
        # In a new thread: the queue may be full, and this thread must go on completing files.
        threading.Thread(target=self._queue, args=(job, job.todo), daemon=True).start()

    def _settled(self, job: Job, result: Upload | MediaError) -> None:
        """Record the final result of a file: its upload, or the error."""
        if isinstance(result, Upload) and result.status is not UploadStatus.PENDING:
            self._note_done(job.upload.id)
        if isinstance(result, SourceChanged) or (isinstance(result, SourceError) and job.untouched):
            self._cancel(job.upload.id)
        if isinstance(result, Upload):
            self._report(Outcome(job.source, result), job)
        else:
            self._report(Outcome(job.source, error=result), job)
        with self._idle:
            self._under_way -= 1
            self._idle.notify_all()

    def _report(self, outcome: Outcome, key: object | None = None) -> None:
        with self._idle:
            self._progress.end(key, None if outcome.error is None else str(outcome.error))
            self._finished(outcome)

    def _note_done(self, upload_id: str) -> None:
        if self._journal is not None:
            self._journal.done([upload_id])

    def _cancel(self, upload_id: str) -> None:
        """Cancel an upload that can't be completed, so that it stops counting toward the quota."""
        if self._journal is not None:
            self._journal.drop([upload_id])
        try:
            self._api.run(operations.cancel_upload(upload_id))
        except MediaError as error:
            self._progress.note(f"Upload {upload_id} could not be cancelled: {error}")

    # ------------------------------------------------------------ shutdown

    def _wait_until_idle(self) -> None:
        with self._idle:
            while self._under_way and not self._stop.is_set():
                self._idle.wait(0.2)

    def _check(self) -> None:
        if self._crash is not None:
            raise self._crash
        if self._stop.is_set():
            raise Stopped("The transfer was stopped. Run `media resume` to continue it.")

    def _end(self) -> None:
        for _ in self._senders:
            while True:
                try:
                    self._tasks.put(None, timeout=0.2)
                    break
                except queue.Full:
                    if not any(thread.is_alive() for thread in self._senders):
                        break
        for thread in self._senders:
            thread.join()
        self._completion.close()
        self._pool.close()
        if self._journal is not None:
            self._journal.close()
