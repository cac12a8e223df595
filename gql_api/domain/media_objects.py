"""The port through which the media function reads files and writes what it derives from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from gql_api.domain.media import Derived, Refusal


class ObjectGone(Exception):
    """The object is no longer in the bucket, or has another ETag."""


class OpenObject(NamedTuple):
    """An object of a known size. `fetch(offset, length)` returns these bytes of it.

    `fetch` raises `ObjectGone`, or an error after which the same object may be tried again.
    """

    size_bytes: int
    fetch: Callable[[int, int], bytes]


class MediaObjects(Protocol):
    """Objects in the bucket. Its methods block.

    Errors of the adapter's library pass through: the same object may be tried again.
    """

    def open(self, key: str, etag: str) -> OpenObject:
        """Return the object with this ETag.

        Raises:
            ObjectGone: there is none.
        """
        ...

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Create or replace an object."""
        ...


class Decode(Protocol):
    """Derives facts and pictures from the bytes of one file."""

    def __call__(
        self, fetch: Callable[[int, int], bytes], size_bytes: int
    ) -> Derived | Refusal | None:
        """Return what can be derived; None if the format is unknown.

        What `fetch` raises is raised here. After any error, the same file may be tried again.
        """
        ...
