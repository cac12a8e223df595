"""The adaptive concurrency limit, with a simulated clock and network line."""

from __future__ import annotations

from threading import Event

import pytest

from media_client.errors import Stopped
from media_client.transfer.concurrency import FIRST, Slots


class Line:
    """A line whose throughput grows with the number of senders, up to `useful` senders."""

    def __init__(self, useful: int) -> None:
        self.useful = useful
        self.now = 0.0
        self.moved = 0

    def run(self, slots: Slots, seconds: float) -> None:
        """Advance the clock with all slots taken."""
        for _ in range(int(seconds / 0.05)):
            self.now += 0.05
            self.moved += 1000 * min(self.useful, slots.limit)
            slots.give_back(success=True)
            _take_all(slots)


def _full(line: Line, most: int) -> Slots:
    """Create slots and take all of them."""
    slots = Slots(most, lambda: line.moved, lambda: line.now)
    _take_all(slots)
    return slots


def _take_all(slots: Slots) -> None:
    while slots.taken < slots.limit:
        slots.take(Event())


def test_the_limit_doubles_while_that_increases_throughput() -> None:
    line = Line(useful=16)
    slots = _full(line, 64)
    assert slots.limit == FIRST
    line.run(slots, 3)
    assert slots.limit >= 32  # Only the step from 16 to 32 shows that 16 was enough.


def test_the_limit_stays_low_on_a_slow_line() -> None:
    line = Line(useful=1)
    slots = _full(line, 64)
    line.run(slots, 0.6)
    assert slots.limit <= 2 * FIRST + 2


def test_the_limit_never_exceeds_the_maximum() -> None:
    line = Line(useful=100)
    slots = _full(line, 5)
    line.run(slots, 3)
    assert slots.limit == 5
    assert Slots(1, lambda: 0).limit == 1


def test_refusals_halve_the_limit_once_per_second_and_it_grows_one_by_one() -> None:
    line = Line(useful=100)
    slots = _full(line, 4)
    slots.slow_down()
    slots.slow_down()
    assert slots.limit == 2
    line.now += 1
    slots.slow_down()
    assert slots.limit == 1
    slots.give_back(success=True)
    assert slots.limit == 2


def test_waiting_for_a_slot_can_be_stopped() -> None:
    slots = Slots(1, lambda: 0)
    slots.take(Event())
    stop = Event()
    stop.set()
    with pytest.raises(Stopped):
        slots.take(stop)
