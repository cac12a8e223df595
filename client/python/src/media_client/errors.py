"""Everything that goes wrong is a MediaError.

MediaError
├── UserError                what the service answers, with its `code`; one class a member
│   ├── InvalidInput  UsernameTaken  InvalidCredentials  InvalidSession  TooManyAttempts
│   ├── FileTooLarge  UnsupportedMediaType  QuotaExceeded  ClientTokenReused
│   └── UploadNotFound  UploadIncomplete  UploadRejected  UploadClosed  ApiKeyNotFound
├── ApiError                 a request that the service did not carry out, with its `code`
│   └── Unauthenticated  Forbidden  RateLimited
├── NotSignedIn              there is no token to send
├── NetworkError             no connection, no answer, or one cut short
│   └── CertificateError     the server can't prove who it is
├── BucketError              the bucket refused a request, with its `status` and `code`
├── SourceError              a local file can't be sent
│   └── SourceChanged
├── TargetError              a download can't be written
├── ConfigurationError       a setting or a file of ours is wrong
└── Stopped                  the caller asked a transfer to stop
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from media_client.models import Upload


class MediaError(Exception):
    """The root of the tree."""


class NotSignedIn(MediaError):
    """There is no token to send."""

    def __init__(self, message: str = "You are not signed in. Run `media login` first.") -> None:
        super().__init__(message)


class NetworkError(MediaError):
    """No connection, no answer, or one that was cut short. `passing`: another try may succeed."""

    passing = True


class CertificateError(NetworkError):
    """The server can't prove who it is."""

    passing = False


class ConfigurationError(MediaError):
    """A setting or a file of ours is wrong."""


class SourceError(MediaError):
    """A local file can't be sent."""


class SourceChanged(SourceError):
    """A file is not what it was when its upload began."""


class TargetError(MediaError):
    """A download can't be written, or what arrived is not what was stored."""


class Stopped(MediaError):
    """The caller asked a transfer to stop; it can be resumed."""


class BucketError(MediaError):
    """The bucket refused a request."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"The bucket answered {status} {code}: {message}".rstrip(": "))
        self.status = status
        self.code = code
        self.retry_after = 0.0


class ApiError(MediaError):
    """The service did not carry a request out."""

    def __init__(self, code: str, message: str, request_id: str | None = None) -> None:
        named = request_id is None or request_id in message
        suffix = "" if named else f" (request {request_id})"
        super().__init__(f"{message}{suffix}")
        self.code = code
        self.request_id = request_id


class Unauthenticated(ApiError):
    """The token is missing, has expired, or works no more."""


class Forbidden(ApiError):
    """The token does not allow this."""


class RateLimited(ApiError):
    """Too many requests; wait before the next."""


_API_ERRORS: Mapping[str, type[ApiError]] = {
    "UNAUTHENTICATED": Unauthenticated,
    "FORBIDDEN": Forbidden,
    "RATE_LIMITED": RateLimited,
}


def api_error(code: str, message: str, request_id: str | None = None) -> ApiError:
    """The error of the class that belongs to the code."""
    return _API_ERRORS.get(code, ApiError)(code, message, request_id)


class UserError(MediaError):
    """An outcome that the caller can act on. `code` is one of the service's UserErrorCode."""

    CODE: ClassVar[str] = ""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def take(self, fields: Mapping[str, Any]) -> None:
        """Read what this member of the union has beside code and message."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of an input."""

    path: Sequence[str]
    message: str


class InvalidInput(UserError):
    """Some fields of the input are wrong."""

    CODE = "INVALID_INPUT"
    fields: Sequence[FieldError] = ()

    def take(self, fields: Mapping[str, Any]) -> None:
        """Read the fields' errors; the message names them, so that it says all by itself."""
        self.fields = tuple(
            FieldError(tuple(item["path"]), item["message"]) for item in fields.get("fields", ())
        )
        details = "; ".join(f"{'.'.join(item.path)} {item.message}" for item in self.fields)
        if details:
            self.args = (f"{self.message.rstrip('.')}: {details}",)


class UsernameTaken(UserError):
    """Somebody has this username."""

    CODE = "USERNAME_TAKEN"


class InvalidCredentials(UserError):
    """Username or password is wrong."""

    CODE = "INVALID_CREDENTIALS"


class InvalidSession(UserError):
    """The refresh token works no more: log in again."""

    CODE = "INVALID_SESSION"


class TooManyAttempts(UserError):
    """Too many failed attempts."""

    CODE = "TOO_MANY_ATTEMPTS"
    retry_after_seconds: int = 0

    def take(self, fields: Mapping[str, Any]) -> None:
        """Read how long to wait."""
        self.retry_after_seconds = fields.get("retryAfterSeconds", 0)


class FileTooLarge(UserError):
    """The service does not take files of this size."""

    CODE = "FILE_TOO_LARGE"
    max_upload_bytes: int = 0

    def take(self, fields: Mapping[str, Any]) -> None:
        """Read the limit."""
        self.max_upload_bytes = fields.get("maxUploadBytes", 0)


class UnsupportedMediaType(UserError):
    """The service does not take files of this content type."""

    CODE = "UNSUPPORTED_MEDIA_TYPE"
    content_types: Sequence[str] = ()

    def take(self, fields: Mapping[str, Any]) -> None:
        """Read what is accepted."""
        self.content_types = tuple(fields.get("contentTypes", ()))


class QuotaExceeded(UserError):
    """The file does not fit into what is left of the quota."""

    CODE = "QUOTA_EXCEEDED"
    available_bytes: int = 0

    def take(self, fields: Mapping[str, Any]) -> None:
        """Read what is left."""
        self.available_bytes = fields.get("availableBytes", 0)


class ClientTokenReused(UserError):
    """The client token belongs to another file."""

    CODE = "CLIENT_TOKEN_REUSED"


class UploadNotFound(UserError):
    """You have no upload with this id."""

    CODE = "UPLOAD_NOT_FOUND"


class UploadIncomplete(UserError):
    """Some parts are not in the bucket yet."""

    CODE = "UPLOAD_INCOMPLETE"
    missing_parts: Sequence[int] = ()

    def take(self, fields: Mapping[str, Any]) -> None:
        """Read which."""
        self.missing_parts = tuple(fields.get("missingParts", ()))


class UploadRejected(UserError):
    """What arrived is not what was declared; it was deleted."""

    CODE = "UPLOAD_REJECTED"
    upload: Upload | None = None

    def take(self, fields: Mapping[str, Any]) -> None:
        """Read the upload; the message says how what arrived differs."""
        from media_client.models import Upload

        if fields.get("upload"):
            self.upload = Upload.of(fields["upload"])
            if self.upload.status_reason:
                self.args = (f"{self.message} {self.upload.status_reason}",)


class UploadClosed(UserError):
    """The upload is in a final state."""

    CODE = "UPLOAD_CLOSED"
    status: str = ""

    def take(self, fields: Mapping[str, Any]) -> None:
        """Read which."""
        self.status = fields.get("status", "")


class ApiKeyNotFound(UserError):
    """You have no API key with this id."""

    CODE = "API_KEY_NOT_FOUND"


USER_ERRORS: Mapping[str, type[UserError]] = {
    kind.CODE: kind for kind in UserError.__subclasses__()
}


def user_error(fields: Mapping[str, Any]) -> UserError:
    """The error that a member of a result union stands for; UserError itself for unknown codes."""
    code = fields["code"]
    error = USER_ERRORS.get(code, UserError)(code, fields["message"])
    error.take(fields)
    return error
