"""The exceptions that this package raises. All of them are MediaErrors.

MediaError
├── UserError                a failure in the result, with a `code`; one class per union member
│   ├── InvalidInput  UsernameTaken  InvalidCredentials  InvalidSession  TooManyAttempts
│   ├── FileTooLarge  UnsupportedMediaType  QuotaExceeded  ClientTokenReused
│   └── UploadNotFound  UploadIncomplete  UploadRejected  UploadClosed  ApiKeyNotFound
├── ApiError                 the service did not execute the request; has a `code`
│   └── Unauthenticated  Forbidden  RateLimited  ResponseTooLarge
├── NotSignedIn              there is no token to send
├── NetworkError             no connection, no response, or an incomplete response
│   ├── CertificateError     the server's certificate is not trusted
│   └── ProxyRefused         the proxy asks for a username and a password
├── BucketError              the bucket rejected a request; has a `status` and a `code`
├── SourceError              a local file can't be uploaded
│   └── SourceChanged        a local file changed during its upload
├── TargetError              a download can't be written or verified
├── ConfigurationError       a setting or a configuration file is invalid
├── StillProcessing          an upload was not processed in time
└── Stopped                  the transfer was stopped on request
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from media_client.models import Upload


class MediaError(Exception):
    """The base class of all errors of this package.

    `request_id`: the id of the request, if the service or the bucket answered it. Operators find
    the request by it in their logs.
    """

    request_id: str | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle all attributes; the constructor may take other arguments than `args`."""
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[MediaError], args: tuple[Any, ...], state: dict[str, Any]) -> MediaError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class NotSignedIn(MediaError):
    """There is no token to send."""

    def __init__(self, message: str = "You are not signed in. Run `media login` first.") -> None:
        super().__init__(message)


class NetworkError(MediaError):
    """No connection, no response, or an incomplete response.

    `unsent`: there was no connection, so the server has not received the request.
    """

    is_transient = True
    unsent = False


class CertificateError(NetworkError):
    """The server's certificate is not trusted."""

    is_transient = False


class ProxyRefused(NetworkError):
    """The proxy asks for a username and a password."""

    is_transient = False


class ConfigurationError(MediaError):
    """A setting or a configuration file is invalid."""


class SourceError(MediaError):
    """A local file can't be uploaded."""


class SourceChanged(SourceError):
    """A local file changed during its upload, or since its upload was interrupted."""


class TargetError(MediaError):
    """A download can't be written, or its bytes do not match the upload's checksum."""


class StillProcessing(MediaError):
    """An upload was not processed within the time that the caller waited. It may be later."""


class Stopped(MediaError):
    """The transfer was stopped on request; it can be resumed."""

    def __init__(self, message: str = "The transfer was stopped.") -> None:
        super().__init__(message)


class BucketError(MediaError):
    """The bucket rejected a request."""

    def __init__(self, status: int, code: str, message: str, request_id: str | None = None) -> None:
        text = f"The bucket responded with {status} {code}: {message}".rstrip(": ")
        super().__init__(_with_request(text, request_id))
        self.status = status
        self.code = code
        self.request_id = request_id
        self.retry_after = 0.0


class ApiError(MediaError):
    """The service did not execute the request."""

    # The text of an error that the caller can put right does not name its request.
    _is_callers = False

    def __init__(self, code: str, message: str, request_id: str | None = None) -> None:
        super().__init__(message if self._is_callers else _with_request(message, request_id))
        self.code = code
        self.request_id = request_id


def _with_request(message: str, request_id: str | None) -> str:
    named = request_id is None or request_id in message
    return message if named else f"{message} (request {request_id})"


class Unauthenticated(ApiError):
    """The token is missing, expired or revoked."""

    _is_callers = True


class Forbidden(ApiError):
    """The token does not permit this operation."""

    _is_callers = True


class RateLimited(ApiError):
    """Too many requests; wait before sending the next one."""

    _is_callers = True


class ResponseTooLarge(ApiError):
    """The response would be too large, so the service did nothing; `max_files` files would fit."""

    max_files: int = 0


class UserError(MediaError):
    """A failure that the caller can act on. `code` is one of the service's UserErrorCode."""

    CODE: ClassVar[str] = ""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def take(self, fields: Mapping[str, Any]) -> None:
        """Read the fields that this member of the union adds to code and message."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """Why one input field is invalid."""

    path: Sequence[str]
    message: str


class InvalidInput(UserError):
    """Some input fields are invalid; `fields` says which and why."""

    CODE = "INVALID_INPUT"
    fields: Sequence[FieldError] = ()

    def take(self, fields: Mapping[str, Any]) -> None:
        """Read the field errors and add them to the message."""
        self.fields = tuple(
            FieldError(tuple(item["path"]), item["message"]) for item in fields.get("fields", ())
        )
        details = [f"{'.'.join(item.path)}: {item.message}" for item in self.fields]
        # The message of this service has them already.
        missing = [detail for detail in details if detail not in self.message]
        if missing:
            self.args = (f"{self.message.rstrip('.')}: {'; '.join(missing)}",)


class UsernameTaken(UserError):
    """Another account has this username."""

    CODE = "USERNAME_TAKEN"


class InvalidCredentials(UserError):
    """The username or the password is wrong."""

    CODE = "INVALID_CREDENTIALS"


class InvalidSession(UserError):
    """The refresh token is no longer valid: log in again."""

    CODE = "INVALID_SESSION"


class TooManyAttempts(UserError):
    """Too many failed attempts; wait `retry_after_seconds`."""

    CODE = "TOO_MANY_ATTEMPTS"
    retry_after_seconds: int = 0

    def take(self, fields: Mapping[str, Any]) -> None:
        """Read `retry_after_seconds`."""
        self.retry_after_seconds = fields.get("retryAfterSeconds", 0)


class FileTooLarge(UserError):
    """The file exceeds the service's size limit."""

    CODE = "FILE_TOO_LARGE"
    max_upload_bytes: int = 0

    def take(self, fields: Mapping[str, Any]) -> None:
        """Read `max_upload_bytes`."""
        self.max_upload_bytes = fields.get("maxUploadBytes", 0)


class UnsupportedMediaType(UserError):
    """The service does not accept this content type."""

    CODE = "UNSUPPORTED_MEDIA_TYPE"
    content_types: Sequence[str] = ()

    def take(self, fields: Mapping[str, Any]) -> None:
        """Read the accepted `content_types`."""
        self.content_types = tuple(fields.get("contentTypes", ()))


class QuotaExceeded(UserError):
    """The file exceeds what is left of the user's quota, or is one upload too many."""

    CODE = "QUOTA_EXCEEDED"
    available_bytes: int = 0

    def take(self, fields: Mapping[str, Any]) -> None:
        """Read `available_bytes`."""
        self.available_bytes = fields.get("availableBytes", 0)


class ClientTokenReused(UserError):
    """The client token was already used for a different file."""

    CODE = "CLIENT_TOKEN_REUSED"


class UploadNotFound(UserError):
    """The user has no upload with this id."""

    CODE = "UPLOAD_NOT_FOUND"


class UploadIncomplete(UserError):
    """Some parts are not in the bucket yet."""

    CODE = "UPLOAD_INCOMPLETE"
    missing_parts: Sequence[int] = ()

    def take(self, fields: Mapping[str, Any]) -> None:
        """Read `missing_parts`."""
        self.missing_parts = tuple(fields.get("missingParts", ()))


class UploadRejected(UserError):
    """The stored bytes do not match what was declared; they were deleted."""

    CODE = "UPLOAD_REJECTED"
    upload: Upload | None = None

    def take(self, fields: Mapping[str, Any]) -> None:
        """Read the upload, and add its status reason to the message."""
        from media_client.models import Upload

        if fields.get("upload"):
            self.upload = Upload.of(fields["upload"])
            if self.upload.status_reason:
                self.args = (f"{self.message} {self.upload.status_reason}",)


class UploadClosed(UserError):
    """The upload's state, given by `status`, does not allow the operation."""

    CODE = "UPLOAD_CLOSED"
    status: str = ""

    def take(self, fields: Mapping[str, Any]) -> None:
        """Read `status`."""
        self.status = fields.get("status", "")


class ApiKeyNotFound(UserError):
    """The user has no API key with this id."""

    CODE = "API_KEY_NOT_FOUND"


USER_ERRORS: Mapping[str, type[UserError]] = {
    kind.CODE: kind for kind in UserError.__subclasses__()
}
