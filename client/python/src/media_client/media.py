"""What the service derives from media: facts and renditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

Fields = Mapping[str, Any]


class ProcessingStatus(StrEnum):
    """Whether facts and renditions of an upload are there yet.

    NONE: it is not stored, or nothing is derived from its type. FAILED: its bytes could not be
    decoded; the file itself is unchanged.
    """

    NONE = "NONE"
    PENDING = "PENDING"
    DONE = "DONE"
    FAILED = "FAILED"


class RenditionName(StrEnum):
    """The name of a derived picture: at most 320 or 1600 pixels a side."""

    THUMBNAIL = "THUMBNAIL"
    PREVIEW = "PREVIEW"


@dataclass(frozen=True, slots=True)
class Media:
    """Facts about an image, a video, an audio file or a PDF; None where one does not apply.

    `width` and `height` are in pixels as displayed, after rotation. `captured_at` is the camera's
    local time as if it were UTC if the file does not name the time zone. `thumbhash` is Base64.
    `has_location`: the original carries GPS coordinates; its renditions do not.
    """

    width: int | None
    height: int | None
    duration_seconds: float | None
    frame_rate: float | None
    video_codec: str | None
    audio_codec: str | None
    pages: int | None
    thumbhash: str | None
    captured_at: datetime | None
    camera: str | None
    has_location: bool

    @classmethod
    def of(cls, fields: Fields) -> Media:
        """Read a value from the fields of a response."""
        captured_at = fields["capturedAt"]
        return cls(
            width=fields["width"],
            height=fields["height"],
            duration_seconds=fields["durationSeconds"],
            frame_rate=fields["frameRate"],
            video_codec=fields["videoCodec"],
            audio_codec=fields["audioCodec"],
            pages=fields["pages"],
            thumbhash=fields["thumbhash"],
            captured_at=None if captured_at is None else datetime.fromisoformat(captured_at),
            camera=fields["camera"],
            has_location=fields["hasLocation"],
        )


@dataclass(frozen=True, slots=True)
class Rendition:
    """A derived WebP picture, upright and without metadata. `size` is in bytes.

    Anyone who has the `url` can fetch it until `expires_at`, so it is a secret.
    """

    name: RenditionName
    content_type: str
    width: int
    height: int
    size: int
    url: str = field(repr=False)
    expires_at: datetime

    @classmethod
    def of(cls, fields: Fields) -> Rendition:
        """Read a value from the fields of a response."""
        return cls(
            RenditionName(fields["name"]),
            fields["contentType"],
            fields["width"],
            fields["height"],
            fields["size"],
            fields["url"],
            datetime.fromisoformat(fields["expiresAt"]),
        )
