"""Uploading step by step, for those who send the bytes themselves."""

from __future__ import annotations

from collections.abc import Sequence

from media_client import operations
from media_client.errors import UserError
from media_client.models import Part, Ticket, Upload
from media_client.operations import UploadRequest
from media_client.verbs.caller import Caller


class Sending(Caller):
    """Tickets, parts, and the word that all is sent."""

    def request_upload(self, request: UploadRequest) -> Ticket:
        """Ask to upload one file; `sign_parts` then says how.

        Raises:
            FileTooLarge, UnsupportedMediaType, QuotaExceeded, ClientTokenReused, InvalidInput
        """
        return self._api.run(operations.request_upload(request))

    def request_uploads(
        self, requests: Sequence[UploadRequest], *, with_parts: bool = True
    ) -> Sequence[Ticket | UserError]:
        """The same for up to 500 files; a ticket or an error for each, in order."""
        return self._api.run(operations.request_uploads(requests, with_parts))

    def sign_parts(self, upload_id: str, parts: Sequence[tuple[int, str | None]]) -> Sequence[Part]:
        """Requests that send these parts; each is a number and its Base64 SHA-256, or None."""
        return self._api.run(operations.sign_parts(upload_id, parts))

    def find_transfer(self, upload_id: str) -> Upload | None:
        """The upload with its plan and what the bucket already holds, under `transfer`."""
        return self._api.run(operations.transfer(upload_id))

    def complete_upload(self, upload_id: str) -> Upload:
        """Say that all bytes are sent.

        Raises:
            UploadNotFound, UploadIncomplete, UploadRejected, UploadClosed
        """
        return self._api.run(operations.complete_upload(upload_id))

    def complete_uploads(self, upload_ids: Sequence[str]) -> Sequence[Upload | UserError]:
        """The same for up to 100 in one request; an upload or an error for each, in order."""
        return self._api.run(operations.complete_uploads(upload_ids))

    def cancel_upload(self, upload_id: str) -> Upload:
        """Give a pending upload up.

        Raises:
            UploadNotFound, UploadClosed
        """
        return self._api.run(operations.cancel_upload(upload_id))
