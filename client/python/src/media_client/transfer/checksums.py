"""Checksums of files. CRC-64/NVME needs the package awscrt, which computes many GB per second."""

from __future__ import annotations

import base64
import functools
import hashlib
import importlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from media_client.errors import SourceChanged
from media_client.positional import read_at

SHA256 = "SHA256"
CRC64NVME = "CRC64NVME"

_BUFFER_BYTES = 1024 * 1024


class Checksum:
    """A checksum of bytes that arrive in order, by an algorithm of `can_compute`."""

    def __init__(self, algorithm: str) -> None:
        self._sha256 = hashlib.sha256()
        self._crc, self._update_crc = 0, _awscrt() if algorithm == CRC64NVME else None

    def update(self, piece: memoryview) -> None:
        """Add bytes."""
        if self._update_crc is None:
            self._sha256.update(piece)
        else:
            self._crc = self._update_crc(piece, self._crc)

    def value(self) -> str:
        """Return the checksum in Base64."""
        is_crc = self._update_crc is not None
        digest = self._crc.to_bytes(8, "big") if is_crc else self._sha256.digest()
        return base64.b64encode(digest).decode()


def sha256(file: int, offset: int, size: int) -> str:
    """Return the Base64 SHA-256 of a range of an open file.

    Raises:
        SourceChanged: the file ends before the range does.
    """
    return of_pieces(SHA256, _pieces(file, offset, size))


def crc64nvme(file: int, offset: int, size: int) -> str:
    """Return the Base64 CRC-64/NVME of a range of an open file; see `has_crc64nvme`.

    Raises:
        SourceChanged: the file ends before the range does.
    """
    return of_pieces(CRC64NVME, _pieces(file, offset, size))


OF_RANGE: dict[str, Callable[[int, int, int], str]] = {SHA256: sha256, CRC64NVME: crc64nvme}


def of_pieces(algorithm: str, pieces: Iterable[memoryview]) -> str:
    """Return the Base64 checksum of bytes that are given piece by piece."""
    checksum = Checksum(algorithm)
    for piece in pieces:
        checksum.update(piece)
    return checksum.value()


@functools.cache
def has_crc64nvme() -> bool:
    """Return whether a CRC-64/NVME can be computed here."""
    try:
        _awscrt()
    except (ImportError, AttributeError):  # Not installed, or older than 0.23.
        return False
    return True


def can_compute(algorithm: str | None) -> bool:
    """Return whether checksums of this algorithm can be computed here."""
    return algorithm in OF_RANGE and (algorithm != CRC64NVME or has_crc64nvme())


def _awscrt() -> Any:
    # The package has no types, and importing it takes too long for commands that do not need it.
    return importlib.import_module("awscrt.checksums").crc64nvme


def _pieces(file: int, offset: int, size: int) -> Iterator[memoryview]:
    """Yield the range piece by piece, in one small buffer."""
    buffer = memoryview(bytearray(min(_BUFFER_BYTES, max(1, size))))
    end = offset + size
    while offset < end:
        piece = buffer[: min(len(buffer), end - offset)]
        count = read_at(file, piece, offset)
        if count == 0:
            raise SourceChanged("The file became shorter while it was being read.")
        yield piece[:count]
        offset += count
