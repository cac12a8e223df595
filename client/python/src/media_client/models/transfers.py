"""How the bytes of uploads are sent and fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from media_client.models.fields import Fields


class Disposition(StrEnum):
    """What a browser does with a download: display it if possible, or save it."""

    INLINE = "INLINE"
    ATTACHMENT = "ATTACHMENT"


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request that anyone holding it can send until it expires, so the URL is a secret."""

    method: str
    url: str = field(repr=False)
    headers: Sequence[tuple[str, str]]
    expires_at: datetime

    @classmethod
    def of(cls, fields: Fields) -> SignedRequest:
        """Read a value from the fields of a response."""
        return cls(
            fields["method"],
            fields["url"],
            tuple((header["name"], header["value"]) for header in fields["headers"]),
            datetime.fromisoformat(fields["expiresAt"]),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file, and the request that sends it. Numbers start at 1; sizes are in bytes."""

    number: int
    offset: int
    size: int
    request: SignedRequest

    @classmethod
    def of(cls, fields: Fields) -> Part:
        """Read a value from the fields of a response."""
        return cls(fields["number"], fields["offset"], fields["size"], SignedRequest.of(fields))


@dataclass(frozen=True, slots=True)
class Transfer:
    """How a file is split into parts. `part_size` is in bytes.

    `parts` and `received` (part number to size in bytes) are empty unless they were requested.
    """

    part_size: int
    part_count: int
    parts: Sequence[Part] = ()
    received: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, fields: Fields) -> Transfer:
        """Read a value from the fields of a response."""
        return cls(
            fields["partSize"],
            fields["partCount"],
            tuple(Part.of(part) for part in fields.get("parts", ())),
            {part["number"]: part["size"] for part in fields.get("received", ())},
        )
