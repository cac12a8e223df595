"""Library: the methods of ServiceClient that list, change, delete and download uploads."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from threading import Event
from typing import TypeVar

from media_client import backoff, operations
from media_client.api import Api
from media_client.errors import ResponseTooLarge, StillProcessing, UploadNotFound, UserError
from media_client.models import (
    ChangesPage,
    Disposition,
    Limits,
    OrderDirection,
    Page,
    ProcessingStatus,
    Rendition,
    RenditionName,
    SignedRequest,
    Upload,
    UploadOrderField,
)
from media_client.operations import Operation, UploadChange, UploadFilter

Item = TypeVar("Item")
T = TypeVar("T")

PAGE_SIZE = 100
BATCH_MAX = 100  # The service rejects larger batches.
ANY_UPLOAD = UploadFilter()
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.25, 5.0


class Library:
    """The user's uploads."""

    _api: Api

    def limits(self) -> Limits:
        """Return what the service accepts. Works without signing in."""
        return self._api.run(operations.limits())

    def find_upload(self, upload_id: str) -> Upload | None:
        """Return an upload, or None if the user has none with this id."""
        return self._api.run(operations.find_upload(upload_id))

    def get_upload(self, upload_id: str) -> Upload:
        """Return an upload. Raises UploadNotFound if the user has none with this id."""
        upload = self.find_upload(upload_id)
        if upload is None:
            raise UploadNotFound(UploadNotFound.CODE, f"There is no upload {upload_id}.")
        return upload

    def uploads(
        self,
        filter: UploadFilter = ANY_UPLOAD,
        *,
        order_by: UploadOrderField = UploadOrderField.CREATED_AT,
        direction: OrderDirection = OrderDirection.DESC,
        limit: int | None = None,
    ) -> Iterator[Upload]:
        """Iterate over the user's uploads, fetching pages as they are needed."""
        for page in pages(self, filter, order_by, direction, limit):
            yield from page.uploads

    def uploads_page(
        self,
        filter: UploadFilter = ANY_UPLOAD,
        *,
        order_by: UploadOrderField = UploadOrderField.CREATED_AT,
        direction: OrderDirection = OrderDirection.DESC,
        first: int = PAGE_SIZE,
        after: str | None = None,
        count: bool = True,
    ) -> Page:
        """Return one page of uploads, with the number of all matches unless `count` is False."""
        return self._api.run(operations.uploads(first, after, filter, order_by, direction, count))

    def changes(self, after: str | None = None) -> Iterator[ChangesPage]:
        """Iterate over the uploads in the order of their last change, in pages, up to the end.

        Start without `after`, and store the `end_cursor` of each page: `changes(end_cursor)` goes
        on there, also days later. Every change is listed at least once; those of the last 100
        seconds are listed again, with the same version. Deleted uploads are listed for 30 days by
        default.
        """
        return change_pages(self, after)

    def changes_page(self, after: str | None = None, *, first: int = PAGE_SIZE) -> ChangesPage:
        """Return one page of `changes`."""
        return self._api.run(operations.changes(first, after))

    def update_upload(
        self, upload_id: str, *, filename: str | None = None, tags: Sequence[str] | None = None
    ) -> Upload:
        """Change an upload's name or tags; None leaves a field unchanged.

        Raises:
            UploadNotFound, InvalidInput
        """
        return self._api.run(operations.update_upload(upload_id, filename, tags))

    def delete_upload(self, upload_id: str) -> str:
        """Delete an upload and its object, and return its id. Raises UploadNotFound."""
        return self._api.run(operations.delete_upload(upload_id))

    def update_uploads(self, changes: Sequence[UploadChange]) -> Sequence[Upload | UserError]:
        """Change the names or tags of uploads. Returns an upload or an error per change, in order.

        The changes are sent in batches of 100. If a batch fails, those before it remain in effect.
        """
        return self._in_batches(operations.update_uploads, changes)

    def trash_uploads(self, upload_ids: Sequence[str]) -> Sequence[Upload | UserError]:
        """Move stored uploads to the trash; see `Limits.trash_ttl_seconds`.

        Returns an upload or an error (UploadNotFound, UploadClosed) per id, in order.
        """
        return self._in_batches(operations.trash_uploads, upload_ids)

    def restore_uploads(self, upload_ids: Sequence[str]) -> Sequence[Upload | UserError]:
        """Take uploads out of the trash.

        Returns an upload or an error (UploadNotFound) per id, in order.
        """
        return self._in_batches(operations.restore_uploads, upload_ids)

    def delete_uploads(self, upload_ids: Sequence[str]) -> Sequence[str | UserError]:
        """Delete uploads and their objects for good.

        Returns the id or an error (UploadNotFound) per id, in order.
        """
        return self._in_batches(operations.delete_uploads, upload_ids)

    def download_request(
        self,
        upload_id: str,
        *,
        disposition: Disposition = Disposition.ATTACHMENT,
        expires_in_seconds: int | None = None,
    ) -> SignedRequest | None:
        """Return a signed GET for a stored upload, or None if there is nothing to download."""
        return self._api.run(operations.download(upload_id, disposition, expires_in_seconds))

    def rendition(
        self, upload_id: str, name: RenditionName = RenditionName.THUMBNAIL
    ) -> Rendition | None:
        """Return a picture derived from a stored upload, with its signed URL.

        None if there is none, or not yet: see `Upload.processing` and `wait_until_processed`.
        """
        return self._api.run(operations.rendition(upload_id, name))

    def wait_until_processed(
        self, upload_id: str, timeout: float = 60.0, *, stop: Event | None = None
    ) -> Upload:
        """Wait until `Upload.processing` is no longer PENDING, and return the upload.

        It may have FAILED. Asks after growing pauses of up to 5 s, and at the end of `timeout`, in
        seconds, for the last time.

        Raises:
            UploadNotFound: there is no such upload.
            StillProcessing: the time is up.
            Stopped: `stop` was set.
        """
        end, pause = time.monotonic() + timeout, _FIRST_PAUSE_SECONDS
        while (upload := self.get_upload(upload_id)).processing is ProcessingStatus.PENDING:
            left = end - time.monotonic()
            if left <= 0:
                raise StillProcessing(f"Upload {upload_id} was not processed within {timeout:g} s.")
            backoff.wait(min(pause, left), stop)
            pause = min(1.5 * pause, _LONGEST_PAUSE_SECONDS)
        return upload

    def _in_batches(
        self, operation: Callable[[Sequence[Item]], Operation[Sequence[T]]], items: Sequence[Item]
    ) -> Sequence[T]:
        results: list[T] = []
        for start in range(0, len(items), BATCH_MAX):
            batch = items[start : start + BATCH_MAX]
            results += self._api.run_in_batches(operation, batch)
        return results


def pages(
    library: Library,
    filter: UploadFilter,
    order_by: UploadOrderField,
    direction: OrderDirection,
    limit: int | None,
    *,
    facts: bool = True,
) -> Iterator[Page]:
    """Yield pages of uploads, at most `limit` uploads in all, fetching each when it is needed.

    Pages are smaller if the service says that its response would be too large. Without `facts`,
    the uploads lack those that were derived from their bytes, and the responses are half as large.
    """
    after, left, most = None, limit, PAGE_SIZE

    def fetch(first: int) -> Page:
        asked = operations.uploads(first, after, filter, order_by, direction, count=False)
        return library._api.run(asked if facts else asked.without_media())

    while left is None or left > 0:
        page, most = _fitting(fetch, most if left is None else min(most, left))
        yield page
        if not page.has_next:
            return
        after = page.end_cursor
        left = None if left is None else left - len(page.uploads)


def change_pages(library: Library, after: str | None) -> Iterator[ChangesPage]:
    """Yield pages of changes, fetching each when it is needed; smaller ones if they are large."""
    most = PAGE_SIZE

    def fetch(first: int) -> ChangesPage:
        return library.changes_page(after, first=first)

    while True:
        page, most = _fitting(fetch, most)
        yield page
        if not page.has_next:
            return
        after = page.end_cursor


def _fitting(fetch: Callable[[int], T], first: int) -> tuple[T, int]:
    """Return a page and its size: `first`, or less if the response would be too large."""
    while True:
        try:
            return fetch(first), first
        except ResponseTooLarge as error:
            if not 0 < error.max_files < first:
                raise
            first = error.max_files
