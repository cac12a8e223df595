"""Nothing that was begun with credentials that have ended is alive, in any order of events."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from gql_api import bootstrap
from gql_api.adapters.passwords import Argon2Hasher
from gql_api.container import Container
from gql_api.settings import Settings
from tests.clock import SettableClock
from tests.model.accounts import NAP_SECONDS, User
from tests.random_work import SOAK_FACTOR, generator

ROUNDS = 15 * SOAK_FACTOR
SEED = 10
REACHED = {
    *("log in", "refresh", "reuse", "change the password", "log out", "log out everywhere"),
    *("end a session", "create a key", "revoke a key", "disable"),
}
"""What must have happened at least once."""


@pytest.fixture
async def containers(
    container: Container, settings: Settings, clock: SettableClock
) -> AsyncIterator[Sequence[Container]]:
    """Two simulated processes, which share only the servers."""
    other = bootstrap.build(settings, clock)
    yield [container, other]
    await other.close()


@pytest.fixture
def chance() -> random.Random:
    """The source of all choices and pauses."""
    return generator(SEED)


@pytest.fixture
def slow_hashes(chance: random.Random, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pause after each verification of a password, as on a busy machine, so that much can happen.

    The tests' hasher takes a millisecond, the real one thirty.
    """
    verify = Argon2Hasher.verify

    async def verify_and_pause(self: Argon2Hasher, *arguments: Any) -> tuple[bool, str | None]:
        verified = await verify(self, *arguments)
        await asyncio.sleep(chance.uniform(0, NAP_SECONDS))
        return verified

    monkeypatch.setattr(Argon2Hasher, "verify", verify_and_pause)


@pytest.mark.random
@pytest.mark.usefixtures("slow_hashes")
async def test_nothing_outlives_its_credentials(
    containers: Sequence[Container], clock: SettableClock, chance: random.Random
) -> None:
    users = [User(name, containers, chance) for name in ("ada", "bob")]
    for user in users:
        await user.set_up()
    for _ in range(ROUNDS):
        # Access tokens expire, and the counts of failed logins begin again.
        clock.advance(seconds=3700)
        for user in users:
            await user.prepare()
        await asyncio.gather(*(step() for user in users for step in user.draw()))
        for user in users:
            await user.check()
    done = sum((user.done for user in users), start=Counter[str]())
    print(done)
    assert done.keys() >= REACHED
