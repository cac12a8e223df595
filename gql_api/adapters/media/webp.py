"""The headers of WebP files (RFC 9649), so that a picture can be checked without a decoder."""

from __future__ import annotations

import struct

_CHUNK = struct.Struct("<4sI")
# An animation would be no still picture, and the others are metadata.
_ALLOWED = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH"})


def dimensions(data: bytes) -> tuple[int, int]:
    """Return the width and height of a still picture without metadata.

    Raises:
        ValueError: it is no such file.
    """
    if len(data) < 30 or data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise ValueError("not a WebP file")
    if int.from_bytes(data[4:8], "little") + 8 != len(data):
        raise ValueError("the WebP file has another size than its header says")
    position, found = 12, None
    while position + _CHUNK.size <= len(data):
        name, length = _CHUNK.unpack_from(data, position)
        if name not in _ALLOWED:
            raise ValueError("the WebP file has more than one still picture needs")
        position += _CHUNK.size
        if name != b"ALPH":
            found = found or _size(name, data[position : position + 10])
        position += length + length % 2
    if position != len(data) or found is None:
        raise ValueError("the WebP file is incomplete")
    return found


def _size(name: bytes, start: bytes) -> tuple[int, int]:
    if len(start) < 10:
        raise ValueError("the WebP file is incomplete")
    if name == b"VP8X":
        return 1 + int.from_bytes(start[4:7], "little"), 1 + int.from_bytes(start[7:10], "little")
    if name == b"VP8L":
        bits = int.from_bytes(start[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", start, 6)
    return width & 0x3FFF, height & 0x3FFF
