"""Every failure that a caller can act on.

DomainError
├── Failure                  an expected outcome of a mutation: a member of its union
│   ├── InvalidInput
│   ├── UsernameTaken
│   ├── InvalidCredentials
│   ├── InvalidSession
│   ├── TooManyAttempts
│   ├── FileTooLarge
│   ├── UnsupportedMediaType
│   ├── QuotaExceeded
│   ├── ClientTokenReused
│   ├── UploadNotFound
│   ├── UploadIncomplete
│   ├── UploadRejected
│   ├── UploadClosed
│   └── ApiKeyNotFound
├── RequestError             the request itself is wrong: a top-level error
│   ├── Unauthenticated
│   ├── Forbidden
│   ├── BadUserInput
│   └── TooManyRequests
└── Unavailable              nobody is wrong: a top-level error, and the same request may succeed
    └── StillProcessing
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from gql_api.domain.uploads import Upload, UploadStatus


class DomainError(Exception):
    """The root. `code` is what programs read, the message is what people read."""

    code: ClassVar[str]

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Failure(DomainError):
    """An expected outcome of a mutation."""


class RequestError(DomainError):
    """A request that can't be answered at all; `code` is the GraphQL error's `extensions.code`."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of an input; `path` leads to it from the input's root."""

    path: tuple[str, ...]
    message: str


class InvalidInput(Failure):
    """At least one field of the input is wrong; `fields` has all of them."""

    code = "INVALID_INPUT"

    def __init__(self, fields: Sequence[FieldError]) -> None:
        super().__init__("; ".join(f"{'.'.join(f.path)}: {f.message}" for f in fields))
        self.fields = tuple(fields)


class UsernameTaken(Failure):
    """Somebody has this username already, in this or another case."""

    code = "USERNAME_TAKEN"

    def __init__(self, username: str) -> None:
        super().__init__(f"The username {username} is taken. Choose another one.")


class InvalidCredentials(Failure):
    """Unknown username, wrong password or disabled account: which of them is not said."""

    code = "INVALID_CREDENTIALS"

    def __init__(self) -> None:
        super().__init__("The username or the password is wrong.")


class InvalidSession(Failure):
    """The refresh token is unknown, expired or used before."""

    code = "INVALID_SESSION"

    def __init__(self) -> None:
        super().__init__("This session has ended. Log in again.")


class TooManyAttempts(Failure):
    """Throttled; the same call may succeed after `retry_after_seconds`."""

    code = "TOO_MANY_ATTEMPTS"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"Too many attempts. Try again in {retry_after_seconds} s.")
        self.retry_after_seconds = retry_after_seconds


class FileTooLarge(Failure):
    """The file is larger than this service accepts."""

    code = "FILE_TOO_LARGE"

    def __init__(self, size_bytes: int, max_upload_bytes: int) -> None:
        super().__init__(
            f"The file has {size_bytes} bytes; this service accepts at most {max_upload_bytes}."
        )
        self.max_upload_bytes = max_upload_bytes


class UnsupportedMediaType(Failure):
    """This service does not accept files of this content type."""

    code = "UNSUPPORTED_MEDIA_TYPE"

    def __init__(self, content_type: str, content_types: Sequence[str]) -> None:
        super().__init__(
            f"Files of type {content_type} are not accepted; accepted: {', '.join(content_types)}."
        )
        self.content_types = tuple(content_types)


class QuotaExceeded(Failure):
    """The file does not fit into what is left of the user's quota."""

    code = "QUOTA_EXCEEDED"

    def __init__(self, size_bytes: int, available_bytes: int) -> None:
        super().__init__(
            f"The file has {size_bytes} bytes, but {available_bytes} are left of your quota. "
            "Delete uploads or cancel pending ones to make room."
        )
        self.available_bytes = available_bytes


class ClientTokenReused(Failure):
    """The client token was used before, for a file with other properties."""

    code = "CLIENT_TOKEN_REUSED"

    def __init__(self) -> None:
        super().__init__(
            "This clientToken belongs to an earlier request for another file. "
            "Use a new token for each file."
        )


class UploadNotFound(Failure):
    """There is no such upload, or it is somebody else's: the two look the same."""

    code = "UPLOAD_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("There is no such upload.")


class UploadIncomplete(Failure):
    """The bucket does not hold all bytes yet. `missing_parts` are 1-based, at most 1000."""

    code = "UPLOAD_INCOMPLETE"

    def __init__(self, missing_parts: Sequence[int], missing_count: int) -> None:
        parts = ", ".join(str(n) for n in missing_parts[:10])
        more = f" and {missing_count - 10} more" if missing_count > 10 else ""
        super().__init__(f"The bucket has not got part {parts}{more} yet. Send it, then complete.")
        self.missing_parts = tuple(missing_parts[:1000])


class UploadRejected(Failure):
    """The bucket held something else than what was declared; it was deleted."""

    code = "UPLOAD_REJECTED"

    def __init__(self, upload: Upload) -> None:
        super().__init__(upload.status_reason or "What arrived is not what was declared.")
        self.upload = upload


class UploadClosed(Failure):
    """The upload is in a final state in which the call makes no sense."""

    code = "UPLOAD_CLOSED"

    def __init__(self, status: UploadStatus) -> None:
        super().__init__(f"This upload is {status.value.lower()} already.")
        self.status = status


class ApiKeyNotFound(Failure):
    """There is no such API key, or it is somebody else's: the two look the same."""

    code = "API_KEY_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("There is no such API key.")


class Unauthenticated(RequestError):
    """Nobody is signed in, and somebody has to be."""

    code = "UNAUTHENTICATED"

    def __init__(self, message: str = "Sign in first: send `Authorization: Bearer …`.") -> None:
        super().__init__(message)


class Forbidden(RequestError):
    """Who is signed in may not do this."""

    code = "FORBIDDEN"


class BadUserInput(RequestError):
    """An argument of a query is wrong; the message says which and what would be right."""

    code = "BAD_USER_INPUT"


class TooManyRequests(RequestError):
    """This user sends more than he may; he can go on in `retry_after_seconds`."""

    code = "RATE_LIMITED"

    def __init__(self, per_minute: int, retry_after_seconds: int) -> None:
        super().__init__(
            f"You may send {per_minute} requests a minute; go on in {retry_after_seconds} s."
        )
        self.retry_after_seconds = retry_after_seconds


class Unavailable(DomainError):
    """The database or the storage can't be reached, or did not answer in time.

    Whether what was asked for was done is not known: repeat the request.
    """

    code = "INTERNAL"

    def __init__(self, part: Literal["database", "storage"]) -> None:
        super().__init__(f"The {part} does not answer.")
        self.part = part


class StillProcessing(Unavailable):
    """The storage got a task that it may well finish, but not while somebody waits."""
