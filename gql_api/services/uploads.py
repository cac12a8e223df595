"""Requesting uploads, sending their parts, completing and cancelling them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from gql_api.domain.accounts import SessionCheck
from gql_api.domain.bucket import Bucket
from gql_api.domain.clock import Clock
from gql_api.domain.deadline import time_limit
from gql_api.domain.errors import (
    BadUserInput,
    ClientTokenReused,
    Failure,
    QuotaExceeded,
    UploadClosed,
    UploadNotFound,
)
from gql_api.domain.file_requests import (
    FileRequest,
    PartSelection,
    SignedPart,
    Ticket,
    check_part_checksums,
    draft,
)
from gql_api.domain.metrics import QUOTA_REFUSED, Metrics, NoMetrics
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.presigner import Presigner
from gql_api.domain.storage_budget import require_calls
from gql_api.domain.upload_store import Inserted, UploadInsertions, UploadStore, get_upload
from gql_api.domain.uploads import ChecksumAlgorithm, StoredPart, Upload, UploadStatus
from gql_api.services.batches import Check, found_for
from gql_api.services.completions import calls_to_settle, settle_together
from gql_api.services.deployment import DeploymentService
from gql_api.services.media import MediaService
from gql_api.services.settlement import Settlement
from gql_api.services.settling import SettlingService
from gql_api.services.signing import PartSigner, UrlLengths

REQUESTS_MAX = 500

# Of the eight seconds per request; the rest is for finding the upload and sending the response.
SETTLE_SECONDS = 6.0


class UploadService:
    """Handles an upload from its request until it is settled."""

    def __init__(
        self,
        *,
        uploads: UploadStore,
        insertions: UploadInsertions,
        bucket: Bucket,
        presigner: Presigner,
        settling: SettlingService,
        deployment: DeploymentService,
        clock: Clock,
        policy: UploadPolicy,
        media: MediaService | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        """Take the ports. Without `media`, only the events have complete uploads processed."""
        self._uploads = uploads
        self._insertions = insertions
        self._bucket = bucket
        self._signer = PartSigner(presigner, clock, policy)
        self._settling = settling
        self._deployment = deployment
        self._clock = clock
        self._policy = policy
        self._media = media
        self._metrics = metrics or NoMetrics()

    async def request(
        self, owner_id: str, request: FileRequest, session_id: str | None = None
    ) -> Ticket | Failure:
        """Record a PENDING upload and reserve its bytes from the owner's quota.

        Safe to repeat with the same client token.

        Returns:
            The ticket, or one of these failures:
            InvalidInput, FileTooLarge, UnsupportedMediaType: the file is not accepted.
            QuotaExceeded: the file does not fit into the remaining quota, of bytes or of uploads.
            ClientTokenReused: the token belongs to an earlier request for another file.

        Raises:
            Unauthenticated: `session_id` is given, and this session has ended.
        """
        [outcome] = await self.request_many(owner_id, [request], session_id)
        return outcome

    async def request_many(
        self, owner_id: str, requests: Sequence[FileRequest], session_id: str | None = None
    ) -> Sequence[Ticket | Failure]:
        """Do what `request` does for many files; returns one outcome per file, in order.

        Each file succeeds or fails independently. Quota is assigned in order. The session is
        checked even if no file is recorded.

        Raises:
            Unauthenticated: see `request`.
            BadUserInput: more than 500 files.
        """
        now, policy = self._clock(), self._policy
        session = None if session_id is None else SessionCheck(session_id, now)
        if len(requests) > REQUESTS_MAX:
            # Checks the session first, which gets no other error if it has ended.
            await self._insertions.insert(owner_id, [], None, session=session)
            raise BadUserInput(f"{len(requests)} files; at most {REQUESTS_MAX} in one call.")
        able = await self.checksum_algorithms()
        drafts = [draft(owner_id, it, policy, now, able) for it in requests]
        valid = [item for item in drafts if isinstance(item, Upload)]
        inserted = await self._insertions.insert(
            owner_id, valid, policy.quota_bytes, policy.quota_uploads, session
        )
        results = iter(inserted)
        outcomes = [
            item if isinstance(item, Failure) else _outcome(item, next(results)) for item in drafts
        ]
        if refused := sum(isinstance(outcome, QuotaExceeded) for outcome in outcomes):
            self._metrics.count(QUOTA_REFUSED, refused)
        return outcomes

    async def checksum_algorithms(self) -> Sequence[ChecksumAlgorithm]:
        """Return the algorithms of checksums that can be verified with this store."""
        return (await self._deployment.current()).checksum_algorithms

    async def sign_parts(
        self, upload: Upload, select: Sequence[PartSelection] | None
    ) -> Sequence[SignedPart]:
        """Sign requests that send the selected parts of a PENDING upload (default: the first 100).

        The first call for a large file creates its multipart upload in the bucket and decides
        whether its parts have checksums: S3 accepts checksums for all parts or for none.

        Raises:
            BadUserInput: invalid part numbers or checksums, checksums for only some of the parts,
                or an upload that has expired or was settled in the meantime.
        """
        signing = self._signer.check(upload, select)
        if upload.needs_multipart and signing.parts:
            upload = await self._with_multipart(upload, signing.parts)
        return self._signer.sign(upload, signing)

    def sign_parts_now(
        self, upload: Upload, select: Sequence[PartSelection] | None
    ) -> Sequence[SignedPart]:
        """Do what `sign_parts` does for an upload that does not need a multipart upload created.

        Nothing is awaited: an asyncio task for each of 500 files would take longer than signing.
        """
        return self._signer.sign(upload, self._signer.check(upload, select))

    def url_lengths(self) -> UrlLengths:
        """Return how long signed URLs can be, from which the size of a response is estimated."""
        return self._signer.url_lengths()

    async def received(self, upload: Upload) -> Sequence[StoredPart]:
        """Return the parts that the bucket holds in full; none for a single-part upload."""
        if upload.multipart_id is None:
            return []
        parts = await self._bucket.list_parts(upload.key, upload.multipart_id) or ()
        return [
            part
            for part in parts
            if 1 <= part.number <= upload.plan.count
            and part.size_bytes == upload.plan.size(part.number)
        ]

    async def complete(self, owner_id: str, upload_id: str) -> Upload | Failure:
        """Check the bucket and settle the upload; safe to repeat.

        Returns:
            The upload: STORED, or still PENDING if all bytes have arrived but assembling the
            parts, or reading a large file to verify its checksum, takes longer than a client
            waits (on AWS, either can take minutes). The storage event settles it then, or the
            sweep. Otherwise, one of these failures:
            UploadNotFound: the owner has no such upload.
            UploadIncomplete: the bucket does not hold all bytes.
            UploadRejected: the object differs from the declaration, and was deleted.
            UploadClosed: the upload was cancelled or has expired.
        """
        [outcome] = await self.complete_many(owner_id, [upload_id])
        return outcome

    async def complete_many(
        self,
        owner_id: str,
        upload_ids: Sequence[str],
        check: Check | None = None,
    ) -> Sequence[Upload | Failure]:
        """Do what `complete` does for many uploads; returns one outcome per id, in order.

        An id that is listed several times is settled once. If settling one of the uploads raises an
        error, the others are settled before it is raised. `check`: see `batches`.

        Raises:
            BadUserInput: more than 100 ids.
            TooManyStorageCalls: the request has too few calls to the storage left. If that is
                certain beforehand, nothing is done.
        """
        found = await found_for(self._uploads, owner_id, upload_ids, check)
        require_calls(sum(map(calls_to_settle, found.values())))
        with time_limit(SETTLE_SECONDS):
            settled = await settle_together(self._settling, found.values())
            if self._media is not None:
                stored = [it.upload for it in settled.values() if isinstance(it, Settlement)]
                await asyncio.gather(*map(self._media.request, stored))
        return [
            _completed(found.get(upload_id), settled.get(upload_id)) for upload_id in upload_ids
        ]

    async def cancel(self, owner_id: str, upload_id: str) -> Upload:
        """Cancel a PENDING upload, delete its parts and release its quota; safe to repeat.

        Raises:
            UploadNotFound: the owner has no such upload.
            UploadClosed: it is already stored, rejected or expired.
        """
        upload = await get_upload(self._uploads, owner_id, upload_id)
        if upload.status is UploadStatus.PENDING:
            upload = await self._settling.close(upload, UploadStatus.CANCELLED)
        if upload.status is UploadStatus.DELETED:
            raise UploadNotFound
        if upload.status is not UploadStatus.CANCELLED:
            raise UploadClosed(upload.status)
        return upload

    async def _with_multipart(self, upload: Upload, parts: Sequence[PartSelection]) -> Upload:
        """Create the multipart upload in the bucket and note its id in the record.

        Two first calls may race: the loser aborts its own multipart upload. A crash between the
        two steps leaves a multipart upload without a record, which the sweep aborts.

        Raises:
            BadUserInput: the upload was settled in the meantime, or the winner of the race
                decided the other way about checksums.
        """
        with_checksums = parts[0].checksum is not None
        multipart_id = await self._bucket.create_multipart(
            upload.key, upload.content_type, _multipart_checksums(upload, with_checksums)
        )
        noted = await self._uploads.set_multipart(upload, multipart_id, with_checksums)
        if noted is None:
            await self._bucket.abort_multipart(upload.key, multipart_id)
            noted = await self._uploads.find(upload.owner_id, upload.id)
        if noted is None or noted.status is not UploadStatus.PENDING or noted.multipart_id is None:
            raise BadUserInput("This upload was settled in the meantime: there is nothing to send.")
        check_part_checksums(noted, parts)
        return noted


def _completed(
    upload: Upload | None, settled: Settlement | BaseException | None
) -> Upload | Failure:
    """Return what `complete` returns, or raise the error that settling raised."""
    if upload is None:
        return UploadNotFound()
    if isinstance(settled, BaseException):
        raise settled
    return (settled or Settlement(upload)).accepted()


def _multipart_checksums(upload: Upload, of_parts: bool) -> ChecksumAlgorithm | None:
    """Return the algorithm for `Bucket.create_multipart`."""
    if of_parts:
        return ChecksumAlgorithm.SHA256
    whole = upload.checksum
    computed = whole is not None and whole.algorithm is ChecksumAlgorithm.CRC64NVME
    return ChecksumAlgorithm.CRC64NVME if computed else None


def _outcome(wanted: Upload, inserted: Inserted) -> Ticket | Failure:
    if inserted.created is not None:
        return Ticket(inserted.created, created=True)
    if inserted.existing is None:
        return QuotaExceeded(
            wanted.size_bytes, inserted.available_bytes or 0, inserted.available_uploads
        )
    if inserted.existing.request_digest != wanted.request_digest:
        return ClientTokenReused()
    return Ticket(inserted.existing, created=False)
