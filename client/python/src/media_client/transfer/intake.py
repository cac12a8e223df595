"""The order in which files are taken: small ones in batches, large ones one by one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence

from media_client.errors import SourceError, UserError
from media_client.transfer.halt import Halt
from media_client.transfer.job import Job, Outcome
from media_client.transfer.lanes import Lanes
from media_client.transfer.options import Options
from media_client.transfer.resumption import Resumption
from media_client.transfer.source import Candidate, Source
from media_client.transfer.tickets import FIRST_BATCH, Tickets

SMALL_BYTES = 16 * 1024 * 1024
_HASHED_AT_ONCE_BYTES = 64 * 1024 * 1024
_LARGE_MOST = 1000  # Large files that wait while small ones are taken, about 1 kB each.


class Intake:
    """Takes files from the caller's iterator, and starts their jobs when the senders have room.

    A large file waits for its ticket until the senders have nearly finished with those before it;
    the small files after it do not.
    """

    def __init__(
        self,
        tickets: Tickets,
        resumption: Resumption,
        options: Options,
        lanes: Lanes,
        halt: Halt,
        start: Callable[[Sequence[Job]], None],
        report: Callable[[Outcome], None],
    ) -> None:
        self._tickets = tickets
        self._resumption = resumption
        self._options = options
        self._lanes = lanes
        self._halt = halt
        self._start = start
        self._report = report
        self._small: list[Candidate] = []
        self._small_bytes = 0
        self._small_most = FIRST_BATCH
        self._large: deque[Candidate] = deque()

    def take(self, sources: Iterable[Source]) -> None:
        """Start or report all files.

        Raises:
            ApiError, NetworkError, NotSignedIn: no file can be sent.
            Stopped: the run must end.
        """
        for source in sources:
            self._halt.check()
            self._add(source)
            while self._large and self._lanes.has_room_for_large():
                self._take_large()
            if len(self._large) > _LARGE_MOST:
                self._wait_and_take_large()
        self._take_small()
        while self._large:
            self._wait_and_take_large()

    def _add(self, source: Source) -> None:
        try:
            candidate = self._candidate(source)
        except SourceError as error:
            self._report(Outcome(source, error=error))
            return
        if candidate.fingerprint.size > SMALL_BYTES:
            self._large.append(candidate)
        elif not self._resumes(candidate):
            self._small.append(candidate)
            self._small_bytes += candidate.fingerprint.size
            if self._is_batch_full():
                self._take_small()

    def _candidate(self, source: Source) -> Candidate:
        try:
            return Candidate(source, source.fingerprint())
        except SourceError as error:
            raise self._resumption.missing(source, error) from error

    def _is_batch_full(self) -> bool:
        most = min(self._small_most, self._tickets.batch)
        much = self._options.checksum and self._small_bytes > _HASHED_AT_ONCE_BYTES
        return len(self._small) >= most or much

    def _take_small(self) -> None:
        batch, self._small, self._small_bytes = self._small, [], 0
        self._small_most = self._tickets.batch
        if batch:
            self._request(batch)

    def _wait_and_take_large(self) -> None:
        self._lanes.wait_for(self._lanes.has_room_for_large)
        self._halt.check()
        self._take_large()

    def _take_large(self) -> None:
        candidate = self._large.popleft()
        if not self._resumes(candidate):
            self._request([candidate])

    def _resumes(self, candidate: Candidate) -> bool:
        """Continue an upload that was begun earlier. Returns False if the file needs a new one."""
        try:
            resumed = self._resumption.resume(candidate)
        except (UserError, SourceError) as error:
            resumed = Outcome(candidate.source, error=error)
        if resumed is None:
            return False
        self._go_on_with([resumed])
        return True

    def _request(self, batch: Sequence[Candidate]) -> None:
        self._halt.check()
        self._go_on_with(self._tickets.request(batch))

    def _go_on_with(self, results: Sequence[Job | Outcome]) -> None:
        jobs = [result for result in results if isinstance(result, Job)]
        self._start(jobs)
        for result in results:
            if isinstance(result, Outcome):
                self._report(result)
