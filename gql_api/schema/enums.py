"""Enum values with descriptions."""

from __future__ import annotations

from typing import Any

import strawberry


def value(name: str, description: str) -> Any:
    """A member of a schema enum. Its value is its name, as in the enums of the domain."""
    return strawberry.enum_value(name, description=description)
