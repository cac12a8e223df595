"""Cursors of the feed: what has been listed, and what may still come before it."""

from __future__ import annotations

import base64
import itertools
import json

import pytest

from gql_api.domain.change_feed import (
    LAG_SECONDS,
    Cursor,
    Place,
    checked_size,
    from_text,
    next_cursor,
    to_text,
)
from gql_api.domain.errors import BadUserInput
from gql_api.domain.ids import new_id
from tests.upload_records import NOW

NOW_SECONDS = 1_900_000_000
OLD = Place(NOW_SECONDS - LAG_SECONDS - 7, 3, new_id(NOW))
NEW = Place(NOW_SECONDS - 1, 1, new_id(NOW))
NEWER = Place(NOW_SECONDS, 2, new_id(NOW))
HORIZON = Place(NOW_SECONDS - LAG_SECONDS, 0, "")


def both(place: Place) -> Cursor:
    return Cursor(place, place)


@pytest.mark.parametrize("more", [False, True])
def test_what_can_no_longer_grow_is_passed(more: bool) -> None:
    assert next_cursor(None, OLD, more, NOW_SECONDS) == both(OLD)
    assert next_cursor(both(OLD._replace(seconds=1)), OLD, more, NOW_SECONDS) == both(OLD)


def test_at_the_end_the_last_changes_are_read_again() -> None:
    assert next_cursor(None, NEW, False, NOW_SECONDS) == both(HORIZON)
    assert next_cursor(both(OLD), NEW, False, NOW_SECONDS) == both(HORIZON)
    assert next_cursor(Cursor(OLD, NEW), NEWER, False, NOW_SECONDS) == both(OLD)


def test_further_pages_go_on_after_the_last_row() -> None:
    assert next_cursor(None, NEW, True, NOW_SECONDS) == Cursor(HORIZON, NEW)
    # What came in between meanwhile was not listed.
    assert next_cursor(Cursor(OLD, NEW), NEWER, True, NOW_SECONDS) == Cursor(OLD, NEWER)


def test_a_reader_that_never_reaches_the_end_begins_again_some_time() -> None:
    late = NOW_SECONDS + 2 * LAG_SECONDS
    newest = Place(late, 1, new_id(NOW))
    assert next_cursor(Cursor(OLD, NEW), newest, True, late) == both(OLD)
    assert next_cursor(both(OLD), NEWER, True, late + 1) == both(NEWER)


def test_no_cursor_goes_back() -> None:
    """Not even if another member of the replica set, whose majority is behind, responds."""
    assert next_cursor(both(HORIZON), NEW, False, NOW_SECONDS - 50) == both(HORIZON)
    assert next_cursor(both(NEW), None, False, NOW_SECONDS) == both(NEW)
    assert next_cursor(None, None, False, NOW_SECONDS) is None


@pytest.mark.parametrize("cursor", [both(OLD), both(HORIZON), Cursor(OLD, NEW)])
def test_cursors_are_read_as_they_were_written(cursor: Cursor) -> None:
    assert from_text(to_text(cursor)) == cursor
    assert len(to_text(cursor)) < 250


def forged(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "ä",
        forged(["CREATED_AT", None, new_id(NOW)]),
        forged(["CHANGES"]),
        forged(["CHANGES", [1, 2]]),
        forged(["CHANGES", [1, True, ""]]),
        forged(["CHANGES", [1.0, 2, ""]]),
        forged(["CHANGES", [-1, 2, ""]]),
        forged(["CHANGES", [2**32, 2, ""]]),
        forged(["CHANGES", [1, 2**32, ""]]),
        forged(["CHANGES", [1, 2, {"$gt": ""}]]),
        forged(["CHANGES", [1, 2, "\ud800"]]),
        forged(["CHANGES", list(NEW), list(OLD)]),
        forged(["CHANGES", *[list(OLD)] * 3]),
        forged({"CHANGES": 1}),
        "W1tbW1tb" * 100_000,
    ],
    ids=itertools.count(),
)
def test_forged_cursors_are_refused(text: str) -> None:
    with pytest.raises(BadUserInput):
        from_text(text)


def test_sizes() -> None:
    assert [checked_size(size) for size in (None, 0, 7, 100)] == [100, 0, 7, 100]
    for size in (-1, 101):
        with pytest.raises(BadUserInput):
            checked_size(size)
