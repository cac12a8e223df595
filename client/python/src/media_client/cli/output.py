"""Results on stdout: aligned tables on a terminal, tab-separated rows or JSON lines otherwise."""

from __future__ import annotations

import dataclasses
import json
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from media_client.cli.streams import can_print, line
from media_client.media import Media
from media_client.models import Upload
from media_client.names import escaped_in_json
from media_client.transfer.source import shown

_WITHOUT_WIDTH = frozenset({"Mn", "Me", "Cf"})  # Marks, and the joiners that names may keep.
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


def size_text(size: float) -> str:
    """Format a size in bytes with a binary unit, such as "1.5 MiB"."""
    for unit in _UNITS:
        if size < 1024 or unit == _UNITS[-1]:
            break
        size /= 1024
    return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"


def time_text(time: datetime | None) -> str:
    """Format a UTC time as ISO 8601, to the second; "" for None."""
    return "" if time is None else time.strftime("%Y-%m-%dT%H:%M:%SZ")


def duration_text(seconds: float) -> str:
    """Format a duration as hours, minutes and seconds, such as "1:02:03" or "0:00.4"."""
    if seconds < 1:
        return f"0:{seconds:04.1f}"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def json_line(value: Any) -> None:
    """Print a value as one line of JSON, in ASCII if stdout's encoding lacks a character."""
    text = escaped_in_json(json.dumps(value, default=_plain, ensure_ascii=False))
    line(text if can_print(text) else json.dumps(value, default=_plain))


def upload_fields(upload: Upload) -> dict[str, Any]:
    """Return the JSON fields of an upload, with the names of the API, without its transfer."""
    return {
        "id": upload.id,
        "filename": upload.filename,
        "contentType": upload.content_type,
        "size": upload.size,
        "checksum": upload.checksum,
        "checksumAlgorithm": upload.checksum_algorithm,
        "tags": list(upload.tags),
        "status": str(upload.status),
        "statusReason": upload.status_reason,
        "createdAt": time_text(upload.created_at),
        "storedAt": time_text(upload.stored_at) or None,
        "expiresAt": time_text(upload.expires_at) or None,
        "trashedAt": time_text(upload.trashed_at) or None,
        "processing": str(upload.processing),
        "processingError": upload.processing_error,
        "media": None if upload.media is None else _media_fields(upload.media),
    }


def _media_fields(media: Media) -> dict[str, Any]:
    return {
        "width": media.width,
        "height": media.height,
        "durationSeconds": media.duration_seconds,
        "frameRate": media.frame_rate,
        "videoCodec": media.video_codec,
        "audioCodec": media.audio_codec,
        "pages": media.pages,
        "thumbhash": media.thumbhash,
        "capturedAt": time_text(media.captured_at) or None,
        "camera": media.camera,
        "hasLocation": media.has_location,
    }


def rows(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """Print a table: aligned, with a header, on a terminal; else tab-separated, without one."""
    if not sys.stdout.isatty():
        for cells in lines:
            row(cells)
        return
    table = [list(heads), *([shown(cell) for cell in cells] for cells in lines)]
    widths = [max(_width(cells[column]) for cells in table) for column in range(len(heads))]
    for cells in table:
        padded = (
            cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)
        )
        line("  ".join(padded).rstrip())


def row(cells: Iterable[str]) -> None:
    """Print one row without a header, for results that are printed one by one."""
    separator = "  " if sys.stdout.isatty() else "\t"
    line(separator.join(shown(cell) for cell in cells))


def pairs(fields: Mapping[str, str]) -> None:
    """Print names and values, one pair per line."""
    width = max(map(len, fields), default=0)
    for name, value in fields.items():
        line(f"{name:<{width}}  {shown(value)}".rstrip())


def _width(text: str) -> int:
    """Return how many terminal columns a text takes."""
    return sum(
        0
        if unicodedata.category(char) in _WITHOUT_WIDTH
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return time_text(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"{type(value).__name__} is not JSON serializable")
