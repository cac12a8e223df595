"""What the service derives from images, videos, audio files and PDFs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from media_client.models.fields import Fields, time_of


class ProcessingStatus(StrEnum):
    """Whether the facts and renditions of a file are there yet.

    NONE: the file is not stored, or nothing is derived from files of its type or size. FAILED: the
    bytes could not be decoded; the file itself is unchanged.
    """

    NONE = "NONE"
    PENDING = "PENDING"
    DONE = "DONE"
    FAILED = "FAILED"


class RenditionName(StrEnum):
    """Which picture of a file: THUMBNAIL is at most 320 pixels a side, PREVIEW at most 1600."""

    THUMBNAIL = "THUMBNAIL"
    PREVIEW = "PREVIEW"


@dataclass(frozen=True, slots=True)
class Media:
    """Facts about a file; None where a fact does not apply or is unknown.

    `width` and `height` are in pixels, as displayed after rotation. `thumbhash` is Base64: a
    placeholder to show while the thumbnail loads. `captured_at` is the camera's local time as if it
    were UTC, unless the camera recorded its time zone. `has_location`: the original carries GPS
    coordinates; renditions never do.
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
        return cls(
            width=fields["width"],
            height=fields["height"],
            duration_seconds=fields["durationSeconds"],
            frame_rate=fields["frameRate"],
            video_codec=fields["videoCodec"],
            audio_codec=fields["audioCodec"],
            pages=fields["pages"],
            thumbhash=fields["thumbhash"],
            captured_at=time_of(fields["capturedAt"]),
            camera=fields["camera"],
            has_location=fields["hasLocation"],
        )


@dataclass(frozen=True, slots=True)
class Rendition:
    """A WebP picture derived from a file: upright, without metadata. `size` is in bytes.

    Anyone who has the `url` can fetch the picture until `expires_at`, so it is a secret. It stays
    the same for up to an hour, so that browsers can cache the picture.
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
            name=RenditionName(fields["name"]),
            content_type=fields["contentType"],
            width=fields["width"],
            height=fields["height"],
            size=fields["size"],
            url=fields["url"],
            expires_at=datetime.fromisoformat(fields["expiresAt"]),
        )
