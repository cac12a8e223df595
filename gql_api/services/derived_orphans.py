"""Derived files in the bucket that have outlived the object that they were derived from.

They are deleted with their upload (see `Looks.clear`). The walk finds those that came later, those
that a crash left, and those whose upload has another object by now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from gql_api.domain.bucket import Bucket, ObjectEntry
from gql_api.domain.clock import Clock
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.processing import derived_file
from gql_api.domain.unknown_objects import UnknownObject
from gql_api.domain.upload_store import Checkpoints, UploadStore
from gql_api.domain.uploads import UploadName
from gql_api.services.deployment import DeploymentService
from gql_api.services.derived_files import DerivedFiles
from gql_api.services.orphans import ORPHAN_AGE
from gql_api.services.passes import begins_pass
from gql_api.services.sweep_report import SweepReport
from gql_api.services.turns import HasTime
from gql_api.services.unknown_objects import UnknownObjectService

_JOB = "derived files"
_PASS_EVERY = timedelta(days=1)


class DerivedOrphans:
    """Finds derived files that nothing needs any more; a step of the sweep."""

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
        self._prefix = policy.renditions_prefix
        self._files = DerivedFiles(bucket, policy.renditions_prefix)
        self._batch = batch

    async def delete_outlived(self, report: SweepReport, has_time: HasTime) -> None:
        """Continue through the derived files, up to the last; the next pass begins a day later."""
        while has_time():
            position = await self._checkpoints.get(_JOB)
            if not position and not await begins_pass(
                self._checkpoints, _JOB, _PASS_EVERY, self._clock()
            ):
                return
            entries = await self._bucket.list_objects(f"{self._prefix}/", position, self._batch)
            reached = entries[-1].key if len(entries) == self._batch else ""
            # The position moves first, so that concurrent sweeps share the walk.
            if not await self._checkpoints.move(_JOB, position, reached):
                continue
            report.objects_seen += len(entries)
            await self._check(entries, report)

    async def _check(self, entries: Sequence[ObjectEntry], report: SweepReport) -> None:
        horizon = self._clock() - ORPHAN_AGE
        files = {
            entry: file
            for entry in entries
            if entry.modified_at < horizon
            and (file := derived_file(self._prefix, entry.key)) is not None
        }
        names = {file: UploadName(file.owner_id, file.upload_id) for file in files.values()}
        uploads = await self._uploads.find_many(names.values())
        found = [
            (entry.key, file, upload)
            for entry, file in files.items()
            if (upload := uploads.get(names[file])) is not None
        ]
        outlived = [key for key, _, upload in found if not upload.status.counts]
        others = [
            key
            for key, file, upload in found
            if self._files.current_folder(upload) not in (None, file.folder)
        ]
        # In the bucket of another database, that database may have recorded the other object.
        if others and await self._deployment.owns_bucket():
            outlived += others
        await self._files.delete(outlived)
        report.derived_deleted += len(outlived)
        strange = [entry for entry, file in files.items() if names[file] not in uploads]
        await self._unknown.note([UnknownObject(it.key, it.mark) for it in strange], report)
