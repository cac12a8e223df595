"""The transfer engine: uploads many files and parts with few threads.

The caller's thread requests tickets: hundreds of small files per call, signed requests included,
and large files one by one. Senders take parts from two short queues. Completion tells the service
when a file has been sent. Memory holds a few buffers and a few hundred tickets, regardless of the
number and size of the files.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence

from media_client.api import Api
from media_client.errors import MediaError, SourceChanged, SourceError, Stopped, UserError
from media_client.models import Upload, UploadStatus
from media_client.transfer.callbacks import Callbacks
from media_client.transfer.cancellation import cancel_all
from media_client.transfer.completion import Completion, Settled
from media_client.transfer.concurrency import Slots
from media_client.transfer.halt import Halt
from media_client.transfer.intake import Intake
from media_client.transfer.job import Job, Outcome
from media_client.transfer.journal import Journal
from media_client.transfer.lanes import Lanes
from media_client.transfer.options import Options
from media_client.transfer.progress import Progress
from media_client.transfer.resumption import Resumption
from media_client.transfer.sender import Sender
from media_client.transfer.source import Source
from media_client.transfer.tickets import Tickets

_GRACE_SECONDS = 10.0

Finished = Callable[[Outcome], object]


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
        self._halt = Halt(stop)
        self._api = api.for_run(self._halt)
        self._callbacks: Callbacks[Outcome] = Callbacks(progress, finished, self._halt)
        self._pool = api.pool(self._halt)
        self._slots = Slots(options.jobs, self._pool.moved_bytes)
        self._sender = Sender(self._api, self._pool, self._slots, self._callbacks, self._halt)
        self._completion = Completion(self._api, self._settled, self._resend, self._halt)
        self._resumption = Resumption(self._api, options, self._callbacks, journal)
        self._lanes = Lanes(options.jobs, self._halt)
        self._intake = Intake(
            Tickets(self._api, options, self._halt),
            self._resumption,
            options,
            self._lanes,
            self._halt,
            self._start,
            self._report,
        )
        self._jobs = options.jobs
        self._senders: list[threading.Thread] = []
        self._under_way: set[Job] = set()
        self._given_up: list[Job] = []
        self._changed = threading.Condition()

    def run(self, sources: Iterable[Source]) -> None:
        """Upload the files. Calls `finished` once per file, from one thread at a time.

        Raises:
            Stopped: the stop event was set. Uploads in the journal can be resumed; all others are
                cancelled.
            ApiError, NetworkError, NotSignedIn: no file can be sent.
            BaseException: `sources` or a callback raised it. Ends the run as `stop` does.
        """
        taken = False
        try:
            self._intake.take(sources)
            taken = True
            self._wait_until_idle()
        except Stopped:
            self._halt.set()
        except BaseException as error:
            self._halt.fail(error)
        self._end()
        if self._halt.failure is not None:
            raise self._halt.failure
        if self._under_way or not taken:
            hint = " Run `media resume` to continue it." if self._resumption.has_journal else ""
            raise Stopped(f"The transfer was stopped.{hint}")

    # ------------------------------------------------------------ flow

    def _start(self, jobs: Sequence[Job]) -> None:
        """Queue the parts of files that have tickets. Blocks while many small files wait."""
        with self._changed:
            self._under_way.update(jobs)  # All of them first, since any call may end the run.
        self._resumption.begin(jobs)
        for job in jobs:
            self._lanes.wait_for(self._lanes.has_room_for_small)
            self._halt.check()
            size = job.fingerprint.size
            self._callbacks.begin(job, job.source.filename, size, job.bytes_there)
            if job.todo:
                self._queue(job, job.first(job.todo))
            else:
                self._completion.add(job)

    def _queue(self, job: Job, numbers: Sequence[int]) -> None:
        waiting = self._lanes.put(job, numbers)
        with self._changed:
            while len(self._senders) < self._jobs and waiting >= len(self._senders) // 2:
                self._senders.append(self._halt.thread(self._send_parts, "sender"))
                waiting -= 1

    def _send_parts(self) -> None:
        while self._lanes.wait():
            success = False
            self._slots.take(self._halt)
            try:
                if (task := self._lanes.take()) is not None:
                    success = self._send(*task)
                    self._lanes.end(task)
            finally:
                self._slots.give_back(success)

    def _send(self, job: Job, number: int) -> bool:
        """Send a part; returns whether that succeeded. A failure is reported here."""
        if job.error is not None or self._halt.is_set():
            return False
        try:
            with job.opened(number, self._halt) as content:
                if following := job.following(number):
                    self._queue(job, following)
                self._sender.send(job, number, content)
        except Stopped:
            return False
        except MediaError as error:
            if job.fail(error):
                self._settled([(job, error)])
            return False
        if job.sent():
            self._completion.add(job)
        return True

    def _resend(self, job: Job, numbers: Sequence[int]) -> None:
        self._callbacks.advance(job, -sum(job.size_of(number) for number in numbers))
        job.again(numbers)
        self._queue(job, job.first(job.todo))

    def _settled(self, results: Sequence[Settled]) -> None:
        """Record the final results of files, all of them before the first is reported."""
        uploads = [result for _, result in results if isinstance(result, Upload)]
        self._resumption.done(it.id for it in uploads if it.status is not UploadStatus.PENDING)
        with self._changed:
            self._under_way.difference_update(job for job, _ in results)
            self._given_up += [job for job, result in results if _is_given_up(job, result)]
            self._changed.notify_all()
        for job, result in results:
            if isinstance(result, Upload):
                self._report(Outcome(job.source, result), job)
            else:
                self._report(Outcome(job.source, error=result), job)

    def _report(self, outcome: Outcome, key: object | None = None) -> None:
        error = None if outcome.error is None else str(outcome.error)
        self._callbacks.finished(outcome, key, error)

    # ------------------------------------------------------------ the end

    def _wait_until_idle(self) -> None:
        with self._changed:
            while self._under_way and not self._halt.is_set():
                self._changed.wait(0.2)

    def _end(self) -> None:
        self._lanes.close()
        self._join(self._senders)
        self._join(self._completion.close())
        self._cancel()
        self._callbacks.close()
        self._pool.close()
        self._resumption.close()

    def _join(self, threads: Iterable[threading.Thread]) -> None:
        """Wait for threads; not for long if the run ends early, as they may wait for a server.

        A thread that is left behind ends when its request does. It calls no callback.
        """
        deadline = time.monotonic() + _GRACE_SECONDS
        for thread in threads:
            while thread.is_alive() and not (self._halt.is_set() and time.monotonic() > deadline):
                thread.join(0.2)

    def _cancel(self) -> None:
        """Cancel what can't be resumed, so that it no longer counts toward the quota."""
        left = [job for job in self._under_way if not job.resumable]
        ids = [job.upload.id for job in (*self._given_up, *left)]
        try:
            # The error of one upload means that it is already in a final state.
            for upload_id, _ in zip(ids, cancel_all(self._api, ids), strict=True):
                self._resumption.drop([upload_id])
        except MediaError as error:
            self._callbacks.note(f"Uploads could not be cancelled: {error}")


def _is_given_up(job: Job, result: Upload | MediaError) -> bool:
    """Whether an upload should be cancelled: it can't be completed, or not be resumed."""
    if isinstance(result, Upload | UserError):
        return False
    if isinstance(result, SourceError):
        return isinstance(result, SourceChanged) or job.untouched or not job.resumable
    return not job.resumable
