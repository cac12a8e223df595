"""Downloads: concurrent ranges into one file, resumable and verified."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException, HTTPResponse
from pathlib import Path

from media_client import backoff, operations
from media_client.api import Api
from media_client.errors import (
    BucketError,
    MediaError,
    NetworkError,
    Stopped,
    TargetError,
    UploadClosed,
)
from media_client.models import Disposition, SignedRequest, Upload, UploadStatus
from media_client.names import as_file_name
from media_client.transfer import checksums
from media_client.transfer.progress import Progress
from media_client.transfer.sender import ATTEMPTS, bucket_error
from media_client.transfer.source import shown

RANGE_BYTES = 16 * 1024 * 1024
_BUFFER_BYTES = 256 * 1024
_ERROR_MAX_BYTES = 64 * 1024
_FRESH = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class _Range:
    number: int
    offset: int
    size: int


class Download:
    """The download of one upload."""

    def __init__(
        self,
        api: Api,
        upload: Upload,
        target: Path,
        jobs: int,
        progress: Progress,
        stop: threading.Event,
    ) -> None:
        if upload.status is not UploadStatus.STORED:
            error = UploadClosed(
                UploadClosed.CODE,
                f"Upload {upload.id} is {upload.status}; only STORED uploads can be downloaded.",
            )
            error.status = str(upload.status)
            raise error
        self._api = api
        self._upload = upload
        self._target = target / safe_name(upload.filename) if target.is_dir() else target
        self._partial = self._target.with_name(f".{self._target.name[:200]}.{upload.id}.part")
        self._state = self._partial.with_suffix(".state")
        self._jobs = max(1, jobs)
        self._progress = progress
        self._stop = stop
        self._pool = api.pool(stop)
        self._request: SignedRequest | None = None
        self._signing = threading.Lock()
        self._noting = threading.Lock()

    def run(self, *, overwrite: bool) -> Path:
        """Fetch the missing ranges, verify the file and move it into place. Returns its path.

        Raises:
            TargetError, BucketError, NetworkError, Stopped
        """
        if os.path.lexists(self._target) and not overwrite:
            raise TargetError(f"{shown(self._target)} already exists. --force replaces it.")
        try:
            self._fetch_all()
            self._verify()
            os.replace(self._partial, self._target)
            self._state.unlink(missing_ok=True)
        except OSError as error:
            raise TargetError(
                f"{shown(self._target)} can't be written: {error.strerror or error}."
            ) from error
        finally:
            self._pool.close()
        return self._target

    # ------------------------------------------------------------ ranges

    def _fetch_all(self) -> None:
        size = self._upload.size
        file = os.open(self._partial, os.O_CREAT | os.O_RDWR, 0o666)
        try:
            os.ftruncate(file, size)
            done = self._completed_ranges()
            ranges = [
                _Range(number, offset, min(RANGE_BYTES, size - offset))
                for number, offset in enumerate(range(0, size, RANGE_BYTES))
            ]
            done_bytes = sum(part.size for part in ranges if part.number in done)
            self._progress.begin(self, self._upload.filename, size, done_bytes)
            self._fetch_ranges(file, [part for part in ranges if part.number not in done])
        except BaseException as error:
            self._progress.end(self, str(error))
            raise
        finally:
            os.close(file)
        self._progress.end(self, None)

    def _fetch_ranges(self, file: int, ranges: list[_Range]) -> None:
        from concurrent.futures import (  # Slow to import, and uploads do not need it.
            FIRST_EXCEPTION,
            ThreadPoolExecutor,
            wait,
        )

        with (
            self._state.open("a", encoding="utf-8") as state,
            ThreadPoolExecutor(self._jobs, thread_name_prefix="download") as threads,
        ):
            failed = threading.Event()

            def fetch(part: _Range) -> None:
                if failed.is_set():
                    return
                self._fetch(file, part)
                with self._noting:
                    state.write(f"{part.number}\n")
                    state.flush()

            futures = [threads.submit(fetch, part) for part in ranges]
            try:
                finished, _ = wait(futures, return_when=FIRST_EXCEPTION)
            except BaseException:
                failed.set()
                self._stop.set()
                raise
            failed.set() if any(future.exception() for future in finished) else None
            for future in futures:
                future.result()

    def _completed_ranges(self) -> set[int]:
        """Return the numbers of the ranges that an interrupted download completed."""
        try:
            lines = self._state.read_text(encoding="utf-8").split("\n")[:-1]
        except FileNotFoundError:
            return set()
        return {int(line) for line in lines if line.isdigit()}

    def _fetch(self, file: int, part: _Range) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._attempt(file, part)
            except NetworkError as error:
                if attempt == ATTEMPTS or not error.is_transient:
                    raise
                at_least = 0.0
            except BucketError as error:
                stale = error.status == 403 and attempt <= 2
                if attempt == ATTEMPTS or not (stale or error.status >= 500 or error.status == 429):
                    raise
                self._request, at_least = None, error.retry_after
            backoff.wait(backoff.delay_seconds(attempt, at_least), self._stop)
        return None

    def _attempt(self, file: int, part: _Range) -> None:
        request = self._signed()
        last = part.offset + part.size - 1
        headers = [*request.headers, ("Range", f"bytes={part.offset}-{last}")]
        counted = 0

        def count(received: int) -> None:
            nonlocal counted
            counted += received
            self._progress.advance(self, received)

        def read(response: HTTPResponse) -> bytes:
            whole = response.status == 200 and part.size == self._upload.size
            if response.status != 206 and not whole:
                return response.read(_ERROR_MAX_BYTES)
            self._receive(response, file, part, count)
            return b""

        try:
            response, error_body = self._pool.exchange("GET", request.url, headers, b"", read)
        except BaseException:
            self._progress.advance(self, -counted)
            raise
        if counted != part.size:
            error = bucket_error(response.status, error_body)
            error.retry_after = backoff.retry_after_seconds(response.getheader("Retry-After"))
            raise error

    def _receive(
        self, response: HTTPResponse, file: int, part: _Range, count: Callable[[int], None]
    ) -> None:
        """Write the body to the file at the range's offset."""
        buffer = memoryview(bytearray(_BUFFER_BYTES))
        offset, end = part.offset, part.offset + part.size
        while offset < end:
            received = response.readinto(buffer[: min(len(buffer), end - offset)])
            if not received:
                raise HTTPException(f"{end - offset} bytes are missing")
            if self._stop.is_set():
                raise Stopped("The transfer was stopped.")
            _write_all(file, buffer[:received], offset)
            offset += received
            count(received)
        response.read()

    def _signed(self) -> SignedRequest:
        with self._signing:
            request = self._request
            if request is None or request.expires_at - _FRESH <= datetime.now(UTC):
                request = self._api.run(
                    operations.download(self._upload.id, Disposition.ATTACHMENT, None)
                )
                if request is None:
                    raise MediaError(f"Upload {self._upload.id} was deleted during the download.")
                self._request = request
            return request

    # ------------------------------------------------------------ verification

    def _verify(self) -> None:
        """Verify the checksum if the upload has one, and delete the file if it differs."""
        algorithm = self._upload.checksum_algorithm
        if algorithm is None:
            return
        if not checksums.can_compute(algorithm):
            self._progress.note(
                f"The {algorithm} of {shown(self._upload.filename)} was not verified: install "
                "media-client[crc]."
            )
            return
        file = os.open(self._partial, os.O_RDONLY)
        try:
            actual = checksums.OF_RANGE[algorithm](file, 0, self._upload.size)
        finally:
            os.close(file)
        if actual != self._upload.checksum:
            self._partial.unlink()
            self._state.unlink(missing_ok=True)
            raise TargetError(
                f"The download of {shown(self._upload.filename)} is corrupt: its {algorithm} is "
                f"{actual} instead of {self._upload.checksum}. It was deleted; download it again."
            )


def _write_all(file: int, data: memoryview, offset: int) -> None:
    while data:
        count = os.pwrite(file, data, offset)
        data, offset = data[count:], offset + count


def safe_name(filename: str) -> str:
    """Turn an upload's name into a file name that stays in its directory.

    An upload's name may contain any character, including path separators and hidden ones.
    """
    name = re.sub(r"[/\\]", "_", as_file_name(filename))
    while len(name.encode("utf-8", "replace")) > 255:
        name = name[:-1]
    return "_" if name in ("", ".", "..") else name
