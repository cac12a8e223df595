"""How many senders run at once, with a clock and a line of the test's own."""

from __future__ import annotations

from threading import Event

import pytest

from media_client.errors import Stopped
from media_client.transfer.concurrency import FIRST, Slots


class Line:
    """Moves `per_second` bytes for each of up to `useful` senders."""

    def __init__(self, useful: int) -> None:
        self.useful = useful
        self.now = 0.0
        self.moved = 0

    def run(self, slots: Slots, seconds: float) -> None:
        """Let time pass with all slots taken."""
        for _ in range(int(seconds / 0.05)):
            self.now += 0.05
            self.moved += 1000 * min(self.useful, slots.limit)
            slots.give_back(success=True)
            _take_all(slots)


def _full(line: Line, most: int) -> Slots:
    """Slots that are all taken."""
    slots = Slots(most, lambda: line.moved, lambda: line.now)
    _take_all(slots)
    return slots


def _take_all(slots: Slots) -> None:
    while slots.taken < slots.limit:
        slots.take(Event())


def test_it_doubles_while_that_helps() -> None:
    line = Line(useful=16)
    slots = _full(line, 64)
    assert slots.limit == FIRST
    line.run(slots, 3)
    assert slots.limit >= 32  # The step from 16 to 32 shows that there is no more to gain.


def test_on_a_slow_line_it_stays_low() -> None:
    line = Line(useful=1)
    slots = _full(line, 64)
    line.run(slots, 0.6)
    assert slots.limit <= 2 * FIRST + 2


def test_it_never_passes_what_it_was_given() -> None:
    line = Line(useful=100)
    slots = _full(line, 5)
    line.run(slots, 3)
    assert slots.limit == 5
    assert Slots(1, lambda: 0).limit == 1


def test_refusals_halve_it_once_a_second_and_it_grows_one_by_one() -> None:
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


def test_who_waits_for_a_slot_is_stopped() -> None:
    slots = Slots(1, lambda: 0)
    slots.take(Event())
    stop = Event()
    stop.set()
    with pytest.raises(Stopped):
        slots.take(stop)
