"""The failures in result unions, one type per failure."""

from enum import Enum

import strawberry

from gql_api.schema.scalars import ByteCount, enum_member
from gql_api.schema.types.uploads import Upload, UploadStatus


@strawberry.enum(description="The type of a failure, for programs.")
class UserErrorCode(Enum):
    """The codes of the domain's failures; a test compares the two."""

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
        "A failure that the caller can act on. Select this interface on every result, so that you "
        "also handle failures that are added later."
    )
)
class UserError:
    """The interface of the failure types; `schema.errors` maps the domain's failures to them."""

    code: UserErrorCode = strawberry.field(description="The type of the failure, for programs.")
    message: str = strawberry.field(
        description="What went wrong and what to do about it, for people."
    )


@strawberry.type(description="An error in one field of an input.")
class FieldError:
    """See `domain.errors.FieldError`."""

    path: list[str] = strawberry.field(
        description="The path from the root of the input: names and 0-based list indexes."
    )
    message: str = strawberry.field(description="What is wrong, worded to follow the field's name.")


@strawberry.type(description="Some fields of the input are invalid.")
class InvalidInput(UserError):
    """See `domain.errors.InvalidInput`."""

    fields: list[FieldError] = strawberry.field(
        description="All invalid fields, each with the reason."
    )


@strawberry.type(description="The username is taken, possibly in different letter case.")
class UsernameTaken(UserError):
    """See `domain.errors.UsernameTaken`."""


@strawberry.type(
    description="The username or the password is wrong; the response does not reveal which."
)
class InvalidCredentials(UserError):
    """See `domain.errors.InvalidCredentials`."""


@strawberry.type(description="The refresh token is unknown, expired or already used.")
class InvalidSession(UserError):
    """See `domain.errors.InvalidSession`."""


@strawberry.type(description="Too many attempts to sign in or sign up; wait before the next one.")
class TooManyAttempts(UserError):
    """See `domain.errors.TooManyAttempts`."""

    retry_after_seconds: int = strawberry.field(description="How long to wait, in seconds.")


@strawberry.type(description="The file is larger than this service accepts.")
class FileTooLarge(UserError):
    """See `domain.errors.FileTooLarge`."""

    max_upload_bytes: ByteCount = strawberry.field(
        description="The largest accepted size, in bytes."
    )


@strawberry.type(description="This service does not accept files of this content type.")
class UnsupportedMediaType(UserError):
    """See `domain.errors.UnsupportedMediaType`."""

    content_types: list[str] = strawberry.field(description="The accepted media types and ranges.")


@strawberry.type(
    description=(
        "The file does not fit into the remaining quota, of bytes or of uploads; the message says "
        "which."
    )
)
class QuotaExceeded(UserError):
    """See `domain.errors.QuotaExceeded`."""

    available_bytes: ByteCount = strawberry.field(description="The remaining quota in bytes.")


@strawberry.type(description="The clientToken was already used for another file.")
class ClientTokenReused(UserError):
    """See `domain.errors.ClientTokenReused`."""


@strawberry.type(description="The viewer has no upload with this id.")
class UploadNotFound(UserError):
    """See `domain.errors.UploadNotFound`."""


@strawberry.type(description="The bucket does not hold all bytes yet. Send the rest, then retry.")
class UploadIncomplete(UserError):
    """See `domain.errors.UploadIncomplete`."""

    missing_parts: list[int] = strawberry.field(
        description="The 1-based numbers of the missing parts, at most the first 1000."
    )


@strawberry.type(description="The bytes sent differ from the declared file and were deleted.")
class UploadRejected(UserError):
    """See `domain.errors.UploadRejected`."""

    upload: Upload = strawberry.field(description="The upload; its statusReason says what differs.")


@strawberry.type(description="The upload is in a state that does not allow this.")
class UploadClosed(UserError):
    """See `domain.errors.UploadClosed`."""

    status: UploadStatus = strawberry.field(description="The state of the upload.")


@strawberry.type(description="The viewer has no API key with this id.")
class ApiKeyNotFound(UserError):
    """See `domain.errors.ApiKeyNotFound`."""
