"""The port of the bucket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from gql_api.domain.uploads import ChecksumAlgorithm, ObjectFacts, StoredPart


class ObjectEntry(NamedTuple):
    """One object in a bucket listing."""

    key: str
    modified_at: datetime
    etag: str

    @property
    def mark(self) -> str:
        """What distinguishes this object from earlier and later ones under the same key."""
        return f"{self.etag} {self.modified_at.isoformat()}"


class MultipartEntry(NamedTuple):
    """A multipart upload in progress in the bucket."""

    key: str
    multipart_id: str
    initiated_at: datetime


class MultipartPage(NamedTuple):
    """One page of the multipart uploads in progress.

    `next` is the position of the next page, for `Bucket.list_multiparts`; empty after the last.
    """

    entries: Sequence[MultipartEntry]
    next: str = ""


class Bucket(Protocol):
    """The operations on the bucket that the services need.

    Every method except `ping` raises `errors.Unavailable` if the storage cannot be reached, fails
    temporarily or does not respond in time. Every other error of the adapter's library passes
    through unchanged.
    """

    async def head(self, key: str) -> ObjectFacts | None:
        """Return the facts that the bucket reports of an object; None if there is no object."""
        ...

    async def digest(self, key: str, etag: str, algorithm: ChecksumAlgorithm) -> str | None:
        """Read the object and return its checksum in Base64; None unless it has this ETag.

        Raises:
            StillProcessing: reading takes longer than the time limit.
        """
        ...

    async def read_start(self, key: str, etag: str, count: int) -> bytes | None:
        """Return up to `count` bytes from the start; None unless the object has this ETag."""
        ...

    async def read_small(self, key: str, max_bytes: int) -> bytes | None:
        """Return the object, or its first `max_bytes`; None if there is no object."""
        ...

    async def write_small(self, key: str, content: bytes) -> None:
        """Create or replace the object."""
        ...

    async def delete(self, key: str) -> None:
        """Delete the object if it exists."""
        ...

    async def delete_all(self, keys: Sequence[str]) -> None:
        """Delete up to 1,000 objects in one call; see `delete`.

        If some cannot be deleted, an error is raised after the others have been.
        """
        ...

    async def create_multipart(
        self, key: str, content_type: str, checksums: ChecksumAlgorithm | None
    ) -> str:
        """Create a multipart upload and return its id.

        `checksums` is SHA256 if each part is sent with its checksum, CRC64NVME if the store is to
        compute the checksum of the whole object, and None otherwise.
        """
        ...

    async def list_parts(self, key: str, multipart_id: str) -> Sequence[StoredPart] | None:
        """Return the parts received so far; None if the multipart upload does not exist."""
        ...

    async def complete_multipart(
        self, key: str, multipart_id: str, parts: Sequence[StoredPart]
    ) -> bool:
        """Assemble the parts; returns False if the multipart upload does not exist.

        Raises:
            StillProcessing: the time limit has passed; the storage may still be assembling.
        """
        ...

    async def abort_multipart(self, key: str, multipart_id: str) -> None:
        """Abort the multipart upload and delete its parts, if it exists."""
        ...

    async def list_objects(self, prefix: str, after: str, limit: int) -> Sequence[ObjectEntry]:
        """Return objects under `prefix`, ordered by key, strictly after the key `after`."""
        ...

    async def list_multiparts(self, prefix: str, position: str, limit: int) -> MultipartPage:
        """Return the multipart uploads in progress under `prefix` from `position` on, in order.

        `position` is "" or the `next` of an earlier page, even one from days ago. A page has up to
        `limit` entries, at most 1,000.
        """
        ...

    async def ping(self) -> None:
        """Return if the bucket can be read; raise an error of any type otherwise."""
        ...
