"""What was uploaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from media_client import operations
from media_client.errors import UploadNotFound
from media_client.models import Limits, Page, SignedRequest, Upload
from media_client.operations import UploadFilter
from media_client.verbs.caller import Caller

PAGE = 100
_ANY = UploadFilter()


class Library(Caller):
    """Looking at uploads, changing and deleting them."""

    def limits(self) -> Limits:
        """What the service accepts. Needs no sign-in."""
        return self._api.run(operations.limits())

    def find_upload(self, upload_id: str) -> Upload | None:
        """The upload, or None if the viewer has none with this id."""
        return self._api.run(operations.find_upload(upload_id))

    def get_upload(self, upload_id: str) -> Upload:
        """The upload.

        Raises:
            UploadNotFound
        """
        upload = self.find_upload(upload_id)
        if upload is None:
            raise UploadNotFound(UploadNotFound.CODE, f"There is no upload {upload_id}.")
        return upload

    def uploads(
        self,
        filter: UploadFilter = _ANY,
        *,
        order_by: str = "CREATED_AT",
        direction: str = "DESC",
        limit: int | None = None,
    ) -> Iterator[Upload]:
        """The viewer's uploads, fetched page by page as they are asked for."""
        after, left = None, limit
        while left is None or left > 0:
            first = PAGE if left is None else min(PAGE, left)
            page = self.uploads_page(
                filter, order_by=order_by, direction=direction, first=first, after=after
            )
            yield from page.uploads
            if not page.has_next:
                return
            after = page.end_cursor
            left = None if left is None else left - len(page.uploads)

    def uploads_page(
        self,
        filter: UploadFilter = _ANY,
        *,
        order_by: str = "CREATED_AT",
        direction: str = "DESC",
        first: int = PAGE,
        after: str | None = None,
    ) -> Page:
        """One page of uploads, with the number of all."""
        return self._api.run(operations.uploads(first, after, filter, order_by, direction))

    def update_upload(
        self,
        upload_id: str,
        *,
        filename: str | None = None,
        tags: Sequence[str] | None = None,
    ) -> Upload:
        """Change the name or the tags; what is None stays.

        Raises:
            UploadNotFound, InvalidInput
        """
        return self._api.run(operations.update_upload(upload_id, filename, tags))

    def delete_upload(self, upload_id: str) -> str:
        """Delete the record and the object; the id.

        Raises:
            UploadNotFound
        """
        return self._api.run(operations.delete_upload(upload_id))

    def download_request(
        self,
        upload_id: str,
        *,
        disposition: str = "ATTACHMENT",
        expires_in_seconds: int | None = None,
    ) -> SignedRequest | None:
        """A signed GET for a stored upload; None where there is nothing to download."""
        return self._api.run(operations.download(upload_id, disposition, expires_in_seconds))
