"""Time limits: the seconds that waiting code has left."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from gql_api.domain.deadline import seconds_left, time_limit


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the time of the clock as a list of one number, which the test changes."""
    now = [100.0]
    monkeypatch.setattr("gql_api.domain.deadline.time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def test_without_a_limit_there_is_none() -> None:
    assert seconds_left() is None


def test_time_passes(clock: list[float]) -> None:
    with time_limit(8):
        assert seconds_left() == 8
        clock[0] += 3
        assert seconds_left() == 5
        clock[0] += 30
        assert seconds_left() == 0
    assert seconds_left() is None


@pytest.mark.parametrize(("inner", "left"), [(6, 6), (60, 8)])
def test_the_limit_that_ends_first_counts(clock: list[float], inner: float, left: float) -> None:
    with time_limit(8):
        with time_limit(inner):
            assert seconds_left() == left
        assert seconds_left() == 8


async def test_a_task_takes_the_limit_along(clock: list[float]) -> None:
    async def left() -> float | None:
        return seconds_left()

    with time_limit(8):
        task = asyncio.create_task(left())
        limited = await task
    assert limited == 8
    assert await asyncio.create_task(left()) is None
