"""How the parts of small and large files share the connections."""

from __future__ import annotations

import threading
from collections import deque
from types import SimpleNamespace
from typing import cast

import pytest

from media_client.transfer.halt import Halt
from media_client.transfer.job import Job
from media_client.transfer.lanes import Lanes, Task

SMALL = cast(Job, SimpleNamespace(part_count=1))
LARGE = cast(Job, SimpleNamespace(part_count=100))


@pytest.mark.parametrize("connections", [1, 2, 4, 16])
def test_small_files_get_half_of_the_connections(connections: int) -> None:
    """A part of a large file takes as long as 100 small ones."""
    lanes = Lanes(connections, Halt(threading.Event()))
    lanes.put(LARGE, range(1, 101))
    lanes.put(SMALL, [1] * 3000)
    in_flight: deque[tuple[int, Task]] = deque()
    sent = {id(SMALL): 0, id(LARGE): 0}
    for now in range(300):
        for end, task in list(in_flight):
            if end <= now:
                in_flight.remove((end, task))
                lanes.end(task)
                sent[id(task[0])] += 1
        while len(in_flight) < connections:
            taken = lanes.take()
            assert taken is not None
            in_flight.append((now + (1 if taken[0] is SMALL else 100), taken))
        large = sum(task[0] is LARGE for _, task in in_flight)
        assert large <= max(1, connections // 2)
    if connections > 1:
        assert sent[id(SMALL)] >= 290 * connections // 2
        assert sent[id(LARGE)] == 2 * (connections // 2)


def test_without_small_files_all_connections_are_for_large_ones() -> None:
    lanes = Lanes(4, Halt(threading.Event()))
    lanes.put(LARGE, range(1, 5))
    assert [lanes.take() for _ in range(5)] == [*((LARGE, number) for number in range(1, 5)), None]
