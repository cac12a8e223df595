"""The errors that a caller can act on.

DomainError
├── Failure                  an expected outcome of a mutation: a member of its result union
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
├── RequestError             the request itself is invalid: a top-level error
│   ├── Unauthenticated
│   ├── Forbidden
│   ├── BadUserInput
│   │   └── ResponseTooLarge
│   ├── TooManyRequests
│   └── TooManyStorageCalls
├── UserNotFound             an operator named a user who does not exist
├── WebhookNotFound          an operator named a webhook that does not exist
├── InvalidWebhook           an operator's webhook, or the address of its receiver, is not accepted
├── Unavailable              a temporary outage: a top-level error; the client may retry
│   ├── StillProcessing
│   ├── IssuerUnavailable
│   └── ForeignBucket
└── NotPrepared              an operator must prepare the database: a top-level error
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

if TYPE_CHECKING:
    from gql_api.domain.uploads import Upload, UploadStatus

MISSING_PARTS_MAX = 1000


class DomainError(Exception):
    """The base class. `code` is for programs, `message` for people."""

    code: ClassVar[str]

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Failure(DomainError):
    """An expected outcome of a mutation.

    A service either returns it as a value or raises it; its docstring says which.
    """


class RequestError(DomainError):
    """A request that cannot be answered; `code` is the GraphQL error's `extensions.code`."""


class FieldError(NamedTuple):
    """An invalid field; `path` is the path to it from the root of the input."""

    path: tuple[str, ...]
    message: str


class InvalidInput(Failure):
    """At least one field of the input is invalid; `fields` lists all of them."""

    code = "INVALID_INPUT"

    def __init__(self, fields: Sequence[FieldError]) -> None:
        super().__init__("; ".join(f"{'.'.join(f.path)}: {f.message}" for f in fields))
        self.fields = tuple(fields)


class UsernameTaken(Failure):
    """The username is taken, possibly in different letter case."""

    code = "USERNAME_TAKEN"

    def __init__(self) -> None:
        super().__init__("This username is taken. Choose another one.")


class InvalidCredentials(Failure):
    """Unknown username, wrong password or disabled account; does not reveal which.

    Also if a password is needed and missing.
    """

    code = "INVALID_CREDENTIALS"

    def __init__(self, message: str = "The username or the password is wrong.") -> None:
        super().__init__(message)


class InvalidSession(Failure):
    """The refresh token is unknown, expired or already used."""

    code = "INVALID_SESSION"

    def __init__(self) -> None:
        super().__init__("This session has ended. Log in again.")


class TooManyAttempts(Failure):
    """Throttled; the same request may succeed after `retry_after_seconds`."""

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
    """The file does not fit into the user's remaining quota, or is one upload too many.

    `available_uploads`: how many more uploads the user may have; None if there is no limit.
    """

    code = "QUOTA_EXCEEDED"

    def __init__(
        self, size_bytes: int, available_bytes: int, available_uploads: int | None = None
    ) -> None:
        problem = (
            "You have as many uploads as your quota allows."
            if available_uploads == 0
            else f"The file has {size_bytes} bytes, but only {available_bytes} bytes of your quota "
            "are left."
        )
        super().__init__(f"{problem} Delete uploads or cancel pending ones to make room.")
        self.available_bytes = available_bytes


class ClientTokenReused(Failure):
    """The client token was already used for a file with other properties."""

    code = "CLIENT_TOKEN_REUSED"

    def __init__(self) -> None:
        super().__init__(
            "This clientToken belongs to an earlier request for another file. "
            "Use a new token for each file."
        )


class UploadNotFound(Failure):
    """The owner has no such upload. Does not reveal whether another user has."""

    code = "UPLOAD_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("There is no such upload.")


class UploadIncomplete(Failure):
    """The bucket does not hold all bytes yet.

    `missing_parts`: 1-based part numbers, at most MISSING_PARTS_MAX.
    """

    code = "UPLOAD_INCOMPLETE"

    def __init__(self, missing_parts: Sequence[int], missing_count: int) -> None:
        parts = ", ".join(str(n) for n in missing_parts[:10])
        more = f" and {missing_count - 10} more" if missing_count > 10 else ""
        super().__init__(
            f"The bucket does not hold these parts yet: {parts}{more}. Send them, then complete."
        )
        self.missing_parts = tuple(missing_parts[:MISSING_PARTS_MAX])


class UploadRejected(Failure):
    """The object in the bucket differed from the declaration and was deleted."""

    code = "UPLOAD_REJECTED"

    def __init__(self, upload: Upload) -> None:
        super().__init__(upload.status_reason or "The object differs from the declaration.")
        self.upload = upload


class UploadClosed(Failure):
    """The upload is in a state that does not allow the operation."""

    code = "UPLOAD_CLOSED"

    def __init__(self, status: UploadStatus, message: str | None = None) -> None:
        super().__init__(message or f"This upload is already {status.value.lower()}.")
        self.status = status


class ApiKeyNotFound(Failure):
    """The owner has no such API key. Does not reveal whether another user has."""

    code = "API_KEY_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("There is no such API key.")


TOKEN_ENDED = "The token is no longer valid. Refresh the session or log in."


class Unauthenticated(RequestError):
    """The request requires a signed-in user."""

    code = "UNAUTHENTICATED"

    def __init__(self, message: str = "Sign in first: send `Authorization: Bearer …`.") -> None:
        super().__init__(message)


class Forbidden(RequestError):
    """The sender of the request may not do this."""

    code = "FORBIDDEN"


class BadUserInput(RequestError):
    """An argument is invalid; the message says which, and what would be valid."""

    code = "BAD_USER_INPUT"


class ResponseTooLarge(BadUserInput):
    """The response would be too large, so nothing was done.

    `max_files`: how many of the requested files, from the first on, a response has room for; None
    if the request does not list files. `page`: whether the files are those of a page.
    """

    def __init__(self, max_bytes: int, max_files: int | None = None, *, page: bool = False) -> None:
        if not max_files:
            advice = "Select fewer fields, parts or items."
        elif page:
            advice = (
                f"It has room for {max_files} of these uploads: ask for pages of at most "
                f"{max_files}, as in first: {max_files}, or select fewer fields or parts."
            )
        else:
            advice = (
                f"It has room for {max_files} of these files: send the others in another request, "
                "or select fewer parts."
            )
        super().__init__(f"The response would have more than {max_bytes} bytes. {advice}")
        self.max_files = max_files


class TooManyRequests(RequestError):
    """The user has exceeded the request limit and may retry in `retry_after_seconds`."""

    code = "RATE_LIMITED"

    def __init__(self, per_minute: int, retry_after_seconds: int) -> None:
        super().__init__(
            f"You may send {per_minute} requests per minute; try again in {retry_after_seconds} s."
        )
        self.retry_after_seconds = retry_after_seconds


class TooManyStorageCalls(RequestError):
    """The request has used up its calls to the storage. What it has done so far stays done."""

    code = "QUERY_TOO_COMPLEX"

    def __init__(self, max_calls: int) -> None:
        super().__init__(
            f"This request needs more than {max_calls} calls to the storage. Send it again with "
            "fewer uploads."
        )


class UserNotFound(DomainError):
    """There is no user with this name. For operators only: the API does not reveal this."""

    code = "USER_NOT_FOUND"

    def __init__(self, username: str) -> None:
        super().__init__(f"There is no user {username}.")


class WebhookNotFound(DomainError):
    """There is no webhook with this id. For operators only."""

    code = "WEBHOOK_NOT_FOUND"

    def __init__(self, webhook_id: str) -> None:
        super().__init__(f"There is no webhook {webhook_id}.")


class InvalidWebhook(DomainError):
    """The URL of a webhook, its events, or the address of its receiver breaks a rule."""

    code = "INVALID_WEBHOOK"


class Unavailable(DomainError):
    """The database, the storage or an issuer cannot be reached or did not respond in time.

    The operation may or may not have been carried out: repeat the request.
    """

    code = "INTERNAL"

    def __init__(self, part: Literal["database", "storage", "issuer"]) -> None:
        super().__init__(f"The {part} does not respond.")
        self.part = part


class StillProcessing(Unavailable):
    """The storage needs longer than the client waits. The operation may still succeed."""


class IssuerUnavailable(Unavailable):
    """An issuer was asked for its keys and did not give a usable answer; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__("issuer")
        self.message = reason
        self.args = (self.message,)


class ForeignBucket(Unavailable):
    """The bucket belongs to another database, so a missing object says nothing about an upload."""

    def __init__(self) -> None:
        super().__init__("storage")
        self.message = "The bucket does not carry the identity of this database."
        self.args = (self.message,)


class NotPrepared(DomainError):
    """The database lacks what this release needs. An operator must prepare it."""

    code = "INTERNAL"

    def __init__(self) -> None:
        super().__init__("The database is not prepared: run python -m gql_api.admin prepare.")
