"""What the readers of responses share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

Fields = Mapping[str, Any]


def time_of(text: str | None) -> datetime | None:
    """Return the time that a text in a response stands for."""
    return None if text is None else datetime.fromisoformat(text)
