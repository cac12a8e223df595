"""How commands show sizes and times."""

from __future__ import annotations

from datetime import timedelta


def size_text(size_bytes: int | None) -> str:
    """Return a size with its exact number of bytes; None is no limit."""
    if size_bytes is None:
        return "no limit"
    value, units = float(size_bytes), iter(("bytes", "KiB", "MiB", "GiB", "TiB", "PiB"))
    unit = next(units)
    while value >= 1024 and unit != "PiB":
        value, unit = value / 1024, next(units)
    return f"{size_bytes} bytes" if unit == "bytes" else f"{value:.1f} {unit} ({size_bytes} bytes)"


def age_text(age: timedelta) -> str:
    """Return a duration in days, hours or minutes."""
    minutes = int(age.total_seconds() // 60)
    if minutes >= 2 * 1440:
        return f"{minutes // 1440} days"
    return f"{minutes // 60} h" if minutes >= 120 else f"{minutes} min"
