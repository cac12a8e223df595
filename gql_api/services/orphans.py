"""Orphans: objects and multipart uploads in the bucket without a live record.

The bytes of a closed upload are the service's own, so they are deleted at once. Those that no
record names may be anyone's; see `unknown_objects`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from gql_api.domain.bucket import Bucket, MultipartEntry, ObjectEntry
from gql_api.domain.clock import Clock
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.unknown_objects import UnknownObject
from gql_api.domain.upload_store import Checkpoints, UploadStore
from gql_api.domain.uploads import Upload, UploadStatus, upload_name_of
from gql_api.services.deployment import DeploymentService
from gql_api.services.sweep_report import SweepReport
from gql_api.services.turns import HasTime
from gql_api.services.unknown_objects import UnknownObjectService

# Younger objects and multipart uploads may belong to a request in progress.
ORPHAN_AGE = timedelta(hours=1)


class Orphans:
    """Finds orphans in the bucket; its methods are steps of the sweep."""

    def __init__(
        self,
        *,
        uploads: UploadStore,
        bucket: Bucket,
        checkpoints: Checkpoints,
        deployment: DeploymentService,
        unknown: UnknownObjectService,
        clock: Clock,
        policy: UploadPolicy,
        batch: int = 1000,
    ) -> None:
        self._uploads = uploads
        self._bucket = bucket
        self._checkpoints = checkpoints
        self._deployment = deployment
        self._unknown = unknown
        self._clock = clock
        self._policy = policy
        self._batch = batch

    async def delete_objects(self, report: SweepReport, has_time: HasTime) -> None:
        """Continue through the bucket, to its end, and delete the objects of closed uploads."""
        prefix = f"{self._policy.key_prefix}/"
        checking: asyncio.Task[None] | None = None
        try:
            while has_time():
                position = await self._checkpoints.get("orphans")
                entries = await self._bucket.list_objects(prefix, position, self._batch)
                reached = entries[-1].key if len(entries) == self._batch else ""
                # The position moves first, so that concurrent sweeps go through different objects.
                # The next pass looks again at a batch that a crash left undone.
                if not await self._checkpoints.move("orphans", position, reached):
                    continue
                report.objects_seen += len(entries)
                if checking is not None:
                    await checking
                # The next page is listed while this one is checked.
                checking = asyncio.create_task(self._check_objects(entries, report))
                if not reached:
                    break
            if checking is not None:
                await checking
        finally:
            if checking is not None:
                checking.cancel()

    async def _check_objects(self, entries: Sequence[ObjectEntry], report: SweepReport) -> None:
        old = [entry for entry in entries if entry.modified_at < self._horizon()]
        known, unknown_keys = await self._known(entry.key for entry in old)
        closed = [upload for upload in known.values() if not upload.status.counts]
        await asyncio.gather(*(self._bucket.delete(upload.key) for upload in closed))
        report.orphans_deleted += len(closed)
        unknown = [UnknownObject(it.key, it.mark) for it in old if it.key in unknown_keys]
        await self._unknown.note(unknown, report)

    async def abort_multiparts(self, report: SweepReport, has_time: HasTime) -> None:
        """Abort multipart uploads of known uploads that do not use them, a page at a time.

        Does nothing on a store that was seen not to list them.
        """
        traits = (await self._deployment.refresh()).traits
        if traits is not None and not traits.lists_multiparts:
            return
        prefix = f"{self._policy.key_prefix}/"
        while has_time():
            position = await self._checkpoints.get("multiparts")
            page = await self._bucket.list_multiparts(prefix, position, self._batch)
            if not await self._checkpoints.move("multiparts", position, page.next):
                continue
            await self._check_multiparts(page.entries, report)
            if not page.next:
                return

    async def _check_multiparts(
        self, entries: Sequence[MultipartEntry], report: SweepReport
    ) -> None:
        old = [entry for entry in entries if entry.initiated_at < self._horizon()]
        known, unknown_keys = await self._known(entry.key for entry in old)
        for entry in old:
            upload = known.get(entry.key)
            if upload is not None and not _uses(upload, entry):
                await self._bucket.abort_multipart(entry.key, entry.multipart_id)
                report.multiparts_aborted += 1
        unknown = [
            UnknownObject(entry.key, entry.multipart_id, entry.multipart_id)
            for entry in old
            if entry.key in unknown_keys
        ]
        await self._unknown.note(unknown, report)

    async def _known(self, keys: Iterable[str]) -> tuple[dict[str, Upload], set[str]]:
        """Return the uploads with these keys, by key, and the upload keys that no record has.

        Keys of any other form are neither: they are not the service's.
        """
        names = {
            key: name
            for key in keys
            if (name := upload_name_of(self._policy.key_prefix, key)) is not None
        }
        found = await self._uploads.find_many(names.values())
        known = {upload.key: upload for upload in found.values() if upload.key in names}
        return known, names.keys() - known.keys()

    def _horizon(self) -> datetime:
        return self._clock() - ORPHAN_AGE


def _uses(upload: Upload, entry: MultipartEntry) -> bool:
    return upload.status is UploadStatus.PENDING and upload.multipart_id == entry.multipart_id
