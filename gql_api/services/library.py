"""The library of a user's uploads: find, list, update, download, delete."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gql_api.domain import magic_bytes, media_types
from gql_api.domain.clock import Clock
from gql_api.domain.errors import BadUserInput, Failure, FieldError, InvalidInput, UploadNotFound
from gql_api.domain.file_requests import checked_tags
from gql_api.domain.listing import Filter, Page, PageRequest
from gql_api.domain.media import RenditionName
from gql_api.domain.policy import UploadPolicy
from gql_api.domain.presigner import PresignedRequest, Presigner
from gql_api.domain.processing import RENDITION_TYPE, StoredRendition, file_name, folder
from gql_api.domain.storage_budget import require_calls
from gql_api.domain.text import FILENAME_MAX_LENGTH, content_disposition, flaw
from gql_api.domain.upload_store import UploadListing, UploadStore
from gql_api.domain.uploads import Upload
from gql_api.services.batches import Check, for_each, found_for
from gql_api.services.looks import calls_to_clear
from gql_api.services.settling import SettlingService

# Per call; a process makes at most 16 concurrent requests to the bucket, and has 10 connections to
# the database.
_DELETED_AT_ONCE = 8
_CHANGED_AT_ONCE = 8
DOWNLOAD_MAX_SECONDS = 604_800  # The maximum of SigV4 (Amazon S3 User Guide, "presigned URLs").


class SignedRendition(NamedTuple):
    """A rendition, and the signed request that fetches it."""

    rendition: StoredRendition
    request: PresignedRequest


class Change(NamedTuple):
    """A change of an upload's details; None leaves a value unchanged."""

    upload_id: str
    filename: str | None = None
    tags: Sequence[str] | None = None


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
        # A search that stopped has found nothing so far. The answer may be False if it is not known
        # ("GraphQL Cursor Connections Specification", "hasPreviousPage").
        return found.more and found.stopped_at is None

    async def count(self, owner_id: str, filter: Filter) -> int:
        """Return how many of the owner's uploads match the filter."""
        return await self._listing.count(owner_id, filter)

    async def update(self, owner_id: str, change: Change) -> Upload | Failure:
        """Change the filename or the tags.

        Returns:
            The changed upload, or one of these failures:
            InvalidInput: lists all invalid fields.
            UploadNotFound: the owner has no such upload.
        """
        return await self._update(owner_id, change, None)

    async def update_many(
        self, owner_id: str, changes: Sequence[Change], check: Check | None = None
    ) -> Sequence[Upload | Failure]:
        """Do what `update` does for many uploads; returns one outcome per change, in order.

        Each change succeeds or fails independently. The changes of one upload are made in order.
        `check` (see `batches`) gets the records with their changes.

        Raises:
            BadUserInput: more than 100 changes.
        """
        ids = [change.upload_id for change in changes]
        found = await found_for(self._uploads, owner_id, ids, None)
        if check is not None:
            check([_changed(found.get(change.upload_id), change) for change in changes])

        async def outcomes_of(upload_id: str) -> Iterator[Upload | Failure]:
            upload = found.get(upload_id)
            return iter(
                [
                    await self._update(owner_id, change, upload) if upload else UploadNotFound()
                    for change in changes
                    if change.upload_id == upload_id
                ]
            )

        outcomes = await for_each(ids, outcomes_of, at_once=_CHANGED_AT_ONCE)
        # A repeated id has the same iterator each time, which yields its outcomes in order.
        return [next(of_upload) for of_upload in outcomes]

    async def _update(
        self, owner_id: str, change: Change, upload: Upload | None
    ) -> Upload | Failure:
        """Do what `update` does; `upload` is the record if it was read already."""
        checked = _checked(change)
        if isinstance(checked, Failure):
            return checked
        if checked.filename is not None and self._policy.check_file_types:
            upload = upload or await self._uploads.find(owner_id, change.upload_id)
            if upload is None:
                return UploadNotFound()
            problem = magic_bytes.name_contradiction(upload.content_type, checked.filename)
            if problem:
                return InvalidInput([FieldError(("filename",), problem)])
        changed = await self._uploads.update_details(
            owner_id, change.upload_id, checked.filename, checked.tags
        )
        return changed or UploadNotFound()

    async def delete(self, owner_id: str, upload_id: str) -> UploadNotFound | None:
        """Delete the record and the object.

        Returns:
            None, or this failure:
            UploadNotFound: the owner has no such upload.
        """
        [failure] = await self.delete_many(owner_id, [upload_id])
        return failure

    async def delete_many(
        self, owner_id: str, upload_ids: Sequence[str], check: Check | None = None
    ) -> Sequence[UploadNotFound | None]:
        """Do what `delete` does for many uploads; returns one outcome per id, in order.

        If deleting one of the uploads raises an error, the others are deleted before it is raised.
        `check`: see `batches`.

        Raises:
            BadUserInput: more than 100 ids.
            TooManyStorageCalls: the request has too few calls to the storage left; nothing is done.
        """
        found = await found_for(self._uploads, owner_id, upload_ids, check)
        require_calls(sum(map(calls_to_clear, found.values())))

        async def delete(upload_id: str) -> UploadNotFound | None:
            upload = found.get(upload_id)
            if upload is None:
                return UploadNotFound()
            await self._settling.delete(upload)
            return None

        return await for_each(upload_ids, delete, at_once=_DELETED_AT_ONCE)

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
        if not upload.status.stored:
            return None
        inline = not attachment and media_types.is_safe_inline(upload.content_type)
        return self._presigner.get_object(
            upload.key,
            upload.content_type,
            content_disposition("inline" if inline else "attachment", upload.filename),
            at=self._clock(),
            ttl_seconds=seconds,
        )

    def rendition(self, upload: Upload, name: RenditionName) -> SignedRendition | None:
        """Sign a GET of the rendition; None if there is none of the upload's present object."""
        known = upload.processing
        if not upload.status.stored or known.etag is None or known.etag != upload.etag:
            return None
        found = next((it for it in known.renditions if it.name is name), None)
        if found is None:
            return None
        place = folder(self._policy.renditions_prefix, *upload.name, known.etag)
        key = f"{place}/{file_name(name)}"
        request = self._presigner.get_rendition(key, RENDITION_TYPE, at=self._clock())
        return SignedRendition(found, request)


def _checked(change: Change) -> Change | InvalidInput:
    """Return the change with its tags in their stored form, or what is wrong with it."""
    problems: list[FieldError] = []
    if change.filename is not None and (problem := flaw(change.filename, FILENAME_MAX_LENGTH)):
        problems.append(FieldError(("filename",), problem))
    tags = change.tags
    if tags is not None:
        tags, tag_problems = checked_tags(tuple(tags))
        problems += tag_problems
    return InvalidInput(problems) if problems else change._replace(tags=tags)


def _changed(upload: Upload | None, change: Change) -> Upload | None:
    if upload is None:
        return None
    filename = upload.filename if change.filename is None else change.filename
    tags = upload.tags if change.tags is None else tuple(change.tags)
    return upload._replace(filename=filename, tags=tags)
