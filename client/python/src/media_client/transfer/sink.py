"""Downloads to a sink, which takes bytes in order: stdout, a pipe, a device, a file object."""

from __future__ import annotations

import threading
from typing import Protocol

from media_client.api import Api
from media_client.errors import TargetError
from media_client.models import Upload
from media_client.transfer import checksums
from media_client.transfer.download import corrupt, not_verified
from media_client.transfer.fetcher import Fetcher, Sign, Signed, Write, originals, ranges_of
from media_client.transfer.progress import Progress
from media_client.transfer.targets import check_stored


class Writable(Protocol):
    """A binary stream."""

    def write(self, data: memoryview, /) -> int | None:
        """Write bytes, and return how many; None means all of them."""


def download_to(
    api: Api,
    upload: Upload,
    target: Writable,
    progress: Progress,
    stop: threading.Event,
    sign: Sign = originals,
) -> None:
    """Write an upload's bytes to `target`, in order. `sign` signs the request.

    Raises:
        UploadClosed, UploadNotFound: there is nothing to download.
        TargetError: the bytes, which were written, do not match the checksum.
        BucketError, NetworkError: they could not be fetched.
        OSError: `target` raised it.
        Stopped: `stop` was set.
    """
    check_stored(upload)
    checksum = _checksum(upload, progress)

    def write(data: memoryview, _offset: int) -> None:
        if checksum is not None:
            checksum.update(data)
        progress.advance(upload, len(data))
        while data:
            count = target.write(data)
            data = data[len(data) if count is None else count :]

    progress.begin(upload, upload.filename, upload.size, 0)
    try:
        _fetch(api, upload, write, stop, sign)
        if checksum is not None and checksum.value() != upload.checksum:
            raise TargetError(f"{corrupt(upload, checksum.value())} Discard what was written.")
    except BaseException as error:
        progress.end(upload, str(error))
        raise
    progress.end(upload, None)


def _fetch(api: Api, upload: Upload, write: Write, stop: threading.Event, sign: Sign) -> None:
    api = api.for_run(stop)
    pool, signed = api.pool(stop), Signed(api, upload, sign=sign)
    try:
        for part in ranges_of(upload.size):
            Fetcher(api, pool, stop).fetch(signed, part, write)
    finally:
        pool.close()


def _checksum(upload: Upload, progress: Progress) -> checksums.Checksum | None:
    if upload.checksum_algorithm is None:
        return None
    if checksums.can_compute(upload.checksum_algorithm):
        return checksums.Checksum(upload.checksum_algorithm)
    progress.note(not_verified(upload))
    return None
