"""Events: what happened to an upload, for those who asked to be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import NamedTuple, Protocol

from gql_api.domain.uploads import Upload, UploadStatus


class UploadEventType(Enum):
    """What happened to an upload. STORED again means that other valid bytes replaced the file."""

    STORED = "STORED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    UPDATED = "UPDATED"
    TRASHED = "TRASHED"
    RESTORED = "RESTORED"
    DELETED = "DELETED"
    PROCESSED = "PROCESSED"


class UploadEvent(NamedTuple):
    """A change of an upload. `upload` is the record, `version` that of this change.

    The record may have changed since: then its version is higher, and a later event says how.
    """

    id: str
    type: UploadEventType
    version: int
    at: datetime
    upload: Upload


class EventSink(Protocol):
    """Takes events that were in an upload's outbox."""

    async def accept(self, events: Sequence[UploadEvent]) -> None:
        """Take responsibility for the events durably.

        The events of one upload come in the order of their versions. An event may come again, with
        the same id, even after later ones.

        Raises:
            Unavailable: it could not.
        """
        ...


def event_id(upload_id: str, version: int) -> str:
    """Return the id of the event: the same each time that it is sent."""
    return f"{upload_id}-{version}"


def type_of(before: UploadStatus, after: UploadStatus) -> UploadEventType:
    """Return the type of the event for a change of status."""
    if before is UploadStatus.TRASHED and after is UploadStatus.STORED:
        return UploadEventType.RESTORED
    return UploadEventType(after.value)
