"""What was derived from a file, as clients see it."""

from datetime import datetime
from enum import Enum
from typing import Self

import strawberry

from gql_api.domain import media as domain
from gql_api.domain.processing import RENDITION_TYPE
from gql_api.schema.scalars import ByteCount, enum_member
from gql_api.services.library import SignedRendition


@strawberry.enum(description="Whether facts and renditions of a file are there yet.")
class ProcessingStatus(Enum):
    """See `domain.processing.ProcessingStatus`."""

    NONE = enum_member("NONE", "Not stored, or nothing is derived from this type or size.")
    PENDING = enum_member("PENDING", "They will be there soon.")
    DONE = enum_member("DONE", "They are there.")
    FAILED = enum_member("FAILED", "The bytes could not be decoded. The file itself is unchanged.")


@strawberry.enum(
    description="The name of a derived file. Both are WebP, upright, without metadata."
)
class RenditionName(Enum):
    """See `domain.media.RenditionName`."""

    THUMBNAIL = enum_member(
        "THUMBNAIL",
        "At most 320 pixels a side. Of a video a frame, of a PDF the first page, of music the "
        "cover.",
    )
    PREVIEW = enum_member("PREVIEW", "At most 1600 pixels a side.")

    def to_domain(self) -> domain.RenditionName:
        """Return the domain's name."""
        return domain.RenditionName(self.value)


@strawberry.type(description="Facts about an image, a video, an audio file or a PDF.")
class Media:
    """See `domain.media.Media`."""

    width: int | None = strawberry.field(description="In pixels as displayed, after rotation.")
    height: int | None = strawberry.field(description="In pixels as displayed, after rotation.")
    duration_seconds: float | None = strawberry.field(description="How long it plays, in seconds.")
    frame_rate: float | None = strawberry.field(description="Average frames per second.")
    video_codec: str | None = strawberry.field(
        description="FFmpeg's name of the video's codec, such as h264."
    )
    audio_codec: str | None = strawberry.field(
        description="FFmpeg's name of the sound's codec, such as aac."
    )
    pages: int | None = strawberry.field(description="The number of pages of a PDF.")
    thumbhash: str | None = strawberry.field(
        description=(
            "About 25 bytes in Base64: a placeholder to show while the thumbnail loads. See "
            "https://evanw.github.io/thumbhash/."
        )
    )
    captured_at: datetime | None = strawberry.field(
        description=(
            "When it was taken. Cameras rarely record a time zone; without one, the local time is "
            "given as if it were UTC."
        )
    )
    camera: str | None = strawberry.field(description="The maker and model of the camera.")
    has_location: bool = strawberry.field(
        description=(
            "Whether the original carries GPS coordinates. Renditions never do, so share those "
            "if the place is private."
        )
    )

    @classmethod
    def of(cls, media: domain.Media) -> Self:
        """Return the facts as clients see them."""
        return cls(**media._asdict())


@strawberry.type(description="A derived file.")
class Rendition:
    """See `domain.processing.StoredRendition`."""

    name: RenditionName = strawberry.field(description="Which one it is.")
    content_type: str = strawberry.field(description="The media type: image/webp.")
    width: int = strawberry.field(description="In pixels.")
    height: int = strawberry.field(description="In pixels.")
    size: ByteCount = strawberry.field(description="In bytes.")
    url: str = strawberry.field(
        description=(
            "A signed URL. It is a secret. While the signing credentials stay the same, so does "
            "the URL, for up to an hour, so that browsers cache it."
        )
    )
    expires_at: datetime = strawberry.field(description="When the URL expires.")

    @classmethod
    def of(cls, signed: SignedRendition) -> Self:
        """Return the rendition as clients see it."""
        rendition, request = signed
        return cls(
            name=RenditionName(rendition.name.value),
            content_type=RENDITION_TYPE,
            width=rendition.width,
            height=rendition.height,
            size=ByteCount(rendition.size_bytes),
            url=request.url,
            expires_at=request.expires_at,
        )
