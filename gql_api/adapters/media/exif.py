"""Facts from the EXIF data of images (CIPA DC-008)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple

from PIL import ExifTags, Image

from gql_api.domain.media import CAMERA_MAX_LENGTH

_DATE = re.compile(r"(\d{4}):(\d\d):(\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"[+-]\d\d:\d\d")
_XMP_LOCATION = re.compile(rb"exif:GPSL(?:atitude|ongitude)\b")


class Exif(NamedTuple):
    """What the camera wrote. `orientation` is 1 to 8, 1 for upright."""

    orientation: int = 1
    captured_at: datetime | None = None
    camera: str | None = None
    has_location: bool = False


def read_exif(image: Image.Image) -> Exif:
    """Return the facts of an image; without those that are missing or damaged."""
    in_xmp = _XMP_LOCATION.search(_bytes(image.info.get("xmp"))) is not None
    try:
        tags = image.getexif()
        details = dict(tags.get_ifd(ExifTags.IFD.Exif))
        places = dict(tags.get_ifd(ExifTags.IFD.GPSInfo))
    # The parser raises many kinds of errors for damaged data. The picture can be read without it.
    except Exception:
        return Exif(has_location=in_xmp)
    orientation = tags.get(ExifTags.Base.Orientation)
    return Exif(
        orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1,
        captured_at(
            details.get(ExifTags.Base.DateTimeOriginal),
            details.get(ExifTags.Base.OffsetTimeOriginal),
        ),
        camera(tags.get(ExifTags.Base.Make), tags.get(ExifTags.Base.Model)),
        in_xmp or {ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLongitude} <= places.keys(),
    )


def captured_at(date: object, offset: object) -> datetime | None:
    """Return the time of a date in the form of EXIF, taken as UTC if there is no offset."""
    found = _DATE.match(date) if isinstance(date, str) else None
    if found is None:
        return None
    zone = offset if isinstance(offset, str) and _OFFSET.fullmatch(offset) else "+00:00"
    try:
        local = "{}-{}-{}T{}:{}:{}".format(*found.groups())
        return datetime.fromisoformat(f"{local}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):  # Such as 0000:00:00 00:00:00, of a clock that was not set.
        return None


def camera(make: object, model: object) -> str | None:
    """Return the make and the model of a camera, with the make once; None if both are missing."""
    first, second = _text(make), _text(model)
    name = second if second.lower().startswith(first.lower()) and second else f"{first} {second}"
    return name.strip()[:CAMERA_MAX_LENGTH].strip() or None


def _text(value: object) -> str:
    """Return text in one line, without the NULs and spaces that pad it."""
    text = value if isinstance(value, str) else ""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _bytes(value: object) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    return value if isinstance(value, bytes) else b""
