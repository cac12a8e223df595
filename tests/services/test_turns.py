"""How the steps of a sweep share its time, by a timer that only their work moves."""

from __future__ import annotations

import asyncio

import pytest

from gql_api.services import turns
from gql_api.services.turns import Step, Turn, take_turns


class Job:
    """A step with work for a number of seconds, in batches of one second."""

    def __init__(self, stage: Stage, name: str, work: float) -> None:
        self.stage = stage
        self.name = name
        self.work = work

    async def run(self, turn: Turn) -> None:
        while self.work and turn():
            self.work -= 1
            self.stage.now += 1
            self.stage.done += self.name


class Stage:
    """The time, and which steps have worked: one letter per batch."""

    def __init__(self) -> None:
        self.now = 0.0
        self.done = ""
        self.failed: list[str] = []

    def step(self, name: str, work: float, weight: int = 1) -> Step:
        return Step(name, Job(self, name, work).run, weight)

    async def play(self, seconds: float, *steps: Step) -> str:
        self.done = ""
        await take_turns(
            steps, seconds, lambda: self.now, lambda step, _: self.failed.append(step.name)
        )
        return self.done


ENDLESS = float("inf")


@pytest.fixture
def stage() -> Stage:
    return Stage()


async def test_steps_whose_work_never_ends_share_the_time_by_weight(stage: Stage) -> None:
    steps = [stage.step("d", ENDLESS, 3), stage.step("o", ENDLESS), stage.step("u", ENDLESS, 2)]
    assert await stage.play(12, *steps) == "dddddd" + "oo" + "uuuu"


async def test_time_that_is_left_goes_to_those_with_work(stage: Stage) -> None:
    steps = [stage.step("d", ENDLESS), stage.step("o", 1), stage.step("u", 0)]
    assert await stage.play(12, *steps) == "dddd" + "o" + "ddddddd"
    assert await stage.play(4, stage.step("d", 1), stage.step("o", ENDLESS)) == "dooo"


async def test_without_work_it_ends_early(stage: Stage) -> None:
    assert await stage.play(1000, stage.step("d", 2), stage.step("o", 3)) == "ddooo"
    assert stage.now == 5


async def test_without_time_nothing_begins(stage: Stage) -> None:
    assert await stage.play(0, stage.step("d", 1)) == ""


async def test_a_step_that_fails_leaves_its_time_to_the_others(stage: Stage) -> None:
    async def fail(_: Turn) -> None:
        raise ConnectionError

    steps = [Step("x", fail), stage.step("o", ENDLESS), Step("y", fail)]
    assert await stage.play(6, *steps) == "ooo" + "ooo"
    assert stage.failed == ["x", "y"]


async def test_a_step_that_hangs_is_stopped(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "GRACE_SECONDS", 0)

    async def hang(_: Turn) -> None:
        await asyncio.Event().wait()

    assert await stage.play(0.01, Step("x", hang), stage.step("o", 1)) == "o"
    assert stage.failed == ["x"]
