"""The upload of one file: its parts, their signed requests, and which parts are left."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from media_client import operations
from media_client.api import Api
from media_client.errors import MediaError
from media_client.models import Part, Upload
from media_client.transfer.checksums import sha256
from media_client.transfer.source import Fingerprint, Source, check_unchanged

_SIGN_AHEAD = 64  # URLs are valid for minutes; on a slow line, more would expire unused.
_FRESH = timedelta(seconds=20)


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
    """A file that has a ticket. Several threads send its parts."""

    def __init__(
        self,
        source: Source,
        fingerprint: Fingerprint,
        upload: Upload,
        *,
        checksums: bool,
        received: Iterable[int] = (),
    ) -> None:
        transfer = upload.transfer
        if transfer is None:
            raise ValueError("an upload in a final state has nothing to send")
        self.source, self.fingerprint, self.upload = source, fingerprint, upload
        self.part_size, self.part_count = transfer.part_size, transfer.part_count
        self.checksums = checksums and self.part_count > 1
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
        self._file: int | None = None
        self._users = 0

    def size_of(self, number: int) -> int:
        """Return the size of a part in bytes."""
        return min(self.part_size, self.fingerprint.size - (number - 1) * self.part_size)

    # ------------------------------------------------------------ the file

    def open(self) -> int:
        """Return the file descriptor, opening the file if needed. Call `close` once per `open`."""
        with self._lock:
            if self._file is None:
                self._file = self.source.open(self.fingerprint)
            self._users += 1
            return self._file

    def close(self) -> None:
        """Close the file if this was its last user."""
        with self._lock:
            self._users -= 1
            if self._users == 0 and self._file is not None:
                os.close(self._file)
                self._file = None

    def check_unchanged(self, file: int) -> None:
        """Raise SourceChanged if the file has changed since the upload began."""
        check_unchanged(file, self.fingerprint, self.source.path)

    # ------------------------------------------------------------ signed requests

    def part(self, api: Api, number: int, file: int) -> Part | None:
        """Return a part with a signed request that is still valid.

        None if the upload is already in a final state: the bucket's event settled it first.
        """
        checksum = None
        if self.checksums:
            checksum = sha256(file, (number - 1) * self.part_size, self.size_of(number))
        with self._signing:
            part = self._parts.pop(number, None)
            if part is not None and part.request.expires_at - _FRESH > api.clock.now():
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
