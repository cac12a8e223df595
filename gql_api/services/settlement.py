"""The result of settling an upload."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gql_api.domain.errors import (
    Failure,
    UploadClosed,
    UploadIncomplete,
    UploadNotFound,
    UploadRejected,
)
from gql_api.domain.uploads import Upload, UploadStatus


class Settlement(NamedTuple):
    """The state of an upload after checking the bucket.

    `missing`: the parts that a PENDING upload lacks. PENDING without missing parts means that all
    bytes have arrived, but their checksum is not verified yet. `unread`: the checksum can only be
    verified by reading the object, which is larger than the caller allows.
    """

    upload: Upload
    missing: Sequence[int] = ()
    unread: bool = False

    def accepted(self) -> Upload | Failure:
        """Return the upload if it is STORED, or PENDING with all bytes in the bucket.

        Otherwise, return an UploadIncomplete, UploadRejected, UploadClosed or UploadNotFound.
        """
        upload = self.upload
        if self.missing:
            return UploadIncomplete(self.missing, len(self.missing))
        if upload.status is UploadStatus.REJECTED:
            return UploadRejected(upload)
        if upload.status in (UploadStatus.CANCELLED, UploadStatus.EXPIRED):
            return UploadClosed(upload.status)
        if upload.status is UploadStatus.DELETED:
            return UploadNotFound()
        return upload
