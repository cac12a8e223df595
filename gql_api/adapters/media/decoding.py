"""Decodes a file in a process of its own, and believes nothing that it says."""

from __future__ import annotations

import os
import signal
import subprocess  # nosec B404
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from gql_api.adapters.media import messages, webp
from gql_api.adapters.media.channel import Channel, ChildFailed
from gql_api.adapters.media.confinement import LIMITS, Limits
from gql_api.adapters.media.decoders import TOO_LARGE, TOO_MUCH_MEMORY, TOO_MUCH_READ, printable
from gql_api.adapters.media.formats import Format, Kind, sniff
from gql_api.adapters.media.ranges import BLOCK_BYTES, Budget, Fetch, Ranges, TooMuchRead
from gql_api.domain.media import Derived, Refusal, Rendition

# What Python needs to start on Lambda. Everything else stays here, such as URLs and keys.
_INHERITED = ("LD_LIBRARY_PATH",)


class DecoderUnavailable(Exception):
    """The process does not start: a defect of the installation, which says nothing of the file."""


def decode(fetch: Fetch, size_bytes: int, limits: Limits = LIMITS) -> Derived | Refusal | None:
    """Return what can be derived from a file; None if its format is not one of those.

    `fetch(offset, length)` returns these bytes of the file. What it raises is raised here, and the
    same file can be tried again. A Refusal is final for these bytes.

    Raises:
        DecoderUnavailable: the process did not start. It printed why.
        TimeoutError: it took too long. With the CPU time limited, the store or the machine is slow.
    """
    if not size_bytes:
        return None
    ranges = Ranges(size_bytes, fetch, Budget(BLOCK_BYTES, 1))
    start = ranges.read(0, min(BLOCK_BYTES, size_bytes))
    format = sniff(start)
    if format is None:
        return None
    if format.kind is Kind.IMAGE and size_bytes > format.kind.budget.size_bytes:
        return Refusal(TOO_LARGE)  # Images are read whole.
    ranges.budget = format.kind.budget
    with _process(format, size_bytes, limits) as channel:
        _await_ready(channel)
        return _answer(channel, ranges, start, limits)


def _await_ready(channel: Channel) -> None:
    try:
        channel.receive({messages.READY: 0})
    except ChildFailed as error:
        raise DecoderUnavailable(f"the decoding process did not start: {error}") from error


def _answer(channel: Channel, ranges: Ranges, start: bytes, limits: Limits) -> Derived | Refusal:
    """Return the outcome; a process that breaks down or breaks the rules refuses the file."""
    try:
        return _converse(channel, ranges, start)
    except TooMuchRead:
        return Refusal(TOO_MUCH_READ)
    except ChildFailed as error:
        return Refusal(_sentence(error, limits))


@contextmanager
def _process(format: Format, size_bytes: int, limits: Limits) -> Iterator[Channel]:
    """Start the decoding process, and end it in any case."""
    words = (os.getpid(), format.name, size_bytes, limits.memory_bytes, limits.cpu_seconds)
    process = subprocess.Popen(  # noqa: S603  # nosec B603
        [sys.executable, "-P", "-s", "-m", "gql_api.adapters.media", *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=_environment(),
        bufsize=0,
    )
    try:
        yield Channel(process, limits.elapsed_seconds)
    finally:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return kept | {
        "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path),
        # An arena for each thread reserves 64 MiB, which counts against the limit.
        "MALLOC_ARENA_MAX": "1",
    }


def _converse(channel: Channel, ranges: Ranges, start: bytes) -> Derived | Refusal:
    """Send the parts that the process asks for until it ends with an answer."""
    channel.send(messages.DATA, start)
    while True:
        kind, body = channel.receive(messages.MAX_BYTES)
        if kind == messages.READ:
            channel.send(messages.DATA, _part(ranges, body))
        elif kind == messages.REFUSAL:
            return Refusal(printable(body.decode("utf-8", "replace")))
        else:
            return _derived(channel, body)


def _part(ranges: Ranges, body: bytes) -> bytes:
    if len(body) != messages.RANGE.size:
        raise ChildFailed("it asked for no range")
    try:
        return ranges.read(*messages.RANGE.unpack(body))
    except ValueError as error:
        raise ChildFailed(str(error)) from error


def _derived(channel: Channel, body: bytes) -> Derived:
    """Return what the process derived, after every value in it was checked."""
    try:
        media, pictures = messages.parse_answer(body)
        renditions = []
        for name, width, height in pictures:
            _, data = channel.receive({messages.RENDITION: name.max_bytes})
            if webp.dimensions(data) != (width, height):
                raise ValueError("a picture has other dimensions than the answer says")
            renditions.append(Rendition(name, width, height, data))
    except ValueError as error:
        raise ChildFailed(str(error)) from error
    return Derived(media, tuple(renditions))


def _sentence(error: ChildFailed, limits: Limits) -> str:
    """Return why the process failed, for the file's owner."""
    if error.signal == signal.SIGXCPU:
        return f"Decoding the file took more than {limits.cpu_seconds} seconds of CPU time."
    if error.signal == signal.SIGKILL:
        return TOO_MUCH_MEMORY
    if error.signal:
        return f"The file made its decoder crash ({signal.Signals(error.signal).name})."
    return printable(f"The file made its decoder fail: {error}.")
