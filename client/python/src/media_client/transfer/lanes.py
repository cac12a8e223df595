"""The parts that are waiting to be sent."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence

from media_client.transfer.halt import Halt
from media_client.transfer.job import Job

SMALL_MOST = 128
_POLL_SECONDS = 0.2

Task = tuple[Job, int]


class Lanes:
    """Two queues, for files of one part and for files of several, that share the connections.

    While parts wait in both, each lane gets half of what is in flight: parts of large files take
    much longer, so that if the lanes only took turns, they would soon occupy every connection.
    Within a lane the order is kept, so that a large file is complete as early as possible.
    """

    def __init__(self, jobs: int, halt: Halt) -> None:
        self._large_most = 2 * jobs
        self._halt = halt
        self._small: deque[Task] = deque()
        self._large: deque[Task] = deque()
        self._small_is_next = True
        self._small_in_flight = 0
        self._large_in_flight = 0
        self._closed = False
        lock = threading.Lock()
        self._arrived = threading.Condition(lock)
        self._taken = threading.Condition(lock)

    def put(self, job: Job, numbers: Sequence[int]) -> int:
        """Add parts, even if there is no room. Returns how many parts wait in both lanes."""
        lane = self._small if _is_small(job) else self._large
        with self._arrived:
            lane.extend((job, number) for number in numbers)
            self._arrived.notify(len(numbers))
            return len(self._small) + len(self._large)

    def wait(self) -> bool:
        """Wait until there is a part to take. Returns False once the lanes are closed."""
        with self._arrived:
            while not (self._small or self._large or self._closed):
                self._arrived.wait()
            return not self._closed

    def take(self) -> Task | None:
        """Remove the next part, which is in flight until `end`. None: another thread was faster."""
        with self._arrived:
            if self._closed or not (self._small or self._large):
                return None
            from_small = not self._large or (bool(self._small) and self._is_smalls_turn())
            self._small_is_next = not from_small
            task = (self._small if from_small else self._large).popleft()
            self._count(task, 1)
            self._taken.notify_all()
            return task

    def end(self, task: Task) -> None:
        """Record that a part is no longer in flight."""
        with self._arrived:
            self._count(task, -1)

    def _is_smalls_turn(self) -> bool:
        ahead = self._large_in_flight - self._small_in_flight
        return ahead > 0 or (ahead == 0 and self._small_is_next)

    def _count(self, task: Task, change: int) -> None:
        if _is_small(task[0]):
            self._small_in_flight += change
        else:
            self._large_in_flight += change

    def has_room_for_small(self) -> bool:
        """Whether few small files are waiting."""
        return len(self._small) < SMALL_MOST

    def has_room_for_large(self) -> bool:
        """Whether the senders will soon have taken all parts of the large files."""
        return len(self._large) < self._large_most

    def wait_for(self, room: Callable[[], bool]) -> None:
        """Wait until there is `room`, or the run must end."""
        with self._taken:
            while not (room() or self._halt.is_set()):
                self._taken.wait(_POLL_SECONDS)

    def close(self) -> None:
        """End the waiting. Parts that are left are not sent."""
        with self._arrived:
            self._closed = True
            self._arrived.notify_all()


def _is_small(job: Job) -> bool:
    return job.part_count == 1
