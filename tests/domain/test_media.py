"""Facts as JSON, which may come from anyone."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from gql_api.domain import media
from gql_api.domain.media import Media

FULL = Media(
    width=4032,
    height=3024,
    duration_seconds=1.5,
    frame_rate=29.97,
    video_codec="h264",
    audio_codec="pcm_s16le",
    pages=3,
    thumbhash="XAgOHZhgdndwh4h2iGiIh/GxD/eI",
    captured_at=datetime(2024, 5, 1, 8, 20, 30, tzinfo=UTC),
    camera="Phone Maker P1",
    has_location=True,
)


@pytest.mark.parametrize("facts", [FULL, Media()])
def test_round_trip(facts: Media) -> None:
    assert media.from_json(json.loads(json.dumps(media.to_json(facts)))) == facts


def test_times_become_utc() -> None:
    local = datetime(2024, 5, 1, 10, 20, 30, tzinfo=timezone(timedelta(hours=2)))
    assert media.to_json(FULL._replace(captured_at=local)) == media.to_json(FULL)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("width", 0),
        ("width", 10**9),
        ("width", 1.0),
        ("height", True),
        ("durationSeconds", -1),
        ("durationSeconds", float("nan")),
        ("durationSeconds", float("inf")),
        ("durationSeconds", "1"),
        ("frameRate", True),
        ("videoCodec", ""),
        ("videoCodec", "h264\n"),
        ("audioCodec", ["aac"]),
        ("pages", 0),
        ("thumbhash", "not Base64"),
        ("thumbhash", "AAAA"),
        ("thumbhash", "A" * 80),
        ("capturedAt", "2024-05-01T10:20:30"),
        ("capturedAt", "yesterday"),
        ("capturedAt", 5),
        ("camera", ""),
        ("camera", "a\nb"),
        ("camera", "c" * 101),
        ("hasLocation", None),
        ("hasLocation", 1),
        ("hasLocation", {}),
    ],
)
def test_what_is_not_valid(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"^{name} is not valid: "):
        media.from_json(media.to_json(FULL) | {name: value})


@pytest.mark.parametrize("value", [None, [], "x", {}, {"width": 1}])
def test_other_forms(value: object) -> None:
    with pytest.raises(ValueError, match="not those of this version"):
        media.from_json(value)


def test_more_facts_are_not_valid() -> None:
    with pytest.raises(ValueError, match="not those of this version"):
        media.from_json(media.to_json(FULL) | {"more": 1})


def test_implausible_claims_of_a_file_are_left_out() -> None:
    claimed = FULL._replace(duration_seconds=-5.0, camera="x" * 101, pages=0, frame_rate=1e9)
    left = FULL._replace(duration_seconds=None, camera=None, pages=None, frame_rate=None)
    assert media.plausible(claimed) == left
    assert media.plausible(FULL) == FULL


@pytest.mark.parametrize(("year", "hours"), [(1, 14), (9999, -12)])
def test_a_time_that_utc_does_not_have_is_left_out(year: int, hours: int) -> None:
    month, day, hour = (1, 1, 0) if year == 1 else (12, 31, 23)
    at = datetime(year, month, day, hour, tzinfo=timezone(timedelta(hours=hours)))
    assert media.plausible(FULL._replace(captured_at=at)) == FULL._replace(captured_at=None)
    with pytest.raises(ValueError, match="capturedAt"):
        media.from_json(media.to_json(FULL) | {"capturedAt": at.isoformat()})
