"""Unknown objects: what to do about bytes in the bucket that no record names.

They may be what a crash left behind. They may also be all that is left of files without records,
because the database is the wrong one, was restored from a backup, or was never filled. So they are
deleted only if database and bucket carry the same identity, after a second look a day later, and
only a few in one sweep.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from gql_api.domain.bucket import Bucket
from gql_api.domain.clock import Clock
from gql_api.domain.metrics import UNKNOWN_OBJECTS, Metrics, NoMetrics
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.processing import DerivedFile, derived_file
from gql_api.domain.unknown_objects import Note, UnknownObject, UnknownObjects
from gql_api.domain.upload_store import UploadStore
from gql_api.domain.uploads import UploadName, upload_name_of
from gql_api.services.deployment import DeploymentService
from gql_api.services.sweep_report import SweepReport
from gql_api.services.turns import HasTime

UNKNOWN_AGE = timedelta(days=1)
# A sweep deletes at most this many, or one in this many of the objects it has seen, if more.
_DELETED_AT_LEAST = 100
_DELETED_SHARE = 100
_BATCH = 100
_SURVEYED = 1000


class Survey(NamedTuple):
    """How many objects in the bucket were looked at, and how many of them the database knows."""

    objects: int
    known: int


class UnknownObjectService:
    """Notes unknown objects, and deletes those that are still unknown a day later."""

    def __init__(
        self,
        *,
        notes: UnknownObjects,
        uploads: UploadStore,
        bucket: Bucket,
        deployment: DeploymentService,
        clock: Clock,
        policy: UploadPolicy,
        metrics: Metrics | None = None,
    ) -> None:
        self._notes = notes
        self._uploads = uploads
        self._bucket = bucket
        self._deployment = deployment
        self._clock = clock
        self._policy = policy
        self._metrics = metrics or NoMetrics()

    async def note(self, found: Sequence[UnknownObject], report: SweepReport) -> None:
        """Count and note unknown objects.

        They are noted even if database and bucket carry no common identity, so that an operator can
        look at them. Adopting the bucket removes these notes, so the day of waiting begins
        afterwards.
        """
        if not found:
            return
        report.unknown_objects += len(found)
        self._metrics.count(UNKNOWN_OBJECTS, len(found))
        await self._notes.note(found, self._clock())

    async def delete_unknown(self, report: SweepReport, has_time: HasTime) -> None:
        """Delete objects that have been unknown for a day, within the limit of one sweep.

        Without a common identity of database and bucket, deletes nothing.
        """
        if not await self._deployment.owns_bucket():
            return
        await self._deployment.renew_identity(self._clock())
        limit = max(_DELETED_AT_LEAST, report.objects_seen // _DELETED_SHARE)
        while has_time() and (left := limit - report.unknown_deleted) > 0:
            notes = await self.due(min(left, _BATCH))
            if not notes:
                return
            report.unknown_deleted += await self.delete(notes)

    async def due(self, limit: int) -> Sequence[Note]:
        """Return notes of objects that were unknown a day ago, the oldest first."""
        return await self._notes.seen_before(self._clock() - UNKNOWN_AGE, limit)

    async def noted(self, limit: int) -> Sequence[Note]:
        """Return notes of any age, the oldest first."""
        return await self._notes.seen_before(self._clock() + UNKNOWN_AGE, limit)

    async def survey(self) -> Survey:
        """Look at the first 1,000 objects under the key prefix."""
        prefix = f"{self._policy.key_prefix}/"
        listed = await self._bucket.list_objects(prefix, "", _SURVEYED)
        keys = [entry.key for entry in listed]
        return Survey(len(keys), len(await self._known_keys(keys)))

    async def delete(self, notes: Sequence[Note]) -> int:
        """Look at the objects again, and delete those unchanged and unknown; returns how many.

        All of the notes are removed, because the other objects are known, changed or gone. The
        caller must check that database and bucket carry the same identity.
        """
        known = await self._known_keys([note.found.key for note in notes])
        deleted = await asyncio.gather(*(self._delete(note, known) for note in notes))
        return sum(deleted)

    async def _delete(self, note: Note, known: set[str]) -> bool:
        same = note.found.key not in known and await self._is_there(note.found)
        # The process that removes the note deletes the object. After a crash in between, a sweep
        # notes the object again.
        if not await self._notes.take(note) or not same:
            return False
        if note.found.multipart_id is None:
            await self._bucket.delete(note.found.key)
        else:
            await self._bucket.abort_multipart(note.found.key, note.found.multipart_id)
        return True

    async def _is_there(self, noted: UnknownObject) -> bool:
        """Return whether the bucket holds exactly this object or multipart upload."""
        if noted.multipart_id is not None:
            return await self._bucket.list_parts(noted.key, noted.multipart_id) is not None
        entries = await self._bucket.list_objects(noted.key, "", 1)
        return any((entry.key, entry.mark) == (noted.key, noted.mark) for entry in entries)

    async def _known_keys(self, keys: Sequence[str]) -> set[str]:
        """Return the keys of objects of known uploads, and of files derived from such objects."""
        names = {key: name for key in keys if (name := self._upload_name(key)) is not None}
        found = await self._uploads.find_many(names.values())
        keys_of_uploads = {upload.key for upload in found.values()}
        return {
            key
            for key, name in names.items()
            if key in keys_of_uploads or (name in found and self._derived(key) is not None)
        }

    def _upload_name(self, key: str) -> UploadName | None:
        """Return the name of the upload that an object or a derived file with this key has."""
        if (file := self._derived(key)) is not None:
            return UploadName(file.owner_id, file.upload_id)
        return upload_name_of(self._policy.key_prefix, key)

    def _derived(self, key: str) -> DerivedFile | None:
        return derived_file(self._policy.renditions_prefix, key)
