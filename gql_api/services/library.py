"""The library of a user's uploads: find, list, update, download, delete."""

from __future__ import annotations

from collections.abc import Sequence

from gql_api.domain import magic_bytes, media_types
from gql_api.domain.clock import Clock
from gql_api.domain.errors import BadUserInput, FieldError, InvalidInput, UploadNotFound
from gql_api.domain.file_requests import checked_tags
from gql_api.domain.listing import Filter, Page, PageRequest
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.presigner import PresignedRequest, Presigner
from gql_api.domain.text import FILENAME_MAX_LENGTH, content_disposition, flaw
from gql_api.domain.upload_store import UploadListing, UploadStore, get_upload
from gql_api.domain.uploads import Upload, UploadStatus
from gql_api.services.settling import SettlingService

DOWNLOAD_MAX_SECONDS = 604_800  # The maximum of SigV4 (Amazon S3 User Guide, "presigned URLs").


class LibraryService:
    """Gives users access to their own uploads."""

    def __init__(
        self,
        *,
        uploads: UploadStore,
        listing: UploadListing,
        presigner: Presigner,
        settling: SettlingService,
        clock: Clock,
        policy: UploadPolicy,
    ) -> None:
        self._uploads = uploads
        self._listing = listing
        self._presigner = presigner
        self._settling = settling
        self._clock = clock
        self._policy = policy

    async def find(self, owner_id: str, upload_id: str) -> Upload | None:
        """Return the owner's upload; None if the owner has no such upload."""
        return await self._uploads.find(owner_id, upload_id)

    async def page(self, owner_id: str, request: PageRequest) -> Page:
        """Return one page of the owner's uploads."""
        return await self._listing.page(owner_id, request)

    async def more_behind(self, owner_id: str, page: Page) -> bool:
        """Return whether rows precede the page, in the direction of reading."""
        request = page.request
        edge = page.ends[1 if request.backward else 0]
        if edge is None:
            edge = request.before if request.backward else request.after
            if edge is None:
                return False
        behind = request._replace(
            limit=0,
            backward=not request.backward,
            after=edge if request.backward else None,
            before=None if request.backward else edge,
        )
        found = await self._listing.page(owner_id, behind)
        # A search that stopped found nothing. That something precedes may be left open ("GraphQL
        # Cursor Connections Specification", "hasPreviousPage").
        return found.more and found.stopped_at is None

    async def count(self, owner_id: str, filter: Filter) -> int:
        """Return how many of the owner's uploads match the filter."""
        return await self._listing.count(owner_id, filter)

    async def update(
        self, owner_id: str, upload_id: str, filename: str | None, tags: Sequence[str] | None
    ) -> Upload:
        """Change the filename or the tags; None leaves a value unchanged.

        Raises:
            InvalidInput: lists all invalid fields.
            UploadNotFound: the owner has no such upload.
        """
        problems: list[FieldError] = []
        if filename is not None and (problem := flaw(filename, FILENAME_MAX_LENGTH)):
            problems.append(FieldError(("filename",), problem))
        if tags is not None:
            tags, tag_problems = checked_tags(tuple(tags))
            problems += tag_problems
        if problems:
            raise InvalidInput(problems)
        if filename is not None and self._policy.check_file_types:
            await self._check_name(owner_id, upload_id, filename)
        upload = await self._uploads.update_details(owner_id, upload_id, filename, tags)
        if upload is None:
            raise UploadNotFound
        return upload

    async def _check_name(self, owner_id: str, upload_id: str, filename: str) -> None:
        upload = await get_upload(self._uploads, owner_id, upload_id)
        if problem := magic_bytes.name_contradiction(upload.content_type, filename):
            raise InvalidInput([FieldError(("filename",), problem)])

    async def delete(self, owner_id: str, upload_id: str) -> None:
        """Delete the record and the object.

        Raises:
            UploadNotFound: the owner has no such upload.
        """
        upload = await get_upload(self._uploads, owner_id, upload_id)
        await self._settling.delete(upload)

    def download(
        self, upload: Upload, *, attachment: bool, expires_in_seconds: int | None
    ) -> PresignedRequest | None:
        """Sign a GET of the object with its filename and type; None unless the upload is STORED.

        Types that can run scripts are always sent as attachments, so that a user's file never runs
        in the origin of the host that serves it (OWASP ASVS 5.0, 1.3.4 and 3.2.1).

        Raises:
            BadUserInput: a lifetime outside of 1 second to 7 days.
        """
        seconds = self._policy.url_ttl_seconds if expires_in_seconds is None else expires_in_seconds
        if not 1 <= seconds <= DOWNLOAD_MAX_SECONDS:
            raise BadUserInput(
                f"expiresInSeconds is {seconds}; it must be between 1 and {DOWNLOAD_MAX_SECONDS}."
            )
        if upload.status is not UploadStatus.STORED:
            return None
        inline = not attachment and media_types.is_safe_inline(upload.content_type)
        return self._presigner.get_object(
            upload.key,
            upload.content_type,
            content_disposition("inline" if inline else "attachment", upload.filename),
            at=self._clock(),
            ttl_seconds=seconds,
        )
