"""ETags (RFC 9110, section 8.8.3) as stores write them."""

from __future__ import annotations


def plain(etag: str) -> str:
    """Return the ETag without quotes: responses of a store have them, and its events do not."""
    return etag.strip('"')


def same(one: str | None, other: str | None) -> bool:
    """Return whether both are the same ETag, with or without quotes; None is not an ETag."""
    return one is not None and other is not None and plain(one) == plain(other)
