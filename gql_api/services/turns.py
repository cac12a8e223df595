"""Turns: how the steps of a sweep share its time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

Timer = Callable[[], float]
"""Returns seconds since any fixed moment, such as `time.monotonic`."""

HasTime = Callable[[], bool]
"""Tells a step whether it may begin another batch; a `Turn` does."""

# How long a step may still take for the batch that it began in time. Longer than the adapters'
# own time limits: three attempts of S3 take at most 18 s.
GRACE_SECONDS = 20


class Turn:
    """A step's part of the time. Calling it tells whether the step may begin another batch."""

    def __init__(self, ends_at: float, timer: Timer) -> None:
        self._ends_at = ends_at
        self._timer = timer
        self.cut_short = False

    def __call__(self) -> bool:
        """Return whether time is left. If not, the step is assumed to have work left."""
        has_time = self.seconds_left() > 0
        self.cut_short |= not has_time
        return has_time

    def seconds_left(self) -> float:
        """Return the seconds until the turn ends; negative afterwards."""
        return self._ends_at - self._timer()


class Step(NamedTuple):
    """A part of a long job. While several have work, each gets time in proportion to its weight.

    `run` works in batches and begins another only while the turn it is called with allows it.
    """

    name: str
    run: Callable[[Turn], Awaitable[None]]
    weight: int = 1


async def take_turns(
    steps: Sequence[Step],
    seconds: float,
    timer: Timer,
    failed: Callable[[Step, Exception], None],
) -> None:
    """Run the steps in order until none has work left, or for `seconds` and one more batch.

    Time that a step does not need goes to the steps after it, then to another round of the steps
    whose turns were too short. A step that raises an error is reported to `failed` and gets no
    further turn; the others run as before.
    """
    ends_at = timer() + seconds
    remaining = list(steps)
    while remaining and timer() < ends_at:
        unfinished = []
        for index, step in enumerate(remaining):
            share = step.weight / sum(later.weight for later in remaining[index:])
            turn = Turn(timer() + (ends_at - timer()) * share, timer)
            try:
                async with asyncio.timeout(max(0, turn.seconds_left()) + GRACE_SECONDS):
                    await step.run(turn)
            except Exception as error:
                failed(step, error)
            else:
                if turn.cut_short:
                    unfinished.append(step)
        remaining = unfinished
