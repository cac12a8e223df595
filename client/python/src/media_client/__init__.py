"""A client for the media upload service.

from media_client import MediaClient

with MediaClient("http://127.0.0.1:8000", token="mus_…") as client:
    upload = client.upload_file("holiday.mp4", tags=["2026"])
    for upload in client.uploads():
        print(upload.filename, upload.size)
"""

from typing import TYPE_CHECKING, Any

from media_client.client import MediaClient
from media_client.models import (
    ChangedUpload,
    ChangesPage,
    Disposition,
    Media,
    OrderDirection,
    ProcessingStatus,
    Rendition,
    RenditionName,
    Upload,
    UploadOrderField,
    UploadStatus,
)
from media_client.operations import UploadChange, UploadFilter, UploadRequest
from media_client.transfer.downloads import DownloadOutcome
from media_client.transfer.job import Outcome
from media_client.transfer.journal import Journal
from media_client.transfer.options import Options
from media_client.transfer.progress import Progress
from media_client.transfer.source import Source
from media_client.version import VERSION

if TYPE_CHECKING:
    from media_client.aio import AsyncMediaClient

__all__ = [
    "VERSION",
    "AsyncMediaClient",
    "ChangedUpload",
    "ChangesPage",
    "Disposition",
    "DownloadOutcome",
    "Journal",
    "Media",
    "MediaClient",
    "Options",
    "OrderDirection",
    "Outcome",
    "ProcessingStatus",
    "Progress",
    "Rendition",
    "RenditionName",
    "Source",
    "Upload",
    "UploadChange",
    "UploadFilter",
    "UploadOrderField",
    "UploadRequest",
    "UploadStatus",
]


def __getattr__(name: str) -> Any:
    """Import AsyncMediaClient on first use: asyncio takes as long to import as everything else."""
    if name != "AsyncMediaClient":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from media_client.aio import AsyncMediaClient

    return AsyncMediaClient
