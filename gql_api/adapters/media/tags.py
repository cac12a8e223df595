"""Facts from the tags of video and audio files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from gql_api.adapters.media.exif import camera

# What the demuxers call the fields of QuickTime (its metadata keys), Android and Matroska.
_DATES = ("com.apple.quicktime.creationdate", "creation_time")
_MAKES = ("com.apple.quicktime.make", "com.android.manufacturer", "make")
_MODELS = ("com.apple.quicktime.model", "com.android.model", "model")
_LOCATIONS = ("location", "com.apple.quicktime.location.iso6709")


def captured_at(tags: Mapping[str, str]) -> datetime | None:
    """Return when the recording was made; the time as UTC if the file names no time zone."""
    for name in _DATES:
        try:
            moment = datetime.fromisoformat(tags.get(name, ""))
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def camera_of(tags: Mapping[str, str]) -> str | None:
    """Return the make and the model of the camera."""
    return camera(_first(tags, _MAKES), _first(tags, _MODELS))


def has_location(tags: Mapping[str, str]) -> bool:
    """Return whether the file says where it was recorded."""
    return any(name.lower().startswith(_LOCATIONS) for name in tags)


def _first(tags: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((tags[name] for name in names if tags.get(name)), None)
