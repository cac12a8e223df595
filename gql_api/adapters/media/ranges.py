"""Reading parts of a file that is elsewhere: a budget of reads, and a file object on top of it."""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

BLOCK_BYTES = 256 * 1024

# Returns exactly `length` bytes of the file, from `offset`: `fetch(offset, length)`.
Fetch: TypeAlias = Callable[[int, int], bytes]


class Budget(NamedTuple):
    """How many bytes may be read, in how many reads."""

    size_bytes: int
    reads: int

    def plus(self, other: Budget) -> Budget:
        return Budget(self.size_bytes + other.size_bytes, self.reads + other.reads)


class TooMuchRead(Exception):
    """A decoder wants to read more of the file than its budget allows."""


class Ranges:
    """A file of a known size, read in ranges within a budget, which is never exceeded.

    `exhausted` stays true after a read was refused: decoders may hide the exception.
    """

    def __init__(self, size_bytes: int, fetch: Fetch, budget: Budget) -> None:
        self.size_bytes = size_bytes
        self.budget = budget
        self.used = Budget(0, 0)
        self.exhausted = False
        self._fetch = fetch

    def read(self, offset: int, length: int) -> bytes:
        """Return `length` bytes from `offset`, all within the file.

        Raises:
            ValueError: the range is empty or not within the file.
            TooMuchRead: the budget does not allow this read.
            EOFError: the file has other bytes than its size promised.
        """
        if offset < 0 or length < 1 or offset + length > self.size_bytes:
            raise ValueError(f"no range of the file: {length} bytes from {offset}")
        self.take(length)
        data = self._fetch(offset, length)
        if len(data) != length:
            raise EOFError(f"{len(data)} bytes came instead of {length}")
        return data

    def take(self, length: int) -> None:
        """Take one read of `length` bytes from the budget, such as one that was done before.

        Raises:
            TooMuchRead: the budget does not allow it.
        """
        used = self.used.plus(Budget(length, 1))
        if used.size_bytes > self.budget.size_bytes or used.reads > self.budget.reads:
            self.exhausted = True
            raise TooMuchRead
        self.used = used


class RangeFile(io.RawIOBase):
    """A seekable file object that reads whole blocks and keeps those that were used last.

    A missing block is fetched with the blocks after it, up to `ahead` in one read, or as many as
    the caller asked for.
    """

    def __init__(self, ranges: Ranges, start: bytes, *, ahead: int, kept_blocks: int) -> None:
        """Take `start`, the bytes of the first block, as read."""
        self.ranges = ranges
        self._blocks: OrderedDict[int, bytes] = OrderedDict({0: start})
        self._ahead = ahead
        self._kept = max(kept_blocks, ahead)
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.ranges.size_bytes}
        if base[whence] + offset < 0:
            raise ValueError("a position before the start of the file")
        self._position = base[whence] + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def read(self, size: int | None = -1) -> bytes:
        rest = max(0, self.ranges.size_bytes - self._position)
        length = rest if size is None or size < 0 else min(size, rest)
        if not length:
            return b""
        start, end = self._position, self._position + length
        pieces = []
        while start < end:
            number = start // BLOCK_BYTES
            block = self._block(number, -(-end // BLOCK_BYTES))
            first = number * BLOCK_BYTES
            pieces.append(block[start - first : end - first])
            start = first + len(block)
        self._position = end
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def readall(self) -> bytes:
        return self.read()

    def _block(self, number: int, end: int) -> bytes:
        """Return a block. If it is missing, fetch it and those before block `end` that follow."""
        if number not in self._blocks:
            self._fetch(number, end)
        self._blocks.move_to_end(number)
        return self._blocks[number]

    def _fetch(self, number: int, end: int) -> None:
        count = max(self._ahead, min(end - number, self._kept))
        stop = number + 1
        while stop < number + count and stop not in self._blocks:
            stop += 1
        offset = number * BLOCK_BYTES
        length = min(stop * BLOCK_BYTES, self.ranges.size_bytes) - offset
        data = self.ranges.read(offset, length)
        for position in range(0, length, BLOCK_BYTES):
            self._blocks[number] = data[position : position + BLOCK_BYTES]
            number += 1
        while len(self._blocks) > self._kept + 1:
            self._blocks.popitem(last=False)


def in_memory(data: bytes) -> RangeFile:
    """Return a file object of bytes that are at hand."""
    ranges = Ranges(len(data), lambda at, length: data[at : at + length], Budget(len(data), 2))
    return RangeFile(ranges, data[:BLOCK_BYTES], ahead=1, kept_blocks=len(data) // BLOCK_BYTES + 1)
