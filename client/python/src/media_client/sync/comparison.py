"""Compares local files with uploads by their content."""

from __future__ import annotations

import os
import time

from media_client.models import Upload
from media_client.sync.folder import LocalFile
from media_client.sync.sides import Sides
from media_client.transfer import checksums
from media_client.transfer.progress import Progress, Silent
from media_client.transfer.source import Source, check_unchanged, unreadable

_BUFFER_BYTES = 1024 * 1024


class Comparison:
    """Compares files by size and SHA-256. Files that have not changed are not read again.

    `progress` shows the files that are read.
    """

    def __init__(self, sides: Sides) -> None:
        self._state = sides.state
        self._check_not_stopped = sides.check_not_stopped
        self.progress: Progress = Silent()

    def sha256(self, file: LocalFile) -> str:
        """Return the Base64 SHA-256 of a local file.

        Raises:
            SourceError: it can't be read.
            SourceChanged: it has changed since it was found.
            Stopped: the stop event was set.
        """
        known = self._state.sha256_of_file(file)
        if known is not None:
            return known
        began_ns = time.time_ns()
        digest = self._read(file)
        self._state.set_file(file, digest, began_ns)
        return digest

    def is_same(self, file: LocalFile, upload: Upload, sha256: str) -> bool:
        """Return whether a local file of the same size has the same bytes as an upload.

        An upload that has no SHA-256 is compared by its CRC-64/NVME if this machine can compute
        one. Otherwise it counts as different: it is transferred once, and known from then on.

        Raises what `sha256` raises.
        """
        known = self._state.sha256_of_upload(upload)
        if known is not None:
            return known == sha256
        if upload.checksum_algorithm != checksums.CRC64NVME or not checksums.has_crc64nvme():
            return False
        if self._crc64nvme(file) != upload.checksum:
            return False
        self._state.set_upload(upload, sha256)
        return True

    def _read(self, file: LocalFile) -> str:
        checksum = checksums.Checksum(checksums.SHA256)
        buffer = memoryview(bytearray(_BUFFER_BYTES))
        self.progress.begin(file, file.path.name, file.fingerprint.size, 0)
        error: str | None = None
        try:
            with file.path.open("rb", buffering=0) as opened:
                check_unchanged(opened.fileno(), file.fingerprint, file.path)
                while count := opened.readinto(buffer):
                    self._check_not_stopped()
                    checksum.update(buffer[:count])
                    self.progress.advance(file, count)
                check_unchanged(opened.fileno(), file.fingerprint, file.path)
        except OSError as problem:
            error = problem.strerror
            raise unreadable(file.path, problem) from problem
        finally:
            self.progress.end(file, error)
        return checksum.value()

    def _crc64nvme(self, file: LocalFile) -> str:
        opened = Source.at(file.path).open(file.fingerprint)
        try:
            return checksums.crc64nvme(opened, 0, file.fingerprint.size)
        except OSError as error:
            raise unreadable(file.path, error) from error
        finally:
            os.close(opened)
