"""Targets of downloads that are written in order, and never replaced: stdout, pipes, devices."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from media_client.cli.streams import PipeClosed
from media_client.errors import TargetError
from media_client.transfer.sink import Writable
from media_client.transfer.source import shown

STDOUT = "-"
# Opening these again would write from the start of a file that stdout appends to.
_OPEN = re.compile(r"/dev/std(?P<name>out|err)|/(dev|proc/self)/fd/(?P<number>\d{1,5})")


def is_outlet(path: str) -> bool:
    """Return whether a path is stdout, a FIFO, a device, or an open file such as /dev/stdout."""
    if path == STDOUT:
        return True
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return False
    return _OPEN.fullmatch(path) is not None or not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


@contextmanager
def opened(path: str) -> Iterator[Writable]:
    """Open stdout or the file at a path for writing, without creating or truncating it.

    Raises:
        TargetError: it can't be opened or written.
        PipeClosed: the reader has closed the pipe.
    """
    try:
        if path == STDOUT:
            yield _unbuffered(sys.stdout.buffer)
            return
        with os.fdopen(_descriptor(path), "wb", buffering=0) as file:
            yield file
    except BrokenPipeError as error:
        raise PipeClosed from error
    except OSError as error:
        name = "Stdout" if path == STDOUT else shown(path)
        raise TargetError(f"{name} can't be written: {error.strerror or error}.") from error


def _descriptor(path: str) -> int:
    match = _OPEN.fullmatch(path)
    if match is None:
        return os.open(path, os.O_WRONLY)
    if match["name"]:
        return os.dup(1 if match["name"] == "out" else 2)
    return os.dup(int(match["number"]))


def _unbuffered(file: IO[bytes]) -> Any:
    """Return the raw file: after a failure, no buffer is left to be written at exit."""
    file.flush()
    return getattr(file, "raw", file)
