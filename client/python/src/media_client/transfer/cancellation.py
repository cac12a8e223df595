"""Cancels pending uploads, so that they no longer count toward the quota."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from media_client import operations
from media_client.api import Api
from media_client.errors import UserError

_BATCH = 50  # The service accepts at most 50 fields at the root of an operation.


def cancel_all(api: Api, upload_ids: Sequence[str]) -> Iterator[str | UserError]:
    """Cancel uploads, and yield the id or an error for each, in order.

    The error is UploadClosed if an upload is no longer pending, or UploadNotFound. Raises what
    `Api.run` raises; the batches before that remain cancelled.
    """
    for start in range(0, len(upload_ids), _BATCH):
        yield from api.run(operations.cancel_uploads(upload_ids[start : start + _BATCH]))
