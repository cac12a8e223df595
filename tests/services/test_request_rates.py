"""The limit of requests per user and minute, in one process and in several."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest

from gql_api.adapters.mongo.database import Database
from gql_api.domain.errors import TooManyRequests
from gql_api.services.request_rates import RequestRates
from tests.accounts import Accounts, accounts_on
from tests.api import new_user
from tests.clock import SettableClock

LIMIT = 10


@pytest.fixture
async def accounts(database: Database) -> Accounts:
    """Return the account services, with the clock at the first second of a minute."""
    accounts = await accounts_on(database)
    accounts.clock.advance(seconds=60 - accounts.clock().second)
    return accounts


async def let_through(rates: RequestRates, requests: int, user_id: str = "ada") -> int:
    """Send this many requests; return how many are admitted."""
    refused = 0
    for _ in range(requests):
        try:
            await rates.count(user_id)
        except TooManyRequests:
            refused += 1
    return requests - refused


async def stored(accounts: Accounts) -> list[int]:
    return [document["count"] async for document in accounts.database["attempts"].find()]


async def test_without_a_limit_nothing_is_counted(accounts: Accounts) -> None:
    assert await let_through(accounts.rates(None), 3 * LIMIT) == 3 * LIMIT
    assert await stored(accounts) == []


async def test_a_user_may_send_so_many_in_a_minute_and_again_in_the_next(
    accounts: Accounts,
) -> None:
    rates = accounts.rates(LIMIT)
    assert await let_through(rates, 3 * LIMIT) == LIMIT
    assert await let_through(rates, 3 * LIMIT, "bob") == LIMIT
    accounts.clock.advance(seconds=58)
    assert await let_through(rates, LIMIT) == 0
    accounts.clock.advance(seconds=2)
    assert await let_through(rates, 3 * LIMIT) == LIMIT


async def test_the_refusal_says_how_many_and_until_when(accounts: Accounts) -> None:
    rates = accounts.rates(1)
    await rates.count("ada")
    accounts.clock.advance(seconds=17)
    with pytest.raises(TooManyRequests) as refused:
        await rates.count("ada")
    seconds = refused.value.retry_after_seconds
    assert seconds == 60 - accounts.clock().second
    assert refused.value.message == f"You may send 1 requests per minute; try again in {seconds} s."


async def test_a_process_asks_the_store_once_a_second(accounts: Accounts) -> None:
    rates = accounts.rates(1000)
    await let_through(rates, 5)
    assert await stored(accounts) == [1]
    accounts.clock.advance(seconds=1)
    await let_through(rates, 5)
    assert await stored(accounts) == [6]


async def test_all_processes_together_are_held_to_the_limit(accounts: Accounts) -> None:
    """Together they may exceed the limit by the requests that they receive in one second."""
    processes = [accounts.rates(LIMIT) for _ in range(4)]
    admitted = 0
    for _ in range(20):
        admitted += sum(await asyncio.gather(*(let_through(rates, 1) for rates in processes)))
        accounts.clock.advance(seconds=1)
    assert LIMIT <= admitted <= LIMIT + len(processes)


async def test_many_at_once_are_counted_each(accounts: Accounts) -> None:
    rates = accounts.rates(LIMIT)
    results = await asyncio.gather(*(let_through(rates, 1) for _ in range(50)))
    accounts.clock.advance(seconds=1)
    assert await let_through(rates, 1) == 0
    assert await stored(accounts) == [51]
    assert sum(results) <= LIMIT


async def test_the_counts_of_past_minutes_are_dropped(accounts: Accounts) -> None:
    """The process drops them at its first request of the next minute, MongoDB by a TTL index."""
    rates = accounts.rates(LIMIT)
    await rates.count("ada")
    await rates.count("bob")
    document = await accounts.database["attempts"].find_one()
    assert document is not None
    assert (document["expires_at"] - accounts.clock()).total_seconds() <= 60
    accounts.clock.advance(seconds=60)
    await rates.count("ada")
    assert rates._counts.keys() == {"ada"}


@pytest.mark.settings(USER_REQUESTS_PER_MINUTE="3")
async def test_over_http(client: httpx.AsyncClient, clock: SettableClock) -> None:
    clock.advance(seconds=60 - clock().second)
    ada, bob = await new_user(client), await new_user(client)
    answers = [await ada.post("{ viewer { id } }") for _ in range(4)]
    [*_, refused] = answers
    assert all("errors" not in answer.json() for answer in answers[:3])
    [error] = refused.json()["errors"]
    assert error["extensions"] == {"code": "RATE_LIMITED"}
    assert re.fullmatch(
        r"You may send 3 requests per minute; try again in \d+ s\.", error["message"]
    )
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert "errors" not in (await bob.post("{ viewer { id } }")).json()
    clock.advance(seconds=60)
    assert "errors" not in (await ada.post("{ viewer { id } }")).json()
