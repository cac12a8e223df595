"""Arguments that may be left out."""

from __future__ import annotations

from typing import TypeVar

import strawberry

T = TypeVar("T")


def given(value: T | None) -> T | None:
    """The value of an optional argument; None where it was left out as where it was null.

    Optional arguments default to `UNSET`, which prints no default into the schema.
    """
    return None if value is strawberry.UNSET else value
