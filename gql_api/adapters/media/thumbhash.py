"""Thumbhash, a placeholder of about 25 bytes: https://evanw.github.io/thumbhash/ (Evan Wallace)."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from typing import NamedTuple

# The algorithm allows 100. The hash keeps at most seven waves a side, so fewer pixels do.
MAX_SIDE = 48


class _Waves(NamedTuple):
    """A channel as cosine waves: the mean, the others relative to `scale`, and `scale`."""

    mean: float
    others: list[float]
    scale: float


def thumbhash(width: int, height: int, rgba: bytes) -> str:
    """Return the hash in Base64 of a picture of at most 100 pixels a side.

    `rgba` has four bytes for each pixel, row by row, not premultiplied.
    """
    pixels = [tuple(value / 255 for value in rgba[i : i + 4]) for i in range(0, len(rgba), 4)]
    opacity = sum(pixel[3] for pixel in pixels)
    mean = [sum(p[i] * p[3] for p in pixels) / opacity if opacity else 0.0 for i in range(3)]
    has_alpha = opacity < width * height

    # Over the mean colour, as luminance, yellow minus blue, and red minus green.
    over = [[m * (1 - p[3]) + p[3] * p[i] for i, m in enumerate(mean)] for p in pixels]
    longest = max(width, height)
    limit = 5 if has_alpha else 7
    lx = max(1, _round(limit * width / longest))
    ly = max(1, _round(limit * height / longest))
    grid = _Grid(width, height)
    light = grid.waves([(r + g + b) / 3 for r, g, b in over], max(3, lx), max(3, ly))
    yellow = grid.waves([(r + g) / 2 - b for r, g, b in over], 3, 3)
    red = grid.waves([r - g for r, g, _ in over], 3, 3)
    channels = [light, yellow, red]

    head = _round(63 * light.mean) | _round(31.5 + 31.5 * yellow.mean) << 6
    head |= _round(31.5 + 31.5 * red.mean) << 12 | _round(31 * light.scale) << 18
    head |= has_alpha << 23
    shape = (ly if width > height else lx) | _round(63 * yellow.scale) << 3
    shape |= _round(63 * red.scale) << 9 | (width > height) << 15
    result = head.to_bytes(3, "little") + shape.to_bytes(2, "little")
    if has_alpha:
        alpha = grid.waves([pixel[3] for pixel in pixels], 5, 5)
        result += bytes([_round(15 * alpha.mean) | _round(15 * alpha.scale) << 4])
        channels.append(alpha)
    nibbles = [_round(15 * value) for channel in channels for value in channel.others]
    nibbles += [0] * (len(nibbles) % 2)
    result += bytes(low | high << 4 for low, high in zip(nibbles[::2], nibbles[1::2], strict=True))
    return base64.b64encode(result).decode("ascii")


class _Grid:
    """The pixels' positions, with the waves along each side."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.columns, self.rows = _cosines(width), _cosines(height)

    def waves(self, values: Sequence[float], nx: int, ny: int) -> _Waves:
        """Return the lower half of the discrete cosine transform of one channel."""
        rows = [values[y * self.width : (y + 1) * self.width] for y in range(self.height)]
        # For each wave along the rows, the height-long column of its amplitudes.
        columns = [[_dot(row, wave) for row in rows] for wave in self.columns[:nx]]
        found = [
            _dot(columns[cx], self.rows[cy]) / (self.width * self.height)
            for cy in range(ny)
            for cx in range(nx)
            if cx * ny < nx * (ny - cy)
        ]
        mean, *others = found
        scale = max(map(abs, others))
        if scale:
            others = [0.5 + 0.5 / scale * value for value in others]
        return _Waves(mean, others, scale)


def _cosines(length: int) -> list[list[float]]:
    return [[math.cos(math.pi / length * c * (i + 0.5)) for i in range(length)] for c in range(7)]


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def _round(value: float) -> int:
    """Round halves up, as the reference implementation in JavaScript does."""
    return math.floor(value + 0.5)
