"""Orphans: objects and multipart uploads in the bucket without a live record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from gql_api.domain.bucket import Bucket, MultipartEntry
from gql_api.domain.clock import Clock
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.upload_store import Checkpoints, UploadStore
from gql_api.domain.uploads import UploadStatus, upload_id_of
from gql_api.services.sweep_report import HasTime, SweepReport

# Younger objects and multipart uploads may belong to a request in progress.
ORPHAN_AGE = timedelta(hours=1)


class Orphans:
    """Finds orphans in the bucket and deletes them; a step of the sweep."""

    def __init__(
        self,
        *,
        uploads: UploadStore,
        bucket: Bucket,
        checkpoints: Checkpoints,
        clock: Clock,
        policy: UploadPolicy,
        batch: int = 1000,
    ) -> None:
        self._uploads = uploads
        self._bucket = bucket
        self._checkpoints = checkpoints
        self._clock = clock
        self._policy = policy
        self._batch = batch

    async def delete_objects(self, report: SweepReport, has_time: HasTime) -> None:
        """Continue through the bucket and delete objects without a live record, to its end."""
        prefix = f"{self._policy.key_prefix}/"
        while has_time():
            position = await self._checkpoints.get("orphans")
            entries = await self._bucket.list_objects(prefix, position, self._batch)
            reached = entries[-1].key if len(entries) == self._batch else ""
            # The position moves first, so that two sweeps at once go through different objects. A
            # batch that a crash leaves undone is looked at again in the next pass.
            if not await self._checkpoints.move("orphans", position, reached):
                continue
            horizon = self._clock() - ORPHAN_AGE
            old = [entry.key for entry in entries if entry.modified_at < horizon]
            for key in await self._without_record(old):
                await self._bucket.delete(key)
                report.orphans_deleted += 1
            if not reached:
                return

    async def _without_record(self, keys: Sequence[str]) -> list[str]:
        """Return the keys of uploads without a live record; ignores keys of any other form."""
        ids = {key: upload_id_of(self._policy.key_prefix, key) for key in keys}
        known = await self._uploads.find_many(filter(None, ids.values()))
        return [
            key
            for key, upload_id in ids.items()
            if upload_id is not None
            and not (
                (upload := known.get(upload_id)) and upload.key == key and upload.status.counts
            )
        ]

    async def abort_multiparts(self, report: SweepReport, has_time: HasTime) -> None:
        """Abort multipart uploads that belong to no PENDING record, a page at a time."""
        prefix = f"{self._policy.key_prefix}/"
        while has_time():
            position = await self._checkpoints.get("multiparts")
            page = await self._bucket.list_multiparts(prefix, position, self._batch)
            if not await self._checkpoints.move("multiparts", position, page.next):
                continue
            for entry in await self._abandoned(page.entries):
                await self._bucket.abort_multipart(entry.key, entry.multipart_id)
                report.multiparts_aborted += 1
            if not page.next:
                return

    async def _abandoned(self, entries: Sequence[MultipartEntry]) -> list[MultipartEntry]:
        """Return the old multipart uploads of upload keys that no PENDING record names."""
        horizon = self._clock() - ORPHAN_AGE
        ours: list[tuple[MultipartEntry, str]] = [
            (entry, upload_id)
            for entry in entries
            if entry.initiated_at < horizon
            and (upload_id := upload_id_of(self._policy.key_prefix, entry.key))
        ]
        known = await self._uploads.find_many(upload_id for _, upload_id in ours)
        return [
            entry
            for entry, upload_id in ours
            if not (
                (upload := known.get(upload_id))
                and upload.status is UploadStatus.PENDING
                and upload.multipart_id == entry.multipart_id
            )
        ]
