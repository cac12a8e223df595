"""Counts what graphql-core compares to decide whether fields of one name can be merged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from graphql.validation.rules import overlapping_fields_can_be_merged as rule

# The functions that compare a pair: two fields, fields with a fragment, and two fragments.
PAIRS = (
    "find_conflict",
    "collect_conflicts_between_fields_and_fragment",
    "collect_conflicts_between_fragments",
)


class Comparisons:
    """The number of pairs compared."""

    count = 0


@contextmanager
def compared() -> Iterator[Comparisons]:
    """Count the pairs that are compared within this context."""
    found = Comparisons()
    with pytest.MonkeyPatch.context() as patch:
        for name in PAIRS:
            patch.setattr(rule, name, _counting(getattr(rule, name), found))
        yield found


def _counting(compare: Any, found: Comparisons) -> Any:
    def counted(*args: Any) -> Any:
        found.count += 1
        return compare(*args)

    return counted
