"""ICC profiles of displays and cameras, made from their published primaries (ICC.1:2022, 9.2)."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_D50 = (0.9642, 1.0, 0.8249)


def _fixed(*values: float) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))


def _power(gamma: float) -> bytes:
    return b"para" + bytes(4) + struct.pack(">HH", 0, 0) + _fixed(gamma)


# The curve of sRGB: a power, and a line near black.
_SRGB = b"para" + bytes(4) + struct.pack(">HH", 3, 0)
_SRGB += _fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def rgb(curve: bytes, *primaries: Sequence[float]) -> bytes:
    """Return a profile with the primaries red, green and blue, as XYZ adapted to D50."""
    tags = {b"wtpt": _xyz(_D50)}
    for name, primary in zip((b"r", b"g", b"b"), primaries, strict=True):
        tags |= {name + b"XYZ": _xyz(primary), name + b"TRC": curve}
    at = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += struct.pack(">4sII", name, at + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = struct.pack(">I4xI4s4s4s", at + len(body), 0x04300000, b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + _fixed(*_D50)
    return head.ljust(128, b"\x00") + table + body


def _xyz(values: Sequence[float]) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(*values)


def display_p3() -> bytes:
    """Return the profile of phones and of wide displays (SMPTE EG 432-1, with sRGB's curve)."""
    return rgb(
        _SRGB,
        (0.51512, 0.24120, -0.00105),
        (0.29198, 0.69225, 0.04189),
        (0.15710, 0.06657, 0.78407),
    )


def adobe_rgb() -> bytes:
    """Return the profile of cameras that are set to it (Adobe RGB (1998), with a gamma of 2.2)."""
    return rgb(
        _power(563 / 256),
        (0.60974, 0.31111, 0.01947),
        (0.20528, 0.62567, 0.06087),
        (0.14919, 0.06322, 0.74457),
    )
