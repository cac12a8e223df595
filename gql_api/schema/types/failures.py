"""The failures that results can hold, one type a meaning."""

from __future__ import annotations

from enum import Enum

import strawberry

from gql_api.schema.scalars import ByteCount, enum_member
from gql_api.schema.types.uploads import Upload, UploadStatus


@strawberry.enum(description="What kind of failure a `UserError` is, for programs.")
class UserErrorCode(Enum):
    """The codes of the domain's failures; a test compares them."""

    INVALID_INPUT = enum_member("INVALID_INPUT", "See InvalidInput.")
    USERNAME_TAKEN = enum_member("USERNAME_TAKEN", "See UsernameTaken.")
    INVALID_CREDENTIALS = enum_member("INVALID_CREDENTIALS", "See InvalidCredentials.")
    INVALID_SESSION = enum_member("INVALID_SESSION", "See InvalidSession.")
    TOO_MANY_ATTEMPTS = enum_member("TOO_MANY_ATTEMPTS", "See TooManyAttempts.")
    FILE_TOO_LARGE = enum_member("FILE_TOO_LARGE", "See FileTooLarge.")
    UNSUPPORTED_MEDIA_TYPE = enum_member("UNSUPPORTED_MEDIA_TYPE", "See UnsupportedMediaType.")
    QUOTA_EXCEEDED = enum_member("QUOTA_EXCEEDED", "See QuotaExceeded.")
    CLIENT_TOKEN_REUSED = enum_member("CLIENT_TOKEN_REUSED", "See ClientTokenReused.")
    UPLOAD_NOT_FOUND = enum_member("UPLOAD_NOT_FOUND", "See UploadNotFound.")
    UPLOAD_INCOMPLETE = enum_member("UPLOAD_INCOMPLETE", "See UploadIncomplete.")
    UPLOAD_REJECTED = enum_member("UPLOAD_REJECTED", "See UploadRejected.")
    UPLOAD_CLOSED = enum_member("UPLOAD_CLOSED", "See UploadClosed.")
    API_KEY_NOT_FOUND = enum_member("API_KEY_NOT_FOUND", "See ApiKeyNotFound.")


@strawberry.interface(
    description=(
        "A failure that whoever called can do something about. Select it on every result, so that "
        "failures which are added later show as well."
    )
)
class UserError:
    """The root of the failure types; `schema.errors` makes them from the domain's failures."""

    code: UserErrorCode = strawberry.field(description="The kind of failure, for programs.")
    message: str = strawberry.field(description="What went wrong and what to do, for people.")


@strawberry.type(description="What is wrong with one field of an input.")
class FieldError:
    """See `domain.errors.FieldError`."""

    path: list[str] = strawberry.field(
        description="The way to the field from the input's root: names, and 0-based list indexes."
    )
    message: str = strawberry.field(description="What is wrong, to be read after the field's name.")


@strawberry.type(description="Some fields of the input can't be taken.")
class InvalidInput(UserError):
    """See `domain.errors.InvalidInput`."""

    fields: list[FieldError] = strawberry.field(description="Every field that is wrong, and why.")


@strawberry.type(description="Somebody has this username, maybe in other letter case.")
class UsernameTaken(UserError):
    """See `domain.errors.UsernameTaken`."""


@strawberry.type(description="The username or the password is wrong; which of them is not told.")
class InvalidCredentials(UserError):
    """See `domain.errors.InvalidCredentials`."""


@strawberry.type(description="The refresh token is unknown, has expired, or was used before.")
class InvalidSession(UserError):
    """See `domain.errors.InvalidSession`."""


@strawberry.type(description="Too many failed attempts; wait before the next.")
class TooManyAttempts(UserError):
    """See `domain.errors.TooManyAttempts`."""

    retry_after_seconds: int = strawberry.field(description="How long to wait, in seconds.")


@strawberry.type(description="The file is larger than this service accepts.")
class FileTooLarge(UserError):
    """See `domain.errors.FileTooLarge`."""

    max_upload_bytes: ByteCount = strawberry.field(description="The largest size accepted.")


@strawberry.type(description="This service does not accept files of this content type.")
class UnsupportedMediaType(UserError):
    """See `domain.errors.UnsupportedMediaType`."""

    content_types: list[str] = strawberry.field(description="The media types and ranges accepted.")


@strawberry.type(description="The file does not fit into what is left of the quota.")
class QuotaExceeded(UserError):
    """See `domain.errors.QuotaExceeded`."""

    available_bytes: ByteCount = strawberry.field(description="What is left of the quota.")


@strawberry.type(description="The clientToken was used before, for another file.")
class ClientTokenReused(UserError):
    """See `domain.errors.ClientTokenReused`."""


@strawberry.type(description="The viewer has no upload with this id.")
class UploadNotFound(UserError):
    """See `domain.errors.UploadNotFound`."""


@strawberry.type(description="The bucket has not got all the bytes yet: send the rest, try again.")
class UploadIncomplete(UserError):
    """See `domain.errors.UploadIncomplete`."""

    missing_parts: list[int] = strawberry.field(
        description="The parts to send, by their 1-based numbers; no more than the first 1000."
    )


@strawberry.type(description="What arrived is not what was declared, and was deleted.")
class UploadRejected(UserError):
    """See `domain.errors.UploadRejected`."""

    upload: Upload = strawberry.field(description="The upload; its statusReason says what differs.")


@strawberry.type(description="The upload is in a final state, in which this can't be done.")
class UploadClosed(UserError):
    """See `domain.errors.UploadClosed`."""

    status: UploadStatus = strawberry.field(description="The state that the upload is in.")


@strawberry.type(description="The viewer has no API key with this id.")
class ApiKeyNotFound(UserError):
    """See `domain.errors.ApiKeyNotFound`."""
