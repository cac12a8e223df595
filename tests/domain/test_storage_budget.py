"""The budget of calls to the storage."""

from __future__ import annotations

import asyncio

import pytest

from gql_api.domain.errors import TooManyStorageCalls
from gql_api.domain.storage_budget import count_call, require_calls, storage_budget


def test_without_a_budget_nothing_is_limited() -> None:
    require_calls(10**9)
    count_call()


def test_each_call_counts() -> None:
    with storage_budget(2):
        require_calls(2)
        count_call()
        with pytest.raises(TooManyStorageCalls, match="more than 2 calls"):
            require_calls(2)
        count_call()
        with pytest.raises(TooManyStorageCalls):
            count_call()


async def test_tasks_and_threads_share_the_budget() -> None:
    async def call() -> None:
        count_call()

    with storage_budget(3):
        await asyncio.gather(call(), asyncio.create_task(call()), asyncio.to_thread(count_call))
        with pytest.raises(TooManyStorageCalls):
            count_call()
