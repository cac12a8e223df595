"""The records of uploads, as ports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gql_api.domain.listing import Filter, Page, PageRequest
from gql_api.domain.uploads import Upload, UploadStatus


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

    async def due(self, now: datetime, limit: int) -> Sequence[Upload]:
        """Uploads whose `check_at` has come, the longest overdue first."""
        ...

    async def purge(self, upload: Upload) -> None:
        """Remove the tombstone of a deleted upload for good."""
        ...

    async def find_many(self, upload_ids: Iterable[str]) -> Mapping[str, Upload]:
        """The uploads with these ids, deleted ones included, by id."""
        ...


class UploadInsertions(Protocol):
    """New records of uploads."""

    async def insert(
        self, owner_id: str, drafts: Sequence[Upload], quota_bytes: int | None
    ) -> Sequence[Inserted]:
        """Reserve quota and record the drafts, in order; returns one outcome per draft.

        Each draft succeeds or fails independently.
        """
        ...


class UploadListing(Protocol):
    """An owner's uploads as lists."""

    async def page(self, owner_id: str, request: PageRequest) -> Page:
        """One page of the owner's uploads."""
        ...

    async def count(self, owner_id: str, filter: Filter) -> int:
        """How many of the owner's uploads the filter lets through."""
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
