"""The bucket, as a port."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gql_api.domain.uploads import ObjectFacts, StoredPart


@dataclass(frozen=True, slots=True)
class ObjectEntry:
    """A row of a bucket listing."""

    key: str
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class MultipartEntry:
    """A multipart upload that is under way in the bucket."""

    key: str
    multipart_id: str
    initiated_at: datetime


class Bucket(Protocol):
    """The bucket, as far as the services use it.

    Each method but `ping` raises `errors.Unavailable` where the storage does not answer in time.
    """

    async def head(self, key: str) -> ObjectFacts | None:
        """What the bucket says of the object; None if there is none."""
        ...

    async def sha256(self, key: str, etag: str) -> str | None:
        """The Base64 SHA-256 of the object, read in full; None if it has not got this ETag.

        Raises:
            StillProcessing: the time is up.
        """
        ...

    async def read_start(self, key: str, etag: str, count: int) -> bytes | None:
        """The first `count` bytes, fewer of a shorter object; None if it has not got this ETag."""
        ...

    async def delete(self, key: str) -> None:
        """Delete the object, if there is one."""
        ...

    async def create_multipart(self, key: str, content_type: str, part_checksums: bool) -> str:
        """Begin a multipart upload and return its id."""
        ...

    async def list_parts(self, key: str, multipart_id: str) -> Sequence[StoredPart] | None:
        """All parts received so far; None if there is no such multipart upload (any more)."""
        ...

    async def complete_multipart(
        self, key: str, multipart_id: str, parts: Sequence[StoredPart]
    ) -> bool:
        """Put the parts together; False if there is no such multipart upload (any more).

        Raises:
            StillProcessing: the time is up, and the storage may still be at it.
        """
        ...

    async def abort_multipart(self, key: str, multipart_id: str) -> None:
        """Drop the multipart upload and its parts, if there is one."""
        ...

    async def list_objects(self, prefix: str, after: str, limit: int) -> Sequence[ObjectEntry]:
        """Objects under `prefix` in order of their keys, strictly after the key `after`."""
        ...

    async def list_multiparts(self, prefix: str) -> Sequence[MultipartEntry]:
        """All multipart uploads under way under `prefix`."""
        ...

    async def ping(self) -> None:
        """Return if the bucket can be reached and read; raise otherwise."""
        ...
