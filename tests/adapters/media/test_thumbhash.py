"""The placeholder, against the reference implementation (npm package thumbhash, 0.1.1)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TypeAlias

import pytest

from gql_api.adapters.media.thumbhash import thumbhash

Pixel: TypeAlias = Callable[[int, int], tuple[int, int, int, int]]


def rgba(width: int, height: int, pixel: Pixel) -> bytes:
    return bytes(v & 255 for y in range(height) for x in range(width) for v in pixel(x, y))


def nibbles(data: bytes) -> list[int]:
    return [half for byte in data for half in (byte & 15, byte >> 4)]


@pytest.mark.parametrize(
    ("width", "height", "pixel", "expected"),
    [
        (40, 30, lambda x, y: (x * 6, y * 8, x * y, 255), "XAgOHZhgdndwh4h2iGiIh/GxD/eI"),
        (20, 48, lambda x, y: (x * x, y * 5, 200 - x * 3, 255), "nqUJOxhVgIeIh4d3UIE39Yg="),
        (
            *(32, 32, lambda x, y: (x * 8, 128, y * 8, x * 7 + y)),
            "Y0iGNQo3soewiIh4iJVfB4yIcHd2iHh4dw==",
        ),
        (5, 9, lambda x, y: (10, 20, 30, 0), "AAiCAwAAAAAAAAAAAAAAAAAAAAAAAAA="),
        (48, 1, lambda x, y: (x * 5, 0, 255 - x * 5, 255), "leUqmbp4eIiIiAiIcXdPhwg="),
    ],
)
def test_reference(width: int, height: int, pixel: Pixel, expected: str) -> None:
    """Equal but for waves that are absent: 7 and 8 are the two neighbours of zero."""
    found = base64.b64decode(thumbhash(width, height, rgba(width, height, pixel)))
    wanted = base64.b64decode(expected)
    assert found[:5] == wanted[:5]
    assert len(found) == len(wanted)
    for mine, theirs in zip(nibbles(found), nibbles(wanted), strict=True):
        assert mine == theirs or {mine, theirs} == {7, 8}
