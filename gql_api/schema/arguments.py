"""Optional arguments."""

from __future__ import annotations

from typing import TypeVar

import strawberry

T = TypeVar("T")


def given(value: T | None) -> T | None:
    """Return the value of an optional argument; None if it is omitted or null.

    Optional arguments default to `UNSET`, so that the printed schema shows no default.
    """
    return None if value is strawberry.UNSET else value
