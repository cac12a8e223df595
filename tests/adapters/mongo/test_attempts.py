import asyncio
from datetime import timedelta

import pytest

from gql_api.adapters.mongo.database import Database
from tests.accounts import Accounts, accounts_on

FREE = 5


@pytest.fixture
async def accounts(database: Database) -> Accounts:
    return await accounts_on(database)


async def begin(accounts: Accounts, key: str = "key") -> int:
    return await accounts.attempts.begin(key, accounts.clock(), FREE)


async def test_each_attempt_past_the_free_ones_doubles_the_wait(accounts: Accounts) -> None:
    assert [await begin(accounts) for _ in range(FREE)] == [0] * FREE
    for wait in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900):
        assert await begin(accounts) == wait
        accounts.clock.advance(seconds=wait - 0.5)
        assert await begin(accounts) == 1
        accounts.clock.advance(seconds=0.5)
        assert await begin(accounts) == 0


async def test_asking_while_blocked_makes_nothing_worse(accounts: Accounts) -> None:
    for _ in range(FREE):
        await begin(accounts)
    assert [await begin(accounts) for _ in range(10)] == [1] * 10
    accounts.clock.advance(seconds=1)
    assert await begin(accounts) == 0
    assert await begin(accounts) == 2


async def test_of_many_attempts_at_once_the_free_ones_begin(accounts: Accounts) -> None:
    waits = await asyncio.gather(*(begin(accounts) for _ in range(50)))
    assert sorted(waits) == [0] * FREE + [1] * 45


async def test_keys_are_counted_apart(accounts: Accounts) -> None:
    for _ in range(FREE):
        await begin(accounts)
    assert await begin(accounts, "other") == 0


async def test_a_count_is_forgotten_after_an_hour(accounts: Accounts) -> None:
    for _ in range(FREE - 1):
        assert await begin(accounts) == 0
    accounts.clock.advance(seconds=3599)
    assert await begin(accounts) == 0
    assert await begin(accounts) == 1
    accounts.clock.advance(seconds=1)
    assert [await begin(accounts) for _ in range(FREE)] == [0] * FREE


async def test_a_block_is_not_forgotten_with_the_hour(accounts: Accounts) -> None:
    start = accounts.clock()
    while accounts.clock() < start + timedelta(minutes=45):
        accounts.clock.advance(seconds=await begin(accounts))
    # After blocks of 1, 2, … 512, 900 and 900 s, the next block lasts from 2823 s to 3723 s.
    assert await begin(accounts) == 0
    stored = await accounts.database["attempts"].find_one({"_id": "key"})
    assert stored is not None
    assert stored["expires_at"] == stored["blocked_until"] == start + timedelta(seconds=3723)
    accounts.clock.now = start + timedelta(seconds=3610)
    assert await begin(accounts) == 113
    accounts.clock.advance(seconds=113)
    assert [await begin(accounts) for _ in range(FREE)] == [0] * FREE


async def test_clearing_forgets_all(accounts: Accounts) -> None:
    for _ in range(FREE):
        await begin(accounts)
    await accounts.attempts.clear("key")
    assert [await begin(accounts) for _ in range(FREE)] == [0] * FREE


async def test_an_attempt_can_be_taken_back(accounts: Accounts) -> None:
    for _ in range(3 * FREE):
        assert await begin(accounts) == 0
        await accounts.attempts.take_back("key", accounts.clock())
    assert [await begin(accounts) for _ in range(FREE)] == [0] * FREE
    await accounts.attempts.take_back("key", accounts.clock())
    assert await begin(accounts) == 0
    assert await begin(accounts) == 1


async def test_taking_back_what_nobody_began_changes_nothing(accounts: Accounts) -> None:
    await accounts.attempts.take_back("key", accounts.clock())
    assert await accounts.database["attempts"].count_documents({}) == 0
    await begin(accounts)
    for _ in range(3):
        await accounts.attempts.take_back("key", accounts.clock())
    assert [await begin(accounts) for _ in range(FREE)] == [0] * FREE


async def test_the_block_of_another_attempt_is_not_taken_back(accounts: Accounts) -> None:
    began_at = accounts.clock()
    await begin(accounts)
    accounts.clock.advance(seconds=0.1)
    assert [await begin(accounts) for _ in range(FREE - 1)] == [0] * (FREE - 1)
    await accounts.attempts.take_back("key", began_at)
    assert await begin(accounts) > 0


async def test_a_success_is_remembered_for_90_days(accounts: Accounts) -> None:
    assert not await accounts.attempts.remembers("home", accounts.clock())
    await accounts.attempts.remember("home", accounts.clock())
    accounts.clock.advance(days=80)
    assert await accounts.attempts.remembers("home", accounts.clock())
    await accounts.attempts.remember("home", accounts.clock())
    accounts.clock.advance(days=89)
    assert await accounts.attempts.remembers("home", accounts.clock())
    accounts.clock.advance(days=1)
    assert not await accounts.attempts.remembers("home", accounts.clock())
