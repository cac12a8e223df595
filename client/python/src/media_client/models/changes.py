"""The feed of changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from media_client.models.fields import Fields
from media_client.models.uploads import Upload


@dataclass(frozen=True, slots=True)
class ChangedUpload:
    """The last change of an upload. `upload` is None once it is deleted.

    `version` rises with each change of this upload, so the same id and version are the same change.
    """

    id: str
    version: int
    changed_at: datetime
    upload: Upload | None

    @classmethod
    def of(cls, fields: Fields) -> ChangedUpload:
        """Read a value from the fields of a response."""
        return cls(
            fields["id"],
            fields["version"],
            datetime.fromisoformat(fields["changedAt"]),
            Upload.of(fields["upload"]) if fields["upload"] else None,
        )


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """Uploads in the order of their last change.

    `end_cursor` continues after them, now or later; None only if there never was an upload.
    """

    changes: Sequence[ChangedUpload]
    end_cursor: str | None
    has_next: bool

    @classmethod
    def of(cls, fields: Fields) -> ChangesPage:
        """Read a value from the fields of a response."""
        return cls(
            tuple(ChangedUpload.of(node) for node in fields["nodes"]),
            fields["endCursor"],
            fields["hasNextPage"],
        )
