"""The trash: stored uploads that their owner can restore until they are deleted for good."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from gql_api.domain.clock import Clock
from gql_api.domain.errors import Failure, UploadClosed, UploadNotFound
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.upload_store import UploadStore
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.services.batches import BATCH_MAX, Check, for_each, found_for

_ONLY_STORED = "Only a STORED upload can be moved to the trash. Cancel or delete this one."


class TrashService:
    """Moves uploads to the trash and out of it. The sweep empties it: see `DueUploads`."""

    def __init__(self, *, uploads: UploadStore, clock: Clock, policy: UploadPolicy) -> None:
        self._uploads = uploads
        self._clock = clock
        self._policy = policy

    async def trash_many(
        self, owner_id: str, upload_ids: Sequence[str], check: Check | None = None
    ) -> Sequence[Upload | Failure]:
        """Move stored uploads to the trash; safe to repeat. `check`: see `batches`.

        Each succeeds or fails independently.

        Returns:
            One outcome per id, in order: the upload, or one of these failures:
            UploadNotFound: the owner has no such upload.
            UploadClosed: the upload is in a state other than STORED.

        Raises:
            BadUserInput: more than 100 ids.
        """
        return await self._move_many(owner_id, upload_ids, self._trash, check)

    async def restore_many(
        self, owner_id: str, upload_ids: Sequence[str], check: Check | None = None
    ) -> Sequence[Upload | Failure]:
        """Take uploads out of the trash; safe to repeat. Others stay as they are.

        Returns:
            One outcome per id, in order: the upload, or this failure:
            UploadNotFound: the owner has no such upload.

        Raises:
            BadUserInput: more than 100 ids.
        """
        return await self._move_many(owner_id, upload_ids, self._restore, check)

    async def _move_many(
        self,
        owner_id: str,
        upload_ids: Sequence[str],
        move: Callable[[Upload], Awaitable[Upload | Failure | None]],
        check: Check | None,
    ) -> Sequence[Upload | Failure]:
        found = await found_for(self._uploads, owner_id, upload_ids, check)

        async def outcome(upload_id: str) -> Upload | Failure:
            upload = found.get(upload_id)
            while upload is not None:
                moved = await move(upload)
                if moved is not None:
                    return moved
                # The upload has changed meanwhile.
                upload = await self._uploads.find(owner_id, upload_id)
            return UploadNotFound()

        # All at once, so that they share a transaction.
        return await for_each(upload_ids, outcome, at_once=BATCH_MAX)

    async def _trash(self, upload: Upload) -> Upload | Failure | None:
        """Return the outcome; None if the upload has changed since it was read."""
        if upload.status is UploadStatus.TRASHED:
            return upload
        if upload.status is not UploadStatus.STORED:
            return UploadClosed(upload.status, _ONLY_STORED)
        now = self._clock()
        ends_at = self._policy.trash_ends_at(now)
        # A check that is due earlier stays due: see `Evidence.may_be_overwritten`.
        check_at = ends_at if upload.check_at is None else min(upload.check_at, ends_at)
        return await self._uploads.transition(
            upload, UploadStatus.TRASHED, at=now, etag=upload.etag, check_at=check_at
        )

    async def _restore(self, upload: Upload) -> Upload | Failure | None:
        """See `_trash`.

        The object is checked once more when all URLs have expired, because it may not have been
        checked since an old URL could last replace it.
        """
        if upload.status is not UploadStatus.TRASHED:
            return upload
        now = self._clock()
        check_at = self._policy.last_arrival(now)
        return await self._uploads.transition(
            upload, UploadStatus.STORED, at=now, etag=upload.etag, check_at=check_at
        )
