"""The Operation type, and the fragments that the documents share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from media_client.errors import USER_ERRORS, UserError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Fields = Mapping[str, Any]

UPLOAD = """id filename contentType size checksum { algorithm value } tags status statusReason
createdAt storedAt expiresAt trashedAt processing processingError"""
FACTS = f"""{UPLOAD} media {{ width height durationSeconds frameRate videoCodec audioCodec pages
thumbhash capturedAt camera hasLocation }}"""
ERROR = """... on UserError { code message }"""
TOO_MANY = "... on TooManyAttempts { retryAfterSeconds }"
INVALID = "... on InvalidInput { fields { path message } }"


@dataclass(frozen=True, slots=True)
class Operation(Generic[T_co]):
    """A document, its variables, and a function that reads the result from `data`.

    `repeatable`: sending it twice is harmless, so it may be retried after a lost response.
    `divisible`: it covers several items. If the whole batch fails, it is not retried as is: the
    caller splits it, which is more likely to succeed.
    `secret`: its variables hold a password or a refresh token, which need an encrypted connection.
    """

    document: str
    read: Callable[[Fields], T_co]
    variables: Fields = field(default_factory=dict)
    repeatable: bool = True
    needs_token: bool = True
    divisible: bool = False
    secret: bool = False


def utc(time: datetime | None) -> str | None:
    """Format a time as RFC 3339 in UTC. A naive time is in local time, as elsewhere in Python."""
    return None if time is None else time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def user_error(fields: Mapping[str, Any]) -> UserError:
    """Create the exception for a member of a result union; UserError itself for unknown codes."""
    code = fields["code"]
    error = USER_ERRORS.get(code, UserError)(code, fields["message"])
    error.take(fields)
    return error


def result(name: str, read: Callable[[Fields], T]) -> Callable[[Fields], T]:
    """Return a reader for a result union: it returns the value, or raises the UserError."""

    def read_union(data: Fields) -> T:
        fields = data[name]
        if "code" in fields:
            raise user_error(fields)
        return read(fields)

    return read_union


def results(name: str, read: Callable[[Fields], T]) -> Callable[[Fields], Sequence[T | UserError]]:
    """Return a reader for a list of results: a value or a UserError for each, in order."""
    return lambda data: tuple(
        user_error(fields) if "code" in fields else read(fields) for fields in data[name]
    )
