"""Orphans: objects and multipart uploads in the bucket without a live record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from gql_api.domain.bucket import Bucket, MultipartEntry
from gql_api.domain.clock import Clock
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.upload_store import Checkpoints, UploadStore
from gql_api.domain.uploads import UploadName, UploadStatus, upload_name_of
from gql_api.services.sweep_report import SweepReport

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

    async def delete_objects(self, report: SweepReport) -> None:
        """Continue through the bucket and delete objects without a live record."""
        position = await self._checkpoints.get("orphans")
        prefix = f"{self._policy.key_prefix}/"
        entries = await self._bucket.list_objects(prefix, position, self._batch)
        horizon = self._clock() - ORPHAN_AGE
        old = [entry.key for entry in entries if entry.modified_at < horizon]
        for key in await self._without_record(old):
            await self._bucket.delete(key)
            report.orphans_deleted += 1
        reached = entries[-1].key if len(entries) == self._batch else ""
        await self._checkpoints.set("orphans", reached)

    async def _without_record(self, keys: Sequence[str]) -> list[str]:
        """Return the keys of uploads without a live record; ignores keys of any other form."""
        names = {key: upload_name_of(self._policy.key_prefix, key) for key in keys}
        known = await self._uploads.find_many(filter(None, names.values()))
        return [
            key
            for key, name in names.items()
            if name is not None
            and not ((upload := known.get(name)) and upload.key == key and upload.status.counts)
        ]

    async def abort_multiparts(self, report: SweepReport) -> None:
        """Abort multipart uploads that belong to no PENDING record."""
        horizon = self._clock() - ORPHAN_AGE
        entries = await self._bucket.list_multiparts(f"{self._policy.key_prefix}/")
        ours: list[tuple[MultipartEntry, UploadName]] = [
            (entry, name)
            for entry in entries
            if entry.initiated_at < horizon
            and (name := upload_name_of(self._policy.key_prefix, entry.key))
        ]
        known = await self._uploads.find_many(name for _, name in ours)
        for entry, name in ours:
            upload = known.get(name)
            pending = upload is not None and upload.status is UploadStatus.PENDING
            if not (upload and pending and upload.multipart_id == entry.multipart_id):
                await self._bucket.abort_multipart(entry.key, entry.multipart_id)
                report.multiparts_aborted += 1
