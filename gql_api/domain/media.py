"""What the service learns from the bytes of images, videos, audio files and PDFs."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from typing import Any, NamedTuple


class RenditionName(Enum):
    """The name of a derived picture."""

    THUMBNAIL = "THUMBNAIL"
    PREVIEW = "PREVIEW"

    @property
    def max_side(self) -> int:
        """The longest side that such a picture may have, in pixels."""
        return 320 if self is RenditionName.THUMBNAIL else 1600

    @property
    def max_bytes(self) -> int:
        """The largest size that such a picture may have. Pictures of noise reach a third of it."""
        return 1024**2 if self is RenditionName.THUMBNAIL else 8 * 1024**2


class Media(NamedTuple):
    """Facts about a file; None where a fact does not apply or is unknown.

    Width and height are as displayed, after rotation. `captured_at` is the camera's local time as
    if it were UTC if the file does not name the time zone.
    """

    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None
    frame_rate: float | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    pages: int | None = None
    thumbhash: str | None = None
    captured_at: datetime | None = None
    camera: str | None = None
    has_location: bool = False


class Rendition(NamedTuple):
    """A WebP picture, upright and without metadata."""

    name: RenditionName
    width: int
    height: int
    data: bytes


class Derived(NamedTuple):
    """What was derived from a file. A file may have facts but no picture, such as most music."""

    media: Media
    renditions: tuple[Rendition, ...] = ()


class Refusal(NamedTuple):
    """Why nothing was derived from a file: one sentence for its owner."""

    reason: str


REASON_MAX_LENGTH = 200
CAMERA_MAX_LENGTH = 100
CODEC_MAX_LENGTH = 32

_NAME = re.compile(rf"[a-z0-9][a-z0-9_.-]{{0,{CODEC_MAX_LENGTH - 1}}}")
# 5 or 6 bytes, and up to 38 coefficients of four bits each.
_THUMBHASH_BYTES = range(5, 26)
_SIDES = range(1, 1_000_001)
_PAGES = range(1, 10_000_001)


def to_json(media: Media) -> dict[str, Any]:
    """Return the facts as JSON has them, under the names of the API."""
    values: dict[str, Any] = dict(zip(_FIELDS, media, strict=True))
    if media.captured_at is not None:
        values["capturedAt"] = media.captured_at.astimezone(UTC).isoformat()
    return values


def from_json(value: object) -> Media:
    """Return the facts that `to_json` wrote. `value` may come from anyone.

    Raises:
        ValueError: a fact is missing, unknown, or not of its type and range.
    """
    if not isinstance(value, dict) or value.keys() != _FIELDS.keys():
        raise ValueError("the facts are not those of this version")
    return Media(*(_checked(name, value[name]) for name in _FIELDS))


def _checked(name: str, value: object) -> Any:
    if value is None and name != "hasLocation":
        return None
    try:
        return _FIELDS[name](value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} is not valid: {error}") from None


def _integer(values: range) -> Callable[[object], int]:
    def check(value: object) -> int:
        if type(value) is not int or value not in values:
            raise ValueError(f"not an integer from {values.start} to {values.stop - 1}")
        return value

    return check


def _number(maximum: float) -> Callable[[object], float]:
    def check(value: object) -> float:
        if type(value) not in (int, float) or not 0 <= value <= maximum:  # type: ignore[operator]
            raise ValueError(f"not a number from 0 to {maximum:.0f}")
        return float(value)  # type: ignore[arg-type]

    return check


def _codec(value: object) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise ValueError("not the name of a codec")
    return value


def _thumbhash(value: object) -> str:
    try:
        size = len(base64.b64decode(value, validate=True)) if isinstance(value, str) else 0
    except binascii.Error:
        size = 0
    if size not in _THUMBHASH_BYTES:
        raise ValueError("not a thumbhash in Base64")
    return str(value)


def _time(value: object) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    if moment is None or moment.tzinfo is None:
        raise ValueError("not a time with a time zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("before the year 1 or after the year 9999") from None


def _camera(value: object) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError("not printable text")
    if not 0 < len(value) <= CAMERA_MAX_LENGTH:
        raise ValueError(f"not 1 to {CAMERA_MAX_LENGTH} characters")
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


# By name in the API, in the order of `Media`: what accepts a value.
_FIELDS: dict[str, Callable[[object], Any]] = {
    "width": _integer(_SIDES),
    "height": _integer(_SIDES),
    "durationSeconds": _number(1e9),
    "frameRate": _number(1e6),
    "videoCodec": _codec,
    "audioCodec": _codec,
    "pages": _integer(_PAGES),
    "thumbhash": _thumbhash,
    "capturedAt": _time,
    "camera": _camera,
    "hasLocation": _truth,
}


def plausible(media: Media) -> Media:
    """Return the facts without those that `from_json` would reject: files may claim anything."""
    try:
        known = to_json(media)
    except OverflowError:  # The time is before the year 1 in UTC, or after the year 9999.
        known = to_json(media._replace(captured_at=None))
    return Media(*(_or_none(name, known[name]) for name in _FIELDS))


def _or_none(name: str, value: object) -> Any:
    try:
        return _checked(name, value)
    except ValueError:
        return None
