"""Facts about a file's content, as `media info` shows them."""

from __future__ import annotations

from media_client.models import Media, ProcessingStatus, Upload

_LOCATION = "The file carries GPS coordinates; its renditions do not."


def fact_texts(upload: Upload) -> dict[str, str]:
    """Return what is known about an upload's content by name; "" for what is unknown."""
    return {**_processing(upload), **({} if upload.media is None else _facts(upload.media))}


def _processing(upload: Upload) -> dict[str, str]:
    if upload.processing is ProcessingStatus.NONE:
        return {}
    reason = f": {upload.processing_error}" if upload.processing_error else ""
    return {"Processing": f"{upload.processing}{reason}"}


def _facts(media: Media) -> dict[str, str]:
    has_size = media.width is not None and media.height is not None
    rate = media.frame_rate
    return {
        "Dimensions": f"{media.width} × {media.height} pixels" if has_size else "",
        "Duration": "" if media.duration_seconds is None else _duration(media.duration_seconds),
        "Frame rate": "" if rate is None else f"{rate:.2f}".rstrip("0").rstrip(".") + " per second",
        "Video": media.video_codec or "",
        "Sound": media.audio_codec or "",
        "Pages": "" if media.pages is None else str(media.pages),
        # Without Z: few cameras record a time zone, and then this is their local time.
        "Captured": f"{media.captured_at:%Y-%m-%dT%H:%M:%S}" if media.captured_at else "",
        "Camera": media.camera or "",
        "Location": _LOCATION if media.has_location else "",
    }


def _duration(seconds: float) -> str:
    """Format a duration, such as "0:07.5" or "1:02:03.0"."""
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    end = f"{rest // 10:02}.{rest % 10}"
    return f"{hours}:{minutes:02}:{end}" if hours else f"{minutes}:{end}"
