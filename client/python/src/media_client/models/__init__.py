"""The service's types as immutable values. `of` reads a value from the fields of a response."""

from media_client.models.accounts import (
    ApiKey,
    ApiKeyScope,
    CreatedApiKey,
    Session,
    SignInIssuer,
    SignInMethods,
    User,
    UserSession,
)
from media_client.models.changes import ChangedUpload, ChangesPage
from media_client.models.media import Media, ProcessingStatus, Rendition, RenditionName
from media_client.models.transfers import Disposition, Part, SignedRequest, Transfer
from media_client.models.uploads import (
    Limits,
    OrderDirection,
    Page,
    Ticket,
    Upload,
    UploadOrderField,
    UploadStatus,
)

__all__ = [
    "ApiKey",
    "ApiKeyScope",
    "ChangedUpload",
    "ChangesPage",
    "CreatedApiKey",
    "Disposition",
    "Limits",
    "Media",
    "OrderDirection",
    "Page",
    "Part",
    "ProcessingStatus",
    "Rendition",
    "RenditionName",
    "Session",
    "SignInIssuer",
    "SignInMethods",
    "SignedRequest",
    "Ticket",
    "Transfer",
    "Upload",
    "UploadOrderField",
    "UploadStatus",
    "User",
    "UserSession",
]
