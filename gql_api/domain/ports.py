"""What the services need from the world, as protocols. The adapters implement them.

Those of accounts are in `account_ports`.

An adapter raises `OSError`-like errors of its own library when the world is broken; it returns
None, False or an empty sequence for outcomes that are named here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gql_api.domain.listing import Filter, Page, PageRequest
from gql_api.domain.uploads import Checksum, ObjectFacts, StoredPart, Upload, UploadStatus


class Clock(Protocol):
    """The current time, in UTC."""

    def __call__(self) -> datetime: ...


# ------------------------------------------------------------------ uploads


@dataclass(frozen=True, slots=True)
class Inserted:
    """The outcome for one draft. Exactly one of the three holds.

    `created`: it was recorded as it is. `existing`: an earlier upload has its client token.
    `available_bytes`: it does not fit into the quota, of which this much is left.
    """

    created: Upload | None = None
    existing: Upload | None = None
    available_bytes: int | None = None


class UploadStore(Protocol):
    """The records of uploads, and the usage and number of uploads that follow from them.

    Every change of a record and of its owner's books is one transaction: no reader ever sees one
    without the other.
    """

    async def insert(
        self, owner_id: str, drafts: Sequence[Upload], quota_bytes: int | None
    ) -> Sequence[Inserted]:
        """Reserve quota and record the drafts, in order, each by itself; one outcome a draft."""
        ...

    async def find(self, owner_id: str, upload_id: str) -> Upload | None:
        """The owner's upload; None if there is none, it is another's, or it was deleted."""
        ...

    async def find_several(self, owner_id: str, upload_ids: Iterable[str]) -> Mapping[str, Upload]:
        """Those of the owner's uploads that have these ids, by id; see `find`."""
        ...

    async def find_any(self, upload_id: str) -> Upload | None:
        """The upload whosesoever it is, deleted ones included. Not for requests of users."""
        ...

    async def transition(
        self,
        upload: Upload,
        to: UploadStatus,
        *,
        at: datetime,
        reason: str | None = None,
        etag: str | None = None,
        check_at: datetime | None = None,
    ) -> Upload | None:
        """Move the upload from the state it was read in to `to`, its owner's usage with it.

        None if it has left that state meanwhile: then nothing is changed. `at` becomes
        `stored_at` where `to` is STORED.
        """
        ...

    async def set_multipart(
        self, upload: Upload, multipart_id: str | None, part_checksums: bool
    ) -> Upload | None:
        """Note another multipart upload than the record had when it was read, or none.

        None if it has another one meanwhile, or is not PENDING any more: nothing is changed then.
        """
        ...

    async def note_check(
        self, upload: Upload, *, etag: str | None, check_at: datetime | None
    ) -> None:
        """Note a look at the object, if the upload is still in the state it was read in."""
        ...

    async def update_details(
        self, owner_id: str, upload_id: str, filename: str | None, tags: Sequence[str] | None
    ) -> Upload | None:
        """Change what is given; None if the owner has no such upload."""
        ...

    async def page(self, owner_id: str, request: PageRequest) -> Page:
        """One page of the owner's uploads."""
        ...

    async def count(self, owner_id: str, filter: Filter) -> int:
        """How many of the owner's uploads the filter lets through."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[Upload]:
        """Uploads whose `check_at` has come, the longest overdue first."""
        ...

    async def purge(self, upload: Upload) -> None:
        """Remove the tombstone of a deleted upload for good."""
        ...

    async def find_many(self, upload_ids: Iterable[str]) -> Mapping[str, Upload]:
        """The uploads with these ids, deleted ones included, by id."""
        ...


class UsageBooks(Protocol):
    """Whether what users' uploads take of their quotas, and how many they see, is booked right."""

    async def recompute(self, owner_ids: Sequence[str]) -> int:
        """Set each owner's books to the sums over his uploads; how many were wrong."""
        ...

    async def owner_ids(self, after: str, limit: int) -> Sequence[str]:
        """Ids of users in order, strictly after `after`."""
        ...


class Checkpoints(Protocol):
    """Where a long job that is done in pieces goes on; an empty string is the beginning."""

    async def get(self, job: str) -> str: ...

    async def set(self, job: str, position: str) -> None: ...


# ------------------------------------------------------------------ the bucket


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
            TakesLong: the time is up.
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
            TakesLong: the time is up, and the storage may still be at it.
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


@dataclass(frozen=True, slots=True)
class PresignedRequest:
    """A request that the bucket takes from anybody who sends it exactly so, until it expires.

    `headers` are those to set by hand. Host and Content-Length are signed as well, but every HTTP
    client sends them by itself, and a browser lets nobody set them.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    expires_at: datetime


class Presigner(Protocol):
    """Signs requests to the bucket without asking it. None outlives the credentials."""

    def put_object(
        self,
        key: str,
        size_bytes: int,
        content_type: str,
        checksum: Checksum | None,
        *,
        at: datetime,
        ttl_seconds: int,
    ) -> PresignedRequest:
        """A PUT of the whole object; it does not overwrite (`If-None-Match: *`)."""
        ...

    def upload_parts(
        self,
        key: str,
        multipart_id: str,
        parts: Iterable[tuple[int, int, str | None]],
        *,
        at: datetime,
        ttl_seconds: int,
    ) -> Sequence[PresignedRequest]:
        """PUTs of parts, each given as number, size in bytes and Base64 SHA-256 or None."""
        ...

    def get_object(
        self,
        key: str,
        content_type: str,
        content_disposition: str,
        *,
        at: datetime,
        ttl_seconds: int,
    ) -> PresignedRequest:
        """A GET of the object, answered with these two headers."""
        ...
