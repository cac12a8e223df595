"""The ports of the upload records.

An adapter raises `errors.Unavailable` if the database cannot be reached or does not respond in
time. Every other error of its library passes through unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from gql_api.domain.accounts import SessionCheck, Usage
from gql_api.domain.errors import UploadNotFound
from gql_api.domain.listing import Filter, Page, PageRequest
from gql_api.domain.processing import NOT_PROCESSED, Processing
from gql_api.domain.uploads import Upload, UploadName, UploadStatus


class Inserted(NamedTuple):
    """The outcome for one draft. Exactly one of the first three fields is set.

    `created`: the recorded draft. `existing`: the earlier upload with the same client token.
    `available_bytes`: the remaining quota, into which the draft does not fit. `available_uploads`
    then tells how many more uploads the owner may have; None if their number has no limit.
    """

    created: Upload | None = None
    existing: Upload | None = None
    available_bytes: int | None = None
    available_uploads: int | None = None


class UploadStore(Protocol):
    """Stores upload records and the usage of their owners.

    Every method but `claim_due` names the owner, so that the records can be sharded by owner.

    A record and its owner's usage change in one transaction: no reader sees one change without
    the other.
    """

    async def find(self, owner_id: str, upload_id: str) -> Upload | None:
        """Return the owner's upload; None if the owner has no such upload or it was deleted."""
        ...

    async def find_several(self, owner_id: str, upload_ids: Iterable[str]) -> Mapping[str, Upload]:
        """Return the owner's uploads with these ids, by id; see `find`."""
        ...

    async def find_any(self, owner_id: str, upload_id: str) -> Upload | None:
        """Return the owner's upload even if it was deleted. Not for requests of users."""
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
        processing: Processing | None = None,
    ) -> Upload | None:
        """Move the upload from the state in which it was read to `to`, and adjust the usage.

        Returns None, and changes nothing, if the upload has left that state in the meantime. `at`
        becomes `stored_at` if a PENDING upload becomes STORED, and `trashed_at` if it is TRASHED. A
        `processing` of None leaves it unchanged.
        """
        ...

    async def set_multipart(
        self, upload: Upload, multipart_id: str | None, part_checksums: bool
    ) -> Upload | None:
        """Replace the multipart upload that the record had when it was read; None removes it.

        Returns None, and changes nothing, if the record has a different one in the meantime or is
        no longer PENDING.
        """
        ...

    async def note_check(self, upload: Upload, *, check_at: datetime | None) -> None:
        """Record a check of the object if the upload is still in the state in which it was read."""
        ...

    async def note_replaced(
        self,
        upload: Upload,
        *,
        etag: str,
        at: datetime,
        processing: Processing = NOT_PROCESSED,
        check_at: datetime | None = None,
    ) -> Upload | None:
        """Record that the stored object was replaced by another valid one; `at` is `stored_at`.

        A `check_at` of None leaves it unchanged.

        Returns None, and changes nothing, if the record has another ETag or state than the one
        that was read: another object may have been recorded in the meantime.
        """
        ...

    async def note_processing(
        self, upload: Upload, processing: Processing, *, check_at: datetime | None
    ) -> Upload | None:
        """Record what was derived from the object, and the next check.

        Returns None, and changes nothing, if the upload is not stored or has left the state in
        which it was read. Another status of its processing is another state.
        """
        ...

    async def update_details(
        self, owner_id: str, upload_id: str, filename: str | None, tags: Sequence[str] | None
    ) -> Upload | None:
        """Change the values that are not None; returns None if the owner has no such upload."""
        ...

    async def claim_due(self, now: datetime, limit: int, until: datetime) -> Sequence[Upload]:
        """Return up to `limit` uploads whose `check_at` has passed, the longest overdue first.

        Moves their `check_at` to `until` or up to a minute later; until then, no other caller gets
        them. Concurrent callers get different uploads. Returns none only if none is due.
        """
        ...

    async def purge(self, upload: Upload) -> None:
        """Remove the tombstone of a deleted upload, unless events wait in it."""
        ...

    async def find_many(self, names: Iterable[UploadName]) -> Mapping[UploadName, Upload]:
        """Return the uploads with these names, by name, even if deleted; see `find_any`."""
        ...


async def get_upload(uploads: UploadStore, owner_id: str, upload_id: str) -> Upload:
    """Return the owner's upload.

    Raises:
        UploadNotFound: the owner has no such upload.
    """
    upload = await uploads.find(owner_id, upload_id)
    if upload is None:
        raise UploadNotFound
    return upload


class UploadInsertions(Protocol):
    """Inserts upload records."""

    async def insert(
        self,
        owner_id: str,
        drafts: Sequence[Upload],
        quota_bytes: int | None,
        quota_uploads: int | None = None,
        session: SessionCheck | None = None,
    ) -> Sequence[Inserted]:
        """Reserve quota and record the drafts in order; returns one outcome per draft.

        The quotas limit the bytes and the number of the owner's uploads; None means no limit. Each
        draft succeeds or fails independently. `session` is checked in the same transaction, or
        alone if there are no drafts.

        Raises:
            Unauthenticated: the owner's session has ended, or the owner is disabled.
        """
        ...


class UploadListing(Protocol):
    """Lists the uploads of an owner."""

    async def page(self, owner_id: str, request: PageRequest) -> Page:
        """Return one page of the owner's uploads."""
        ...

    async def count(self, owner_id: str, filter: Filter) -> int:
        """Return how many of the owner's uploads match the filter."""
        ...


class UsageBooks(Protocol):
    """Verifies the recorded usage and number of visible uploads of users."""

    async def recompute(self, owner_ids: Sequence[str]) -> int:
        """Set each owner's usage to the sums over their uploads; returns how many were wrong."""
        ...

    async def owner_ids(self, after: str, limit: int) -> Sequence[str]:
        """Return up to `limit` user ids in order, strictly after `after`."""
        ...


class UploadReports(Protocol):
    """Reports about uploads, for operators. Not for requests of users."""

    async def totals(self, owner_id: str) -> Mapping[UploadStatus, Usage]:
        """Return the bytes and the number of the owner's uploads in each state that occurs."""
        ...

    async def some(self, owner_id: str, limit: int) -> Sequence[Upload]:
        """Return up to `limit` of the owner's uploads, in any state but DELETED."""
        ...

    async def overdue(self, before: datetime, limit: int) -> Sequence[Upload]:
        """Return uploads that the sweep should have checked by `before`, longest overdue first."""
        ...

    async def waiting(self, requested_before: datetime, limit: int) -> Sequence[Upload]:
        """Return PENDING uploads that were requested before then, the next to be checked first."""
        ...


class Checkpoints(Protocol):
    """Where the next run of an incremental job continues; an empty string is the start."""

    async def get(self, job: str) -> str: ...

    async def move(self, job: str, position: str, to: str) -> bool:
        """Move the job from `position` to `to`; returns False if another process has moved it."""
        ...
