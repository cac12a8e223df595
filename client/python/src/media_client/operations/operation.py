"""What an operation is, and what the documents share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from media_client.errors import user_error

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Fields = Mapping[str, Any]

UPLOAD = """id filename contentType size checksum { value } tags status statusReason createdAt
storedAt expiresAt"""
ERROR = """... on UserError { code message }"""
TOO_MANY = "... on TooManyAttempts { retryAfterSeconds }"
INVALID = "... on InvalidInput { fields { path message } }"


@dataclass(frozen=True, slots=True)
class Operation(Generic[T_co]):
    """A document, its variables, and the reader of `data`.

    `repeatable`: sending it twice does no harm, so it may be sent again when no answer came.
    `divisible`: it is for several things; where the service fails at all of them, the caller sends
    it for fewer, which is more promising than the same again.
    """

    document: str
    read: Callable[[Fields], T_co]
    variables: Fields = field(default_factory=dict)
    repeatable: bool = True
    needs_token: bool = True
    divisible: bool = False


def utc(time: datetime | None) -> str | None:
    """RFC 3339 in UTC; a time without a zone is local, as everywhere in Python."""
    return None if time is None else time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def result(name: str, read: Callable[[Fields], T]) -> Callable[[Fields], T]:
    """A reader of a result union: the value, or the UserError raised."""

    def read_union(data: Fields) -> T:
        fields = data[name]
        if "code" in fields:
            raise user_error(fields)
        return read(fields)

    return read_union
