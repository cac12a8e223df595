"""The upload of one file: its parts, their signed requests, and which parts are left."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from media_client import operations
from media_client.api import Api
from media_client.errors import MediaError
from media_client.models import Part, Upload
from media_client.transfer.content import Content, OpenFile, Piece
from media_client.transfer.readable import Stream
from media_client.transfer.source import Candidate, Source

_SIGN_AHEAD = 64  # URLs are valid for minutes; on a slow line, more would expire unused.


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one file: `upload` if it was uploaded, else `error`.

    The upload's status is STORED, or PENDING if all bytes were sent but the service is still
    verifying the checksum. `skipped`: an earlier run had already uploaded the file.
    """

    source: Source
    upload: Upload | None = None
    error: MediaError | None = None
    skipped: bool = False


class Job:
    """A file that has a ticket. Several threads send its parts.

    `resumable`: the upload can be continued later, so it is not cancelled if this run ends early.
    """

    def __init__(
        self,
        candidate: Candidate,
        upload: Upload,
        *,
        checksums: bool,
        received: Iterable[int] = (),
    ) -> None:
        transfer = upload.transfer
        if transfer is None:
            raise ValueError("an upload in a final state has nothing to send")
        self.source, self.fingerprint = candidate.source, candidate.fingerprint
        self.upload = upload
        self.part_size, self.part_count = transfer.part_size, transfer.part_count
        self.checksums = checksums and self.part_count > 1
        self.resumable = False
        self.resends = 0
        self.error: MediaError | None = None
        received = set(received)
        self.todo: Sequence[int] = [
            number for number in range(1, self.part_count + 1) if number not in received
        ]
        self.bytes_there = sum(self.size_of(number) for number in received)
        self._left = len(self.todo)
        self._parts = {part.number: part for part in transfer.parts}
        self._lock = threading.Lock()
        self._signing = threading.Lock()
        self._file: OpenFile | None = None
        self._users = 0

    def size_of(self, number: int) -> int:
        """Return the size of a part in bytes."""
        return min(self.part_size, self.fingerprint.size - (number - 1) * self.part_size)

    # ------------------------------------------------------------ the file

    @contextmanager
    def opened(self, number: int, stop: threading.Event) -> Iterator[Content]:
        """Open what holds a part: the file, or the part itself if it comes from a stream.

        Raises:
            SourceError: it can't be read.
            Stopped: `stop` was set.
        """
        if self.source.stream is not None:
            yield self._read(self.source.stream, number, stop)
            return
        file = self._open()
        try:
            yield file
        finally:
            self._close()

    def first(self, numbers: Sequence[int]) -> Sequence[int]:
        """Return the parts that can be queued at once: of a stream, only one is read at a time."""
        return numbers if self.source.stream is None else numbers[:1]

    def following(self, number: int) -> Sequence[int]:
        """Return the part of a stream that can be queued once part `number` was read."""
        if self.source.stream is None:
            return ()
        index = bisect_right(self.todo, number)
        return self.todo[index : index + 1]

    def _read(self, stream: Stream, number: int, stop: threading.Event) -> Content:
        start = (number - 1) * self.part_size
        return Piece(start, stream.read(start, self.size_of(number), stop))

    def _open(self) -> OpenFile:
        with self._lock:
            if self._file is None:
                descriptor = self.source.open(self.fingerprint)
                self._file = OpenFile(descriptor, self.source.path, self.fingerprint)
            self._users += 1
            return self._file

    def _close(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0 and self._file is not None:
                self._file.close()
                self._file = None

    # ------------------------------------------------------------ signed requests

    def part(self, api: Api, number: int, content: Content) -> Part | None:
        """Return a part with a signed request that is still valid.

        None if the upload is already in a final state: the bucket's event settled it first.
        """
        checksum = None
        if self.checksums:
            checksum = content.sha256((number - 1) * self.part_size, self.size_of(number))
        with self._signing:
            part = self._parts.pop(number, None)
            if part is not None and api.clock.is_fresh(part.request.expires_at):
                return part
            select = [(number, checksum)]
            if not self.checksums:
                ahead = (n for n in self.todo if n > number and n not in self._parts)
                select += [(n, None) for n, _ in zip(ahead, range(_SIGN_AHEAD - 1), strict=False)]
            parts = api.run(operations.sign_parts(self.upload.id, select))
            self._parts.update({part.number: part for part in parts})
            return self._parts.pop(number, None)

    # ------------------------------------------------------------ remaining parts

    @property
    def untouched(self) -> bool:
        """Whether no part has been sent yet, so that cancelling the upload loses nothing."""
        return self._left == self.part_count

    def sent(self) -> bool:
        """Record that a part was sent. Returns whether it was the last one."""
        with self._lock:
            self._left -= 1
            return self._left == 0

    def fail(self, error: MediaError) -> bool:
        """Record that the file can't be sent. Returns whether this is its first failure."""
        with self._lock:
            first, self.error = self.error is None, self.error or error
            return first

    def again(self, numbers: Sequence[int]) -> None:
        """Mark parts that the bucket does not have as not sent."""
        with self._lock:
            self.todo, self._left = list(numbers), len(numbers)
            self.resends += 1
            self._parts.clear()
