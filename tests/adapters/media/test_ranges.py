"""The file object over ranges, and its budget."""

from __future__ import annotations

import io
import random

import pytest

from gql_api.adapters.media.ranges import BLOCK_BYTES, Budget, RangeFile, Ranges, TooMuchRead

CONTENT = random.Random(1).randbytes(10 * BLOCK_BYTES + 123)

AMPLE = Budget(10**9, 10**9)


def opened(
    *, ahead: int = 1, kept: int = 100, budget: Budget = AMPLE
) -> tuple[RangeFile, list[tuple[int, int]]]:
    """Return a file of `CONTENT`, and the ranges that it reads, in blocks."""
    reads: list[tuple[int, int]] = []

    def fetch(offset: int, length: int) -> bytes:
        reads.append((offset // BLOCK_BYTES, -(-length // BLOCK_BYTES)))
        return CONTENT[offset : offset + length]

    ranges = Ranges(len(CONTENT), fetch, budget)
    return RangeFile(ranges, CONTENT[:BLOCK_BYTES], ahead=ahead, kept_blocks=kept), reads


@pytest.mark.parametrize(("ahead", "kept"), [(1, 100), (1, 1), (4, 2), (16, 100)])
def test_it_reads_as_a_file_does(ahead: int, kept: int) -> None:
    file, _ = opened(ahead=ahead, kept=kept)
    model, chance = io.BytesIO(CONTENT), random.Random(2)
    for _ in range(300):
        whence = chance.choice([io.SEEK_SET, io.SEEK_CUR, io.SEEK_END])
        limit = len(CONTENT)
        offset = {
            io.SEEK_SET: chance.randrange(limit + 10),
            io.SEEK_CUR: chance.randrange(-model.tell(), limit),
            io.SEEK_END: -chance.randrange(limit),
        }[whence]
        assert file.seek(offset, whence) == model.seek(offset, whence) == file.tell()
        size = chance.choice([0, 1, 1000, BLOCK_BYTES, 3 * BLOCK_BYTES, -1, None])
        assert file.read(size) == model.read(size)
    buffer = bytearray(100)
    file.seek(BLOCK_BYTES - 50)
    assert file.readinto(buffer) == 100
    assert buffer == CONTENT[BLOCK_BYTES - 50 :][:100]
    with pytest.raises(ValueError, match="before the start"):
        file.seek(-1)


def test_blocks_are_read_once_and_neighbours_together() -> None:
    file, reads = opened()
    file.read(10)
    assert reads == []
    file.seek(3 * BLOCK_BYTES + 5)
    file.read(2 * BLOCK_BYTES)
    file.seek(3 * BLOCK_BYTES)
    file.read(3 * BLOCK_BYTES)
    assert reads == [(3, 3)]
    file.seek(0)
    assert file.read() == CONTENT
    assert reads == [(3, 3), (1, 2), (6, 5)]


def test_reading_ahead() -> None:
    file, reads = opened(ahead=4)
    for start in range(0, len(CONTENT), 1000):
        assert file.read(1000) == CONTENT[start : start + 1000]
    assert reads == [(1, 4), (5, 4), (9, 2)]


@pytest.mark.parametrize("budget", [Budget(2 * BLOCK_BYTES, 99), Budget(10**9, 1)])
def test_the_budget_is_never_exceeded(budget: Budget) -> None:
    file, reads = opened(budget=budget)
    file.seek(5 * BLOCK_BYTES)
    assert file.read(2 * BLOCK_BYTES)
    with pytest.raises(TooMuchRead):
        file.read(1)
    assert reads == [(5, 2)]
    assert file.ranges.exhausted
    file.ranges.budget = budget.plus(Budget(BLOCK_BYTES, 1))
    assert file.read(1)


@pytest.mark.parametrize("range", [(-1, 5), (0, 0), (0, 2000), (1000, 1)])
def test_a_range_is_within_the_file(range: tuple[int, int]) -> None:
    ranges = Ranges(1000, lambda offset, length: b"", Budget(10**9, 9))
    with pytest.raises(ValueError, match="no range of the file"):
        ranges.read(*range)


def test_a_file_that_has_become_shorter_is_an_error() -> None:
    ranges = Ranges(1000, lambda offset, length: b"x", Budget(10**9, 9))
    with pytest.raises(EOFError, match="1 bytes came instead of 10"):
        ranges.read(0, 10)
