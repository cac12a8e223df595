"""One file on its way: its parts, their URLs, what is left of it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from media_client import operations
from media_client.api import Api
from media_client.errors import MediaError
from media_client.models import Part, Upload
from media_client.transfer.source import Fingerprint, Source, check_unchanged, sha256

_SIGN_AHEAD = 64  # URLs live for minutes: too many at once would expire on a slow line.
_FRESH = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a file ended: `upload` where it is in the bucket, else `error`.

    `status` of the upload is STORED; PENDING means that all bytes are sent and the service still
    reads them for the checksum. `skipped`: it was there before.
    """

    source: Source
    upload: Upload | None = None
    error: MediaError | None = None
    skipped: bool = False


class Job:
    """A file that has a ticket. Parts are sent by several threads; the last one notices."""

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
            raise ValueError("a settled upload has nothing to send")
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
        """How many bytes a part has."""
        return min(self.part_size, self.fingerprint.size - (number - 1) * self.part_size)

    # ------------------------------------------------------------ the file

    def open(self) -> int:
        """The open file; `close` as often as this was called."""
        with self._lock:
            if self._file is None:
                self._file = self.source.open(self.fingerprint)
            self._users += 1
            return self._file

    def close(self) -> None:
        """Close the file when nobody reads it any more."""
        with self._lock:
            self._users -= 1
            if self._users == 0 and self._file is not None:
                os.close(self._file)
                self._file = None

    def check_unchanged(self, file: int) -> None:
        """Raise SourceChanged if the file is not what it was."""
        check_unchanged(file, self.fingerprint, self.source.path)

    # ------------------------------------------------------------ URLs

    def part(self, api: Api, number: int, file: int) -> Part | None:
        """The request for a part, fresh enough to be sent now.

        None where the service has settled the upload meanwhile: its event was faster than we.
        """
        checksum = None
        if self.checksums:
            checksum = sha256(file, (number - 1) * self.part_size, self.size_of(number))
        with self._signing:
            part = self._parts.pop(number, None)
            if part is not None and part.request.expires_at - _FRESH > datetime.now(UTC):
                return part
            select = [(number, checksum)]
            if not self.checksums:
                ahead = (n for n in self.todo if n > number and n not in self._parts)
                select += [(n, None) for n, _ in zip(ahead, range(_SIGN_AHEAD - 1), strict=False)]
            if self.part_count == 1 and self.upload.checksum:
                select = [(1, self.upload.checksum)]
            parts = api.run(operations.sign_parts(self.upload.id, select))
            self._parts.update({part.number: part for part in parts})
            return self._parts.pop(number, None)

    # ------------------------------------------------------------ what is left

    @property
    def untouched(self) -> bool:
        """Whether no part of it is in the bucket, so that nothing is lost if it is given up."""
        return self._left == self.part_count

    def sent(self) -> bool:
        """A part is there; whether it was the last."""
        with self._lock:
            self._left -= 1
            return self._left == 0

    def fail(self, error: MediaError) -> bool:
        """The file can't be sent; whether this is the first to say so."""
        with self._lock:
            first, self.error = self.error is None, self.error or error
            return first

    def again(self, numbers: Sequence[int]) -> None:
        """Send these parts again: the bucket has not got them."""
        with self._lock:
            self.todo, self._left = list(numbers), len(numbers)
            self.resends += 1
            self._parts.clear()
