"""Ids: version 7 UUIDs (RFC 9562), which sort by creation time."""

from __future__ import annotations

import os
import re
import threading
from datetime import UTC, datetime

_FORMAT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_lock = threading.Lock()
_last = 0


def new_id(at: datetime) -> str:
    """Return a new id for something created at `at`, to the millisecond.

    Within one millisecond, the random bits are incremented rather than drawn again (RFC 9562,
    section 6.2, method 2), so that the files of one request keep their order.
    """
    global _last
    fresh = _milliseconds(at) << 74 | int.from_bytes(os.urandom(10), "big") >> 6
    with _lock:
        if fresh >> 74 == _last >> 74:
            fresh = _last + 1 + int.from_bytes(os.urandom(4), "big")
        _last = fresh
    return _text(fresh)


def first_id(at: datetime) -> str:
    """Return the smallest possible id of something created at `at`, to the millisecond."""
    return _text(_milliseconds(at) << 74)


def is_id(text: str) -> bool:
    """Return whether `text` is an id in the form that `new_id` returns."""
    return _FORMAT.fullmatch(text) is not None


def _milliseconds(at: datetime) -> int:
    elapsed = at - datetime(1970, 1, 1, tzinfo=UTC)
    return max(0, (elapsed.days * 86_400 + elapsed.seconds) * 1000 + elapsed.microseconds // 1000)


def _text(bits: int) -> str:
    """Format 48 bits of time and 74 random bits, inserting the version and the variant."""
    time, rand_a, rand_b = bits >> 74, bits >> 62 & 0xFFF, bits & (1 << 62) - 1
    digits = f"{time << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
