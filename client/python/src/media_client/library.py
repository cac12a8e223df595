"""Library: the methods of ServiceClient that list, change, delete and download uploads."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from media_client import operations
from media_client.api import Api
from media_client.errors import ResponseTooLarge, UploadNotFound, UserError
from media_client.media import ProcessingStatus, Rendition, RenditionName
from media_client.models import (
    Disposition,
    Limits,
    OrderDirection,
    Page,
    SignedRequest,
    Upload,
    UploadOrderField,
)
from media_client.operations import Operation, UploadChange, UploadFilter

Item = TypeVar("Item")
T = TypeVar("T")

PAGE_SIZE = 100
BATCH_MAX = 100  # The service rejects larger batches.
_FIRST_PAUSE_SECONDS = 0.1
_PAUSE_MAX_SECONDS = 2.0
ANY_UPLOAD = UploadFilter()


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

    def rendition(self, upload_id: str, name: RenditionName) -> Rendition | None:
        """Return a derived picture with its signed URL, or None if there is none (yet)."""
        return self._api.run(operations.rendition(upload_id, name))

    def wait_until_processed(self, upload_id: str, *, timeout: float = 60.0) -> Upload:
        """Wait until facts and renditions are there, or there will be none; return the upload.

        Asks the service at growing intervals, for at most `timeout` seconds.

        Raises:
            UploadNotFound: the user has no upload with this id.
            TimeoutError: its processing is still PENDING.
        """
        end = time.monotonic() + timeout
        pause = _FIRST_PAUSE_SECONDS
        while True:
            upload = self.get_upload(upload_id)
            if upload.processing is not ProcessingStatus.PENDING:
                return upload
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"Upload {upload_id} was not processed in {timeout:g} seconds.")
            time.sleep(min(pause, left))
            pause = min(2 * pause, _PAUSE_MAX_SECONDS)

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
) -> Iterator[Page]:
    """Yield pages of uploads, at most `limit` uploads in all, fetching each when it is needed."""
    after, left, most = None, limit, PAGE_SIZE
    while left is None or left > 0:
        first = most if left is None else min(most, left)
        try:
            page = library.uploads_page(
                filter,
                order_by=order_by,
                direction=direction,
                first=first,
                after=after,
                count=False,
            )
        except ResponseTooLarge as error:  # An operator may allow only short responses.
            if not 0 < error.max_files < first:
                raise
            most = error.max_files
            continue
        yield page
        if not page.has_next:
            return
        after = page.end_cursor
        left = None if left is None else left - len(page.uploads)
