"""Media: has stored objects processed, and records what the media function derived from them.

The media function is not trusted. It can only write files into the bucket, and its file of facts is
checked like any input before anything is recorded.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

from gql_api.domain import etags
from gql_api.domain.bucket import Bucket
from gql_api.domain.clock import Clock
from gql_api.domain.media_queue import MediaQueue
from gql_api.domain.metrics import (
    FACTS_INVALID,
    MEDIA_FAILED,
    MEDIA_PROCESSED,
    SECONDS_TO_PROCESSED,
    Metrics,
    NoMetrics,
)
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.processing import (
    FACTS_MAX_BYTES,
    FACTS_NAME,
    TO_PROCESS,
    DerivedFile,
    MediaRequest,
    Processing,
    ProcessingStatus,
    file_name,
    folder,
    read_facts,
)
from gql_api.domain.upload_store import UploadStore
from gql_api.domain.uploads import Upload, requested_upload
from gql_api.services.deployment import DeploymentService
from gql_api.services.recent_objects import RecentObjects
from gql_api.services.settling import SettlingService

_log = logging.getLogger(__name__)

_INVALID = "The facts that were derived from the file are not valid."
_LOGGED_MAX = 200


class _InvalidFacts(Exception):
    """The file of facts is not valid, or contradicts the record or the bucket."""


class MediaService:
    """Sends stored uploads to the media function, and records the result."""

    def __init__(
        self,
        *,
        uploads: UploadStore,
        bucket: Bucket,
        queue: MediaQueue,
        settling: SettlingService,
        deployment: DeploymentService,
        clock: Clock,
        policy: UploadPolicy,
        metrics: Metrics | None = None,
    ) -> None:
        self._uploads = uploads
        self._bucket = bucket
        self._queue = queue
        self._schedule = settling.schedule
        self._derived = settling.looks.derived
        self._deployment = deployment
        self._clock = clock
        self._policy = policy
        self._metrics = metrics or NoMetrics()
        self._sent = RecentObjects()

    async def request(self, upload: Upload) -> None:
        """Ask for the upload's object to be processed if it waits for that.

        Does nothing if this process has asked for the same object recently. The errors of the queue
        pass through, because the caller is retried.
        """
        request = _request(upload)
        if request is None or not self._policy.process_media:
            return
        if not self._sent.has(request.key, request.etag):
            await self._send(request)

    async def request_again(self, upload: Upload) -> Upload:
        """Ask again, since nothing came; returns the current upload.

        The facts may be there, and only their event was lost. If media are no longer processed, the
        upload stops waiting.
        """
        request = _request(upload)
        if request is None:
            return upload
        if not self._policy.process_media:
            stopped = upload.processing.stopped()
            changed = await self._uploads.note_processing(upload, stopped, check_at=upload.check_at)
            return changed or upload
        # If the object is processed again, the facts of the last time are still there.
        if upload.processing.etag is None:
            await self.collect(request)
            upload = await self._uploads.find_any(*upload.name) or upload
            request = _request(upload)
        if request is not None:
            await self._send(request)
        return upload

    async def _send(self, request: MediaRequest) -> None:
        # Two events of one object may be handled at once, so it is remembered first.
        self._sent.add(request.key, request.etag)
        try:
            await self._queue.send(request)
        except BaseException:
            self._sent.discard(request.key)
            raise

    async def collect(self, request: MediaRequest) -> None:
        """Record the facts that were written for the request, if they are there; safe to repeat.

        Does what their event does, for stores without events and for events that are lost.
        """
        name = requested_upload(self._policy.key_prefix, request)
        if name is None:
            return
        place = folder(self._policy.renditions_prefix, *name, request.etag)
        await self.record(DerivedFile(*name, place, FACTS_NAME))

    async def record(self, file: DerivedFile) -> None:
        """Record what the file of facts says about the present object; safe to repeat.

        Files of a closed upload are deleted, and so are those that were derived from another object
        of a stored upload. Those of an upload without a record are left to the sweep.
        """
        recorded: Upload | None = None
        while recorded is None:
            upload = await self._uploads.find_any(file.owner_id, file.upload_id)
            if upload is None:
                return
            if self._derived.current_folder(upload) != file.folder:
                if await self._is_outlived(upload):
                    await self._derived.delete_in(file.folder)
                return
            content = await self._bucket.read_small(
                f"{file.folder}/{FACTS_NAME}", FACTS_MAX_BYTES + 1
            )
            if content is None:
                return
            try:
                processing = await self._checked(upload, file, content)
            except _InvalidFacts as error:
                recorded = await self._refuse(upload, error)
            else:
                recorded = await self._note(upload, processing)

    async def give_up(self, request: MediaRequest, reason: str) -> None:
        """Record that the object could not be processed, unless that has become obsolete.

        `reason` is one sentence for the owner.

        Raises:
            ValueError: the request names no upload.
        """
        name = requested_upload(self._policy.key_prefix, request)
        if name is None:
            raise ValueError("The request names no upload.")
        recorded: Upload | None = None
        while recorded is None:
            upload = await self._uploads.find_any(*name)
            if upload is None or not _is_waiting(upload):
                return
            if upload.key != request.key or not etags.same(upload.etag, request.etag):
                return
            recorded = await self._note(upload, upload.processing.failed(reason))

    async def _is_outlived(self, upload: Upload) -> bool:
        """Return whether files that are not those of the present object may be deleted.

        In the bucket of another database, that database may have recorded the other object.
        """
        if not upload.status.stored:
            return not upload.status.counts
        return await self._deployment.owns_bucket()

    async def _checked(self, upload: Upload, file: DerivedFile, content: bytes) -> Processing:
        """Return what to record, or raise `_InvalidFacts`."""
        try:
            facts = read_facts(content)
        except ValueError as error:
            raise _InvalidFacts(str(error)[:_LOGGED_MAX]) from None
        if facts.upload_id != upload.id or not etags.same(facts.etag, upload.etag):
            raise _InvalidFacts("they are those of another object")
        keys = [f"{file.folder}/{file_name(it.name)}" for it in facts.renditions]
        found = await asyncio.gather(*map(self._bucket.head, keys))
        for rendition, seen in zip(facts.renditions, found, strict=True):
            if seen is None or seen.size_bytes != rendition.size_bytes:
                raise _InvalidFacts(f"{rendition.name.value} is missing or has another size")
        return facts.processing()._replace(etag=upload.etag)

    async def _refuse(self, upload: Upload, error: _InvalidFacts) -> Upload | None:
        """Record that invalid facts came; returns None if the upload has changed meanwhile.

        They take nothing away from an upload that has been processed already.
        """
        _log.error("The facts of the upload %s are not valid: %s", upload.id, error)
        self._metrics.count(FACTS_INVALID)
        if not _is_waiting(upload):
            return upload
        return await self._note(upload, upload.processing.failed(_INVALID))

    async def _note(self, upload: Upload, processing: Processing) -> Upload | None:
        """Record the result; returns None if the upload has changed since it was read."""
        if upload.processing == processing:
            return upload
        now = self._clock()
        check_at = await self._schedule.processed(upload, now)
        noted = await self._uploads.note_processing(upload, processing, check_at=check_at)
        if noted is not None and _is_waiting(upload):
            self._count(upload, processing, now)
        return noted

    def _count(self, upload: Upload, processing: Processing, now: datetime) -> None:
        failed = processing.status is ProcessingStatus.FAILED
        self._metrics.count(MEDIA_FAILED if failed else MEDIA_PROCESSED)
        if upload.processing == TO_PROCESS and upload.stored_at is not None:
            # Not when it is processed again: nobody waits for that.
            seconds = (now - upload.stored_at).total_seconds()
            self._metrics.duration(SECONDS_TO_PROCESSED, seconds)


def _is_waiting(upload: Upload) -> bool:
    return upload.status.stored and upload.processing.status is ProcessingStatus.PENDING


def _request(upload: Upload) -> MediaRequest | None:
    """Return the request for an upload that waits to be processed; None if it does not wait."""
    if not _is_waiting(upload) or upload.etag is None:
        return None
    return MediaRequest(upload.key, upload.etag, upload.id)
