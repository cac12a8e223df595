"""Reads and writes at an offset, so that several threads can use one open file."""

from __future__ import annotations

import os
import threading

# Windows has no pread and pwrite. There, the offset of the file is moved under this lock.
_offset = threading.Lock()


def read_at(file: int, buffer: memoryview, offset: int) -> int:
    """Read into the buffer from an offset. Returns the number of bytes; 0 at the end."""
    if hasattr(os, "preadv"):
        return os.preadv(file, [buffer], offset)
    return _read_moving(file, buffer, offset)


def write_at(file: int, data: memoryview, offset: int) -> None:
    """Write all of the data at an offset."""
    write = os.pwrite if hasattr(os, "pwrite") else _write_moving
    while data:
        count = write(file, data, offset)
        data, offset = data[count:], offset + count


def _read_moving(file: int, buffer: memoryview, offset: int) -> int:
    with _offset:
        os.lseek(file, offset, os.SEEK_SET)
        data = os.read(file, len(buffer))
    buffer[: len(data)] = data
    return len(data)


def _write_moving(file: int, data: memoryview, offset: int) -> int:
    with _offset:
        os.lseek(file, offset, os.SEEK_SET)
        return os.write(file, data)
