"""A video whose samples are spread over a sparse file, as they are in one that is really large."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

# The boxes that contain the boxes with the tables (ISO/IEC 14496-12).
_CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})


class _Box(NamedTuple):
    name: bytes
    start: int
    end: int


def spread(video: bytes, path: Path, size_bytes: int, *, together: int, index_first: bool) -> None:
    """Write an MP4 or MOV file of about `size_bytes` whose samples lie evenly over the whole file.

    `together`: how many chunks stay next to each other. The index precedes or follows the samples.
    """
    top = {box.name: box for box in _boxes(video, 0, len(video))}
    head, media = video[: top[b"ftyp"].end], top[b"mdat"]
    index = bytearray(video[top[b"moov"].start : top[b"moov"].end])
    start = len(head) + index_first * len(index)
    entries = [
        at
        for box in _all_boxes(bytes(index), 0, len(index))
        if box.name == b"stco"
        for at in range(box.start + 16, box.end, 4)
    ]
    old = sorted(_number(index, at) for at in entries)
    gap = size_bytes // -(-len(old) // together)
    shift = start - media.start
    new = {offset: offset + shift + n // together * gap for n, offset in enumerate(old)}
    for at in entries:
        struct.pack_into(">I", index, at, new[_number(index, at)])
    end = new[old[-1]] + media.end - old[-1]
    with path.open("wb") as file:
        file.write(head + (index if index_first else b""))
        file.write(struct.pack(">I4s", end - start, b"mdat"))
        for offset, following in zip(old, [*old[1:], media.end], strict=True):
            file.seek(new[offset])
            file.write(video[offset:following])
        file.write(b"" if index_first else index)


def _number(data: bytearray, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")


def _boxes(data: bytes, start: int, end: int) -> Iterator[_Box]:
    while start + 8 <= end:
        size, name = struct.unpack_from(">I4s", data, start)
        yield _Box(name, start, start + size)
        start += size


def _all_boxes(data: bytes, start: int, end: int) -> Iterator[_Box]:
    for box in _boxes(data, start, end):
        yield box
        if box.name in _CONTAINERS:
            yield from _all_boxes(data, box.start + 8, box.end)
