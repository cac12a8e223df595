from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from gql_api.adapters.mongo.grouping import Grouped
from gql_api.domain.deadline import seconds_left, time_limit
from gql_api.domain.errors import Unavailable


class Answers:
    """Doubles each number once the test releases its group; records the groups."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.gates: list[asyncio.Event] = []
        self.limits: list[float | None] = []

    async def __call__(self, questions: Sequence[int]) -> Sequence[int | BaseException]:
        gate = asyncio.Event()
        self.groups.append(list(questions))
        self.gates.append(gate)
        self.limits.append(seconds_left())
        await gate.wait()
        if 13 in questions:
            raise RuntimeError("all of them")
        return [ValueError(question) if question < 0 else question * 2 for question in questions]

    async def under_way(self, number: int) -> None:
        """Wait until group `number`, counted from 1, is in flight."""
        while len(self.groups) < number:  # noqa: ASYNC110 - yields to the event loop; no time passes.
            await asyncio.sleep(0)


def asked(grouped: Grouped[int, int], *questions: int) -> list[asyncio.Task[int]]:
    return [asyncio.create_task(grouped.ask(question)) for question in questions]


async def test_what_comes_meanwhile_is_asked_together() -> None:
    answers = Answers()
    grouped = Grouped(answers, 100)
    first = asked(grouped, 1)
    await answers.under_way(1)
    others = asked(grouped, 2, 3, 4)
    await asyncio.sleep(0)
    answers.gates[0].set()
    await answers.under_way(2)
    answers.gates[1].set()
    assert await asyncio.gather(*first, *others) == [2, 4, 6, 8]
    assert answers.groups == [[1], [2, 3, 4]]


async def test_a_group_is_no_larger_than_the_most() -> None:
    answers = Answers()
    tasks = asked(Grouped(answers, 2), 1, 2, 3, 4, 5)
    for number in (1, 2, 3):
        await answers.under_way(number)
        answers.gates[-1].set()
    assert await asyncio.gather(*tasks) == [2, 4, 6, 8, 10]
    assert answers.groups == [[1, 2], [3, 4], [5]]


async def test_each_has_its_own_error_or_that_of_the_group() -> None:
    answers = Answers()
    grouped = Grouped(answers, 3)
    tasks = asked(grouped, 1, -1, 2, 13, 3)
    for number in (1, 2):
        await answers.under_way(number)
        answers.gates[-1].set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [
        int,
        ValueError,
        int,
        RuntimeError,
        RuntimeError,
    ]
    again = asked(grouped, 4)
    await answers.under_way(3)
    answers.gates[-1].set()
    assert await again[0] == 8


async def test_a_caller_that_leaves_takes_no_other_with_it() -> None:
    answers = Answers()
    one, other = asked(Grouped(answers, 100), 1, 2)
    await answers.under_way(1)
    one.cancel()
    await asyncio.wait([one])
    answers.gates[0].set()
    assert await other == 4
    assert one.cancelled()
    assert answers.groups == [[1, 2]]


async def test_a_time_limit_is_that_of_its_caller_alone() -> None:
    answers = Answers()
    grouped = Grouped(answers, 100)
    with time_limit(0):
        hurried = asked(grouped, 1)
    patient = asked(grouped, 2)
    with pytest.raises(Unavailable):
        await hurried[0]
    answers.gates[0].set()
    assert await patient[0] == 4
    assert answers.limits == [None]


async def test_a_group_that_hangs_holds_up_no_later_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gql_api.adapters.mongo.grouping._PATIENCE_SECONDS", 0.0)
    answers = Answers()
    grouped = Grouped(answers, 100)
    hanging = asked(grouped, 1)
    await answers.under_way(1)
    [later] = asked(grouped, 2)
    await answers.under_way(2)
    answers.gates[1].set()
    assert await later == 4
    answers.gates[0].set()
    assert await hanging[0] == 2
