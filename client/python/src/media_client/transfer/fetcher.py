"""Fetches ranges of uploads from the bucket, retrying transient failures."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse

from media_client import operations
from media_client.api import Api
from media_client.errors import Stopped, TargetError, UploadNotFound
from media_client.http.pool import Pool
from media_client.models import SignedRequest, Upload
from media_client.transfer.retries import bucket_error, with_retries

RANGE_BYTES = 16 * 1024 * 1024
_BUFFER_BYTES = 256 * 1024
_ERROR_MAX_BYTES = 64 * 1024

Write = Callable[[memoryview, int], None]
Sign = Callable[[Api, Sequence[Upload]], Mapping[str, SignedRequest]]
"""Returns signed GETs by upload id, without uploads that are gone."""


@dataclass(slots=True)
class Range:
    """A range of an upload, and how many of its bytes were written."""

    number: int
    offset: int
    size: int
    received: int = 0


def ranges_of(size: int) -> Iterator[Range]:
    """Yield the ranges of an upload of `size` bytes, in order."""
    for number, offset in enumerate(range(0, size, RANGE_BYTES)):
        yield Range(number, offset, min(RANGE_BYTES, size - offset))


def originals(api: Api, uploads: Sequence[Upload]) -> Mapping[str, SignedRequest]:
    """Return signed GETs of the uploads themselves."""
    return api.run(operations.downloads([upload.id for upload in uploads]))


class Signed:
    """The signed GET of an upload, renewed when it expires. Threads may share it."""

    def __init__(
        self, api: Api, upload: Upload, request: SignedRequest | None = None, sign: Sign = originals
    ) -> None:
        self.upload = upload
        self._api = api
        self._sign = sign
        self._request = request
        self._lock = threading.Lock()

    def current(self) -> SignedRequest:
        """Return a request that has not expired.

        Raises:
            UploadNotFound: the upload was deleted.
        """
        with self._lock:
            request = self._request
            if request is None or not self._api.clock.is_fresh(request.expires_at):
                request = self._sign(self._api, [self.upload]).get(self.upload.id)
                if request is None:
                    raise deleted(self.upload)
                self._request = request
            return request

    def discard(self, request: SignedRequest) -> None:
        """Have a request renewed that the bucket rejected, unless another thread has done so."""
        with self._lock:
            if self._request is request:
                self._request = None


def deleted(upload: Upload) -> UploadNotFound:
    """Return the error for an upload that no longer exists."""
    message = f"Upload {upload.id} was deleted during the download."
    return UploadNotFound(UploadNotFound.CODE, message)


class _NotWritten(Exception):
    """Carries an OSError of a local file past code that takes every OSError for a network's."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


class Fetcher:
    """Fetches ranges over keep-alive connections. Threads may share it."""

    def __init__(self, api: Api, pool: Pool, stop: threading.Event) -> None:
        self._api = api
        self._pool = pool
        self._stop = stop

    def fetch(self, signed: Signed, part: Range, write: Write) -> None:
        """Fetch a range, and call `write` with each piece and its offset in the file, in order.

        A retry continues after the last piece.

        Raises:
            BucketError, NetworkError: the bucket rejected it, or it failed too many times.
            OSError: `write` raised it; it is not retried.
            TargetError: the bucket sent other bytes.
            UploadNotFound: the upload was deleted.
            Stopped: the stop event was set.
        """
        try:
            with_retries(lambda: self._attempt(signed, part, write), self._api.settings, self._stop)
        except _NotWritten as failure:
            raise failure.error from None

    def _attempt(self, signed: Signed, part: Range, write: Write) -> None:
        request = signed.current()
        first, last = part.offset + part.received, part.offset + part.size - 1
        headers = [*request.headers, ("Range", f"bytes={first}-{last}")]
        wanted = f"bytes {first}-{last}/{signed.upload.size}"

        def read(response: HTTPResponse) -> bytes:
            try:
                if not _is_range(response, wanted, part, signed.upload):
                    return response.read(_ERROR_MAX_BYTES)
                self._receive(response, part, write)
            except BaseException:
                response.close()  # The rest of the body is not read.
                raise
            return b""

        response, error_body = self._pool.exchange("GET", request.url, headers, b"", read)
        if part.received != part.size:
            signed.discard(request)
            raise bucket_error(response, error_body)

    def _receive(self, response: HTTPResponse, part: Range, write: Write) -> None:
        buffer = memoryview(bytearray(min(_BUFFER_BYTES, part.size)))
        while part.received < part.size:
            left = part.size - part.received
            count = response.readinto(buffer[: min(len(buffer), left)])
            if not count:
                raise HTTPException(f"{left} bytes are missing")
            if self._stop.is_set():
                raise Stopped
            try:
                write(buffer[:count], part.offset + part.received)
            except OSError as error:
                raise _NotWritten(error) from error
            part.received += count
            self._api.limiter.take(count, self._stop)
        response.read()


def _is_range(response: HTTPResponse, wanted: str, part: Range, upload: Upload) -> bool:
    """Return whether a response has the wanted bytes; a whole file may come without a range.

    Raises:
        TargetError: it has others: the object was replaced, or a proxy ignores ranges.
    """
    if response.status not in (200, 206):
        return False
    found = response.getheader("Content-Range")
    if found == wanted or (found is None and not part.received and part.size == upload.size):
        return True
    raise TargetError(
        f"The bucket sent {found or 'the whole file'} instead of {wanted} of upload {upload.id}."
    )
